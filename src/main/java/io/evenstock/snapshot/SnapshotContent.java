package io.evenstock.snapshot;

import io.evenstock.file.Reject;
import java.time.Instant;
import java.util.BitSet;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

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

    /** The number of good lines. */
    long good() {
        return (long) lines.size() - conflicting.cardinality();
    }

    /** What the good lines look like from afar. */
    Shape shape(Instant asOf) {
        long units = 0;
        long zeros = 0;
        Set<Integer> facilities = new HashSet<>();
        for (int i = conflicting.nextClearBit(0); i < lines.size(); i = conflicting.nextClearBit(i + 1)) {
            units += lines.quantity(i);
            zeros += lines.quantity(i) == 0 ? 1 : 0;
            facilities.add(lines.facilityKey(i));
        }
        return new Shape(asOf, good(), units, zeros, facilities);
    }

    /**
     * Why the file is refused whole: too few of its rows are good.
     *
     * @param least share of good rows, 0 to 1
     */
    public Optional<String> tooFewGood(double least) {
        SnapshotCounts counts = counts(0);
        if (counts.goodShare() >= least) {
            return Optional.empty();
        }
        Reject first = rejects.get(0);
        return Optional.of(String.format(
                Locale.ROOT,
                "%d of %d rows are refused; at least %.1f %% must be good, so nothing was applied."
                        + " The first: line %d, %s '%s': %s",
                rejected,
                rows,
                least * 100,
                first.line(),
                first.column(),
                first.value(),
                first.reason()));
    }

    /** What becomes of the rows if so many lines are stale. */
    public SnapshotCounts counts(long stale) {
        return new SnapshotCounts(rows, good() - stale, repeats, stale, rejected);
    }
}
