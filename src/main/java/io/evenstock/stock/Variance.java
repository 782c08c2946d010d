package io.evenstock.stock;

import java.util.Collection;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The variance of one cycle. Which of its lines are pending is derived, never stored (R3).
 *
 * @param runId the cycle's reset run
 * @param lines at least those of the pair in question
 */
public record Variance(long runId, Progress progress, Set<Outstanding.Key> lines) {

    /** How far the variance step has come. */
    public enum Progress {
        /** Neither done nor dropped, however late and whatever holds it up. */
        OPEN,
        DONE,
        DROPPED
    }

    /** What the variance of the base's cycle has to do with an outstanding effect. */
    public enum Tag {
        /** Has no line in it, or the variance was dropped: deducted without it. */
        CARRIED,
        /** Its line waits: not in the quantity on hand yet, but withheld. */
        PENDING,
        /** Its line was recorded. */
        RECORDED
    }

    /** Of a base that belongs to no cycle: a feed's run, or none. */
    public static final Variance NONE = new Variance(0, Progress.DROPPED, Set.of());

    public Variance {
        lines = Set.copyOf(lines);
        if (runId == 0 && !lines.isEmpty()) {
            throw new IllegalArgumentException("variance lines without a run: " + lines);
        }
    }

    public static Variance of(long runId, Progress progress, Collection<Outstanding> lines) {
        return new Variance(
                runId, progress, lines.stream().map(Outstanding::key).collect(Collectors.toSet()));
    }

    /** Tells how an effect that is outstanding as of the base counts: its present quantity, whatever the line's was. */
    public Tag tagOf(Outstanding outstanding, Base base) {
        if (runId != base.runId() || !lines.contains(outstanding.key())) {
            return Tag.CARRIED;
        }
        return switch (progress) {
            case OPEN -> Tag.PENDING;
            case DONE -> Tag.RECORDED;
            case DROPPED -> Tag.CARRIED;
        };
    }
}
