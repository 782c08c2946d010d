package io.evenstock.feed;

import io.evenstock.file.MalformedFileException;
import io.evenstock.file.Reject;
import io.evenstock.snapshot.SnapshotCounts;
import java.util.List;

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
}
