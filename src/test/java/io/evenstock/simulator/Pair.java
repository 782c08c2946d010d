package io.evenstock.simulator;

import java.util.Comparator;

/** A product at a facility, by their external ids: {@code 001-101}, {@code P1}. */
public record Pair(String facility, String product) implements Comparable<Pair> {

    private static final Comparator<Pair> ORDER =
            Comparator.comparing(Pair::facility).thenComparing(Pair::product);

    @Override
    public int compareTo(Pair other) {
        return ORDER.compare(this, other);
    }

    @Override
    public String toString() {
        return product + "@" + facility;
    }
}
