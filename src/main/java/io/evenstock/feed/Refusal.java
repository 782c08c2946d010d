package io.evenstock.feed;

import io.evenstock.file.MalformedFileException;
import io.evenstock.file.Reject;
import io.evenstock.snapshot.SnapshotContent;
import io.evenstock.snapshot.SnapshotCounts;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Why a file is not applied.
 *
 * @param reason for a person
 * @param rejects what is reported of its rows; of a malformed file, the fault
 * @param counts of its rows
 */
record Refusal(String reason, List<Reject> rejects, SnapshotCounts counts) {
    private static final SnapshotCounts NOTHING = new SnapshotCounts(0, 0, 0, 0, 0);

    Refusal {
        rejects = List.copyOf(rejects);
    }

    static Refusal malformed(MalformedFileException malformed) {
        return new Refusal(
                String.valueOf(malformed.getMessage()),
                List.of(new Reject(malformed.line(), "", "", malformed.reason())),
                NOTHING);
    }

    /** If too few rows are good. */
    static Optional<Refusal> tooFewGood(SnapshotContent content, double least) {
        SnapshotCounts counts = content.counts(0);
        if (counts.goodShare() >= least) {
            return Optional.empty();
        }
        Reject first = content.rejects().get(0);
        String reason = String.format(
                Locale.ROOT,
                "%d of %d rows are refused; at least %.1f %% must be good, so nothing was applied."
                        + " The first: line %d, %s '%s': %s",
                counts.rejects(),
                counts.rows(),
                least * 100,
                first.line(),
                first.column(),
                first.value(),
                first.reason());
        return Optional.of(new Refusal(reason, content.rejects(), counts));
    }

    /** If no row takes effect: none is good, or none is newer than what its pair has (R10). */
    static Optional<Refusal> withoutEffect(SnapshotCounts counts, Instant asOf) {
        if (counts.lines() > 0) {
            return Optional.empty();
        }
        String reason = counts.stale() == 0
                ? "None of the file's " + counts.rows() + " rows is good"
                : "The file is stale: none of its " + counts.rows() + " rows is newer than what its pair has (as of "
                        + asOf + ")";
        return Optional.of(new Refusal(reason, List.of(), counts));
    }
}
