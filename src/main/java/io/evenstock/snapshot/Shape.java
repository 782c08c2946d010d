package io.evenstock.snapshot;

import java.time.Instant;
import java.util.Set;

/**
 * What a run's lines look like from afar.
 *
 * @param lines pairs
 * @param units sum of the quantities
 * @param zeros pairs with quantity 0
 * @param facilities keys of the facilities the lines are of
 */
public record Shape(Instant asOf, long lines, long units, long zeros, Set<Integer> facilities) {
    public Shape {
        facilities = Set.copyOf(facilities);
    }

    /** The share of zeros, 0 to 1. */
    double zeroShare() {
        return lines == 0 ? 0 : zeros / (double) lines;
    }
}
