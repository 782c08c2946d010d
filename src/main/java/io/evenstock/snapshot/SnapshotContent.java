package io.evenstock.snapshot;

import io.evenstock.file.Reject;
import java.util.BitSet;
import java.util.List;

/** A snapshot file, read: its good lines and its rejects. */
public final class SnapshotContent {
    private final Lines lines;
    private final BitSet conflicting;
    private final List<Reject> rejects;
    private final long rows;
    private final long repeats;
    private final long rejected;

    SnapshotContent(Lines lines, BitSet conflicting, List<Reject> rejects, long rows, long repeats, long rejected) {
        this.lines = lines;
        this.conflicting = conflicting;
        this.rejects = rejects;
        this.rows = rows;
        this.repeats = repeats;
        this.rejected = rejected;
    }

    Lines lines() {
        return lines;
    }

    /** Whether the line's pair was refused, because its rows differ. */
    boolean refused(int position) {
        return conflicting.get(position);
    }

    /** The rejects with their reasons; the first of them if there are very many. */
    public List<Reject> rejects() {
        return rejects;
    }

    /** What becomes of the rows if so many lines are stale. */
    public SnapshotCounts counts(long stale) {
        long good = (long) lines.size() - conflicting.cardinality();
        return new SnapshotCounts(rows, good - stale, repeats, stale, rejected);
    }
}
