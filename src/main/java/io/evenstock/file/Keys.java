package io.evenstock.file;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * An immutable set of keys as UTF-8 bytes, asked about raw bytes of a file: equal bytes, nothing trimmed or folded. Most
 * misses end at one bit of a map; the others probe an open-addressed table.
 *
 * <p>Memory: the keys' bytes, and 4 bytes a key, 8 to 16 bytes a key of table, 2 to 4 bytes a key of bit map: about 26 MB
 * for 1,000,000 keys of 12 bytes (14 to 24 bytes a key beside its own), and up to three times the keys' bytes while they
 * are built.
 */
public final class Keys {

    private static final int LEAST_FILTER_BITS = 1 << 16;
    private static final int FILTER_BITS_A_KEY = 16;
    private static final int SLOTS_A_KEY = 2;
    private static final int MAX_KEYS = 1 << 26;

    private final byte[] pool;
    private final int[] offsets;
    private final int[] slots;
    private final long[] filter;
    private final int longestBytes;
    private int size;

    private Keys(byte[] pool, int[] offsets) {
        int count = offsets.length - 1;
        this.pool = pool;
        this.offsets = offsets;
        this.slots = new int[powerOfTwo(SLOTS_A_KEY * (count + 1))];
        this.filter = new long[Math.max(LEAST_FILTER_BITS, powerOfTwo(FILTER_BITS_A_KEY * count)) / Long.SIZE];
        int longest = 0;
        for (int key = 0; key < count; key++) {
            insert(key);
            longest = Math.max(longest, offsets[key + 1] - offsets[key]);
        }
        this.longestBytes = longest;
    }

    /** Starts an empty set. */
    public static Builder builder() {
        return new Builder();
    }

    /** Distinct keys. */
    public int size() {
        return size;
    }

    /** Whether this text is one of the keys. */
    public boolean contains(String key) {
        byte[] bytes = key.getBytes(StandardCharsets.UTF_8);
        return contains(Arrays.copyOf(bytes, bytes.length + Words.BYTES), 0, bytes.length);
    }

    /** Bytes of the longest key. */
    int longestBytes() {
        return longestBytes;
    }

    /** Whether these bytes are one of the keys; eight more must lie behind them in the array, whatever they are. */
    boolean contains(byte[] bytes, int from, int to) {
        if (to - from > longestBytes) {
            return false;
        }
        long hash = hash(bytes, from, to);
        return mayContain(hash) && slots[slotOf(hash, bytes, from, to)] != 0;
    }

    private boolean mayContain(long hash) {
        return (filter[filterWord(hash)] & (1L << hash)) != 0;
    }

    private int filterWord(long hash) {
        return (int) (hash >>> 6) & (filter.length - 1);
    }

    private void insert(int key) {
        long hash = hash(pool, offsets[key], offsets[key + 1]);
        int slot = slotOf(hash, pool, offsets[key], offsets[key + 1]);
        if (slots[slot] == 0) {
            slots[slot] = key + 1;
            filter[filterWord(hash)] |= 1L << hash;
            size++;
        }
    }

    /** The slot where these bytes stand, or the empty one where they would. */
    private int slotOf(long hash, byte[] bytes, int from, int to) {
        int slot = (int) (hash >>> 32) & (slots.length - 1);
        while (slots[slot] != 0 && !isAt(slots[slot] - 1, bytes, from, to)) {
            slot = (slot + 1) & (slots.length - 1);
        }
        return slot;
    }

    private boolean isAt(int key, byte[] bytes, int from, int to) {
        return Arrays.equals(pool, offsets[key], offsets[key + 1], bytes, from, to);
    }

    private static long hash(byte[] bytes, int from, int to) {
        long hash = (long) to - from;
        int at = from;
        for (; to - at > Words.BYTES; at += Words.BYTES) {
            hash = mixed(hash ^ Words.at(bytes, at));
        }
        return at == to ? hash : mixed(hash ^ Words.head(Words.at(bytes, at), to - at));
    }

    private static long mixed(long value) {
        long product = value * 0x9E3779B97F4A7C15L;
        return product ^ (product >>> 29);
    }

    private static int powerOfTwo(int least) {
        return Integer.highestOneBit(Math.max(least, 2) - 1) << 1;
    }

    /** Collects keys; each may be added again. */
    public static final class Builder {

        private byte[] pool = new byte[1 << 12];
        private int[] offsets = new int[1 << 8];
        private int count;

        private Builder() {}

        /**
         * Adds a key.
         *
         * @throws IllegalArgumentException an empty key: it would keep every row that has none
         */
        public Builder add(String key) {
            if (key.isEmpty()) {
                throw new IllegalArgumentException("an empty key");
            }
            if (count == MAX_KEYS) {
                throw new IllegalStateException("more than " + MAX_KEYS + " keys");
            }
            append(key.getBytes(StandardCharsets.UTF_8));
            return this;
        }

        /** The set of what was added so far. */
        public Keys build() {
            return new Keys(Arrays.copyOf(pool, offsets[count] + Words.BYTES), Arrays.copyOf(offsets, count + 1));
        }

        private void append(byte[] key) {
            int from = offsets[count];
            int to = Math.addExact(from, key.length);
            if (to > pool.length) {
                pool = Arrays.copyOf(pool, Math.max(to, (int) Math.min(2L * pool.length, Integer.MAX_VALUE - 64)));
            }
            if (count + 1 == offsets.length) {
                offsets = Arrays.copyOf(offsets, 2 * offsets.length);
            }
            System.arraycopy(key, 0, pool, from, key.length);
            offsets[++count] = to;
        }
    }
}
