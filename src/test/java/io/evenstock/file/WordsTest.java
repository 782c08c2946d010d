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
        long stops = 0;
        boolean ascii = true;
        for (int at = 0; at < Words.BYTES; at++) {
            int one = bytes[at] & 0xFF;
            equal |= one == value ? 0x80L << (8 * at) : 0;
            stops |= one < 0x20 || one == '"' ? 0x80L << (8 * at) : 0;
            ascii &= one < 0x80;
        }
        assertEquals(equal, Words.equal(word, Words.of(value)), () -> Arrays.toString(bytes));
        assertEquals(stops, Words.quoteOrControl(word), () -> Arrays.toString(bytes));
        assertEquals(ascii, Words.ascii(word));
    }

    @Test
    void gathersAMaskIntoEightBits() {
        for (int bits = 0; bits < 256; bits++) {
            long mask = 0;
            for (int at = 0; at < Words.BYTES; at++) {
                mask |= (bits >>> at & 1L) << (8 * at + 7);
            }
            assertEquals((byte) bits, Words.bits(mask));
        }
    }

    @Test
    void cutsAWordToItsFirstBytes() {
        long word = 0x8877665544332211L;
        assertEquals(0x11L, Words.head(word, 1));
        assertEquals(0x77665544332211L, Words.head(word, 7));
        assertEquals(word, Words.head(word, 8));
    }
}
