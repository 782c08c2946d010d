package io.evenstock.file;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * Eight bytes at a step, as one little-endian long: the first byte is the lowest. A mask has the top bit of each byte that
 * matches, and no other.
 */
final class Words {

    static final int BYTES = Long.BYTES;

    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final long TOP = 0x8080808080808080L;
    private static final long LOW_SEVEN = ~TOP;
    private static final long SWAP_QUOTE_AND_BLANK = of('"' ^ ' ');
    private static final long UP_TO_BLANK = of(0x7F - ' ');
    private static final long GATHER = 0x0002040810204081L;

    private Words() {}

    /** The eight bytes from {@code at}, all of which must lie in the array. */
    static long at(byte[] bytes, int at) {
        return (long) LONG.get(bytes, at);
    }

    /** A word of eight times this byte. */
    static long of(int value) {
        return (value & 0xFFL) * 0x0101010101010101L;
    }

    /** Mask of the bytes equal to those of {@code pattern}. */
    static long equal(long word, long pattern) {
        long difference = word ^ pattern;
        return ~(((difference & LOW_SEVEN) + LOW_SEVEN) | difference) & TOP;
    }

    /** Mask of the bytes that are a quote or a control character. Changing places, {@code "} and blank make them one range. */
    static long quoteOrControl(long word) {
        long swapped = word ^ SWAP_QUOTE_AND_BLANK;
        return ~(((swapped & LOW_SEVEN) + UP_TO_BLANK) | swapped) & TOP;
    }

    /** A mask as eight bits, the first byte's lowest. */
    static byte bits(long mask) {
        return (byte) ((mask * GATHER) >>> (Long.SIZE - Byte.SIZE));
    }

    /** Whether all eight are ASCII. */
    static boolean ascii(long word) {
        return (word & TOP) == 0;
    }

    /** The first {@code count} bytes of a word, 1 to 8, the others zero. */
    static long head(long word, int count) {
        return word & (-1L >>> (Long.SIZE - Byte.SIZE * count));
    }
}
