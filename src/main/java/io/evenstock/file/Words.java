package io.evenstock.file;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * Eight bytes at a step, as one little-endian long: the first byte is the lowest. A mask has the top bit of each byte that
 * matches, and no other. A search mask, which costs less, is exact up to its first byte; those behind a match may be wrong.
 */
final class Words {

    static final int BYTES = Long.BYTES;

    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final long TOP = 0x8080808080808080L;
    private static final long LOW_SEVEN = ~TOP;
    private static final long ONES = 0x0101010101010101L;
    private static final long BLANKS = 0x2020202020202020L;

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

    /** Search mask of the bytes equal to those of {@code pattern}. */
    static long search(long word, long pattern) {
        long difference = word ^ pattern;
        return (difference - ONES) & ~difference & TOP;
    }

    /** Search mask of the bytes 0x00 to 0x1F. */
    static long searchControl(long word) {
        return (word - BLANKS) & ~word & TOP;
    }

    /** Whether all eight are ASCII. */
    static boolean ascii(long word) {
        return (word & TOP) == 0;
    }

    /** Index, 0 to 7, of the first byte in a mask that is not empty. */
    static int first(long mask) {
        return Long.numberOfTrailingZeros(mask) >>> 3;
    }

    /** Everything in front of the first byte of a mask that is not empty. */
    static long before(long mask) {
        return (mask & -mask) - 1;
    }

    /** The first {@code count} bytes of a word, 1 to 8, the others zero. */
    static long head(long word, int count) {
        return word & (-1L >>> (Long.SIZE - Byte.SIZE * count));
    }
}
