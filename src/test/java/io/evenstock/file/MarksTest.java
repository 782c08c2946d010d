package io.evenstock.file;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Random;
import org.junit.jupiter.api.Test;

class MarksTest {

    @Test
    void answersAsALookAtEveryByteWould() {
        Random random = new Random(1);
        for (int round = 0; round < 2_000; round++) {
            char delimiter = ",;\t".charAt(random.nextInt(3));
            byte[] bytes = bytes(random, random.nextInt(400), delimiter);
            int end = bytes.length - Block.PADDING;
            Marks marks = new Marks(bytes.length);
            marks.mark(bytes, end, Words.of(delimiter));
            for (int from = 0; from <= end; from++) {
                check(marks, bytes, from, delimiter);
            }
        }
    }

    private static void check(Marks marks, byte[] bytes, int from, char delimiter) {
        int stop = from;
        int separators = 0;
        while (bytes[stop] == delimiter || (bytes[stop] != '"' && (bytes[stop] < 0 || bytes[stop] >= ' '))) {
            if (bytes[stop] == delimiter) {
                assertEquals(stop, marks.separator(from, ++separators));
            }
            stop++;
        }
        assertEquals(stop, marks.stop(from));
        assertEquals(separators, marks.passed());
    }

    /** Mostly text, few marks or many, and the padding of quotes behind it. */
    private static byte[] bytes(Random random, int length, char delimiter) {
        StringBuilder text = new StringBuilder();
        int rarity = 4 + random.nextInt(200);
        for (int at = 0; at < length; at++) {
            int kind = random.nextInt(rarity);
            text.append(
                    kind == 0
                            ? "\"\r\n\0\t\u0001".charAt(random.nextInt(6))
                            : kind < 3 ? delimiter : "x !#\u00FF,".charAt(random.nextInt(6)));
        }
        return text.append("\"".repeat(Block.PADDING)).toString().getBytes(ISO_8859_1);
    }

    @Test
    void isMadeAnewForAnotherBlock() {
        Marks marks = new Marks(100);
        byte[] first = ("x".repeat(9) + ",\n" + "\"".repeat(Block.PADDING)).getBytes(ISO_8859_1);
        marks.mark(first, 11, Words.of(','));
        assertEquals(10, marks.stop(0));
        byte[] second = ("y".repeat(20) + ";" + "\"".repeat(Block.PADDING)).getBytes(ISO_8859_1);
        marks.mark(second, 21, Words.of(';'));
        assertEquals(21, marks.stop(0));
        assertEquals(20, marks.separator(0, 1));
    }
}
