package io.evenstock.system;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/**
 * How much of the long proofs is done: all with {@code mvn -Pproof verify}; else a sample, chosen by a seed that is printed.
 * {@code -Devenstock.seed=N} chooses the same again.
 */
final class Proof {
    private static final long SEED = Long.getLong("evenstock.seed", System.nanoTime());
    private static final boolean FULL =
            System.getProperty("evenstock.proof", "").equals("full");

    static {
        say("%s; the same again with -Devenstock.seed=%d".formatted(FULL ? "in full" : "a sample", SEED));
    }

    private Proof() {}

    static boolean full() {
        return FULL;
    }

    /** What a proof does on this run, in an order by the seed. */
    static <T> List<T> chosen(String what, List<T> all, int sample) {
        List<T> shuffled = new ArrayList<>(all);
        Collections.shuffle(shuffled, dice(what));
        return FULL ? shuffled : shuffled.subList(0, Math.min(sample, all.size()));
    }

    /** Of the two that take longest, nodes that die and all other faults, a sample has one. */
    static boolean hasTurn(Longest test) {
        return chosen("the longest", List.of(Longest.values()), 1).contains(test);
    }

    enum Longest {
        NODES,
        FAULTS
    }

    private static Random dice(String what) {
        return new Random(SEED + what.hashCode());
    }

    static void say(String line) {
        System.out.println("[proof] " + line);
    }
}
