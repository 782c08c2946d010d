package io.evenstock.file;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class WordsTest {

    @Test
    void masksAreExactForEveryByteBesideAnyOther() {
        Random random = new Random(1);
        byte[] bytes = new byte[Words.BYTES];
        for (int value = 0; value < 256; value++) {
            for (int round = 0; round < 64; round++) {
                random.nextBytes(bytes);
                int at = round % Words.BYTES;
                bytes[at] = (byte) value;
                bytes[(at + 7) % Words.BYTES] = (byte) (value ^ (round < 32 ? 1 : 0x80));
                check(bytes, value);
            }
        }
    }

    private static void check(byte[] bytes, int value) {
        long word = Words.at(bytes, 0);
        long equal = 0;
        long control = 0;
        boolean ascii = true;
        for (int at = 0; at < Words.BYTES; at++) {
            int one = bytes[at] & 0xFF;
            equal |= one == value ? 0x80L << (8 * at) : 0;
            control |= one < 0x20 ? 0x80L << (8 * at) : 0;
            ascii &= one < 0x80;
        }
        assertEquals(equal, Words.equal(word, Words.of(value)), () -> Arrays.toString(bytes));
        assertEquals(first(equal), first(Words.search(word, Words.of(value))), () -> Arrays.toString(bytes));
        assertEquals(first(control), first(Words.searchControl(word)), () -> Arrays.toString(bytes));
        assertEquals(ascii, Words.ascii(word));
    }

    private static int first(long mask) {
        return mask == 0 ? -1 : Words.first(mask);
    }

    @Test
    void findsTheFirstOfAMaskAndWhatIsBeforeIt() {
        assertEquals(0, Words.first(0x8080L));
        assertEquals(7, Words.first(0x8000000000000000L));
        assertEquals(0x7FFFL, Words.before(0x80008000L));
        assertEquals(0x7FL, Words.before(0x80L));
    }

    @Test
    void cutsAWordToItsFirstBytes() {
        long word = 0x8877665544332211L;
        assertEquals(0x11L, Words.head(word, 1));
        assertEquals(0x77665544332211L, Words.head(word, 7));
        assertEquals(word, Words.head(word, 8));
    }
}
