package io.evenstock.snapshot;

import java.util.Arrays;

/** Finds a pair's position among the lines: open addressing over primitive arrays, 12 bytes a slot. */
final class PairPositions {
    private static final int NONE = -1;

    private long[] pairs = new long[1 << 11];
    private int[] positions = filled(1 << 11);
    private int size;

    /** Remembers a pair. @return the position under which it was known before, or -1 if it was not */
    int putIfAbsent(int facilityKey, int productKey, int position) {
        if (size * 2 >= pairs.length) {
            grow();
        }
        long pair = (long) facilityKey << 32 | Integer.toUnsignedLong(productKey);
        int slot = slot(pair);
        if (positions[slot] != NONE) {
            return positions[slot];
        }
        pairs[slot] = pair;
        positions[slot] = position;
        size++;
        return NONE;
    }

    private int slot(long pair) {
        int mask = pairs.length - 1;
        int slot = (int) ((pair * 0x9E3779B97F4A7C15L) >>> 33) & mask;
        while (positions[slot] != NONE && pairs[slot] != pair) {
            slot = (slot + 1) & mask;
        }
        return slot;
    }

    private void grow() {
        long[] oldPairs = pairs;
        int[] oldPositions = positions;
        pairs = new long[Math.multiplyExact(oldPairs.length, 2)];
        positions = filled(pairs.length);
        for (int i = 0; i < oldPairs.length; i++) {
            if (oldPositions[i] != NONE) {
                int slot = slot(oldPairs[i]);
                pairs[slot] = oldPairs[i];
                positions[slot] = oldPositions[i];
            }
        }
    }

    private static int[] filled(int length) {
        int[] all = new int[length];
        Arrays.fill(all, NONE);
        return all;
    }
}
