package io.evenstock.snapshot;

/**
 * What became of a snapshot file's rows: {@code rows = lines + repeats + stale + rejects}.
 *
 * @param rows data rows read
 * @param lines pairs the run covers
 * @param repeats further rows of a pair with an equal quantity
 * @param stale rows not newer than their pair's base (R10)
 * @param rejects rows refused
 */
public record SnapshotCounts(long rows, long lines, long repeats, long stale, long rejects) {
    /** The share of rows that are good, 0 to 1; 1 of none. */
    public double goodShare() {
        return rows == 0 ? 1 : (rows - rejects) / (double) rows;
    }
}
