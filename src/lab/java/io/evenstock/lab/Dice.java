package io.evenstock.lab;

/**
 * Chance without a state: the same seed, thing and trait always give the same number, in whatever order they are
 * asked for. So one row of a big file can be known without making the rows before it.
 */
final class Dice {

    private static final long GOLDEN = 0x9E3779B97F4A7C15L;

    private final long seed;

    Dice(long seed) {
        this.seed = mixed(seed + GOLDEN);
    }

    /** 64 even bits. */
    long bits(long thing, int trait) {
        return mixed(mixed(seed + thing * GOLDEN) + trait * GOLDEN);
    }

    /** A number from 0 to below the bound. */
    int below(int bound, long thing, int trait) {
        return (int) Long.remainderUnsigned(bits(thing, trait), bound);
    }

    /** A number from 0 to below the bound that shares no factor with it: its multiples meet every number once. */
    long step(long bound, int trait) {
        long step = Long.remainderUnsigned(bits(0, trait), bound);
        while (divisor(step, bound) != 1) {
            step = step == 0 ? 1 : (step + 1) % bound;
        }
        return step;
    }

    private static long divisor(long a, long b) {
        return b == 0 ? a : divisor(b, a % b);
    }

    /** The finalizer of SplitMix64. */
    private static long mixed(long value) {
        long z = (value ^ (value >>> 30)) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
        return z ^ (z >>> 31);
    }
}
