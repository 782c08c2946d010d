package io.evenstock.stock;

import java.time.Instant;
import java.util.Collection;

/**
 * A pair's line of an applied run; the one with the greatest as-of is the pair's base.
 *
 * @param runId the run the line came with, also after it was carried forward; 0 only for {@link #NONE}
 * @param asOf T0, when the file was true
 * @param quantity the file's quantity in units, may be negative
 */
public record Base(long runId, Instant asOf, int quantity) {

    /** The base of a pair that no run covers: 0 units, before all times. */
    public static final Base NONE = new Base(0, Instant.MIN, 0);

    /**
     * Chooses the base among a pair's lines. Of two as of one moment the later one is not newer (R10): the run that was
     * applied first keeps the pair.
     *
     * @param linesOfAppliedRuns in the order in which the runs were applied
     */
    public static Base among(Collection<Base> linesOfAppliedRuns) {
        Base newest = NONE;
        for (Base line : linesOfAppliedRuns) {
            newest = newest.supersededBy(line.asOf) ? line : newest;
        }
        return newest;
    }

    public boolean covered() {
        return runId != 0;
    }

    /** Whether a row as of this moment replaces the base; if not, it is stale, skipped and counted (R10). */
    public boolean supersededBy(Instant rowAsOf) {
        return rowAsOf.isAfter(asOf);
    }
}
