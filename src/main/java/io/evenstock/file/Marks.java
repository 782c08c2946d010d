package io.evenstock.file;

/**
 * A block at a glance, one bit a byte: where a delimiter stands, and where something else that may end a field, a
 * <em>stop</em>, which is a quote or a control character.
 *
 * <pre>
 * bytes       7 , " a , b " , 9 LF 8 , 1 LF
 * separators  . 1 . . 1 . . 1 . .  . 1 . .
 * stops       . . 1 . . . 1 . . 1  . . . 1
 * </pre>
 *
 * <p>They are made for the whole block in one pass without a branch, eight bytes at a step. All questions are answered from
 * them by windows of 64 bits, so a record costs a few steps whatever its fields hold.
 */
final class Marks {

    private static final int MOST_OFF_GROUP = Byte.SIZE - 1;

    private final byte[] separators;
    private final byte[] stops;
    private int passed;

    /** For blocks of so many bytes, with what may be read behind them. */
    Marks(int bytes) {
        int groups = bytes / Byte.SIZE + 1;
        separators = new byte[groups + Long.BYTES];
        stops = new byte[groups + Long.BYTES];
    }

    /** Marks the bytes in front of {@code end} and the one at it; seven more must lie behind that in the array. */
    void mark(byte[] bytes, int end, long delimiters) {
        byte[] separatorBits = separators;
        byte[] stopBits = stops;
        int last = end >>> 3;
        for (int group = 0; group <= last; group++) {
            long word = Words.at(bytes, group << 3);
            long separator = Words.equal(word, delimiters);
            long stop = Words.quoteOrControl(word) & ~separator;
            separatorBits[group] = Words.bits(separator);
            stopBits[group] = Words.bits(stop);
        }
    }

    /** Index of the first stop from here on; there must be one. The separators passed on the way are counted. */
    int stop(int from) {
        int group = from >>> 3;
        long stop = Words.at(stops, group) & from(from);
        long separator = Words.at(separators, group) & from(from);
        int count = 0;
        while (stop == 0) {
            count += Long.bitCount(separator);
            group += Long.BYTES;
            stop = Words.at(stops, group);
            separator = Words.at(separators, group);
        }
        passed = count + Long.bitCount(separator & (stop - 1) & ~stop);
        return index(group, stop);
    }

    /** How many separators the last search for a stop has passed. */
    int passed() {
        return passed;
    }

    /** Index of the {@code ordinal}-th separator, from 1, from here on; there must be as many. */
    int separator(int from, int ordinal) {
        int group = from >>> 3;
        long window = Words.at(separators, group) & from(from);
        int left = ordinal;
        int found = Long.bitCount(window);
        while (found < left) {
            left -= found;
            group += Long.BYTES;
            window = Words.at(separators, group);
            found = Long.bitCount(window);
        }
        for (; left > 1; left--) {
            window &= window - 1;
        }
        return index(group, window);
    }

    private static long from(int index) {
        return -1L << (index & MOST_OFF_GROUP);
    }

    private static int index(int group, long window) {
        return (group << 3) + Long.numberOfTrailingZeros(window);
    }
}
