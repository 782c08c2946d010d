package io.evenstock.snapshot;

import java.time.Instant;
import java.util.Optional;

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

    /** Why the file changes nothing: no row is good, or none is newer than what its pair has (R10). */
    public Optional<String> withoutEffect(Instant asOf) {
        if (lines > 0) {
            return Optional.empty();
        }
        return Optional.of(
                stale == 0
                        ? "None of the file's " + rows + " rows is good"
                        : "The file is stale: none of its " + rows + " rows is newer than what its pair has (as of "
                                + asOf + ")");
    }
}
