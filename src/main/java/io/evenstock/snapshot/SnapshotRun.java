package io.evenstock.snapshot;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.GeneratedValue;
import jakarta.persistence.GenerationType;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import java.time.LocalDate;
import org.jspecify.annotations.Nullable;

/**
 * One snapshot file on its way into the figures. PREPARED when its file is known; HELD while an operator must decide;
 * APPLIED when its lines are in force; UNDONE when they were taken back; REFUSED when they never will be; ABANDONED when
 * another attempt took its place. The lines of its cycle's variance file are PENDING until they are
 * RECORDED.
 */
@Entity
@Table(name = "snapshot_run")
public class SnapshotRun {
    /** Where a run stands. */
    public enum State {
        PREPARED,
        HELD,
        APPLIED,
        REFUSED,
        ABANDONED,
        UNDONE
    }

    /** Where the variance lines of a nightly run stand. */
    public enum Variance {
        PENDING,
        RECORDED,
        DROPPED
    }

    @Id
    @GeneratedValue(strategy = GenerationType.IDENTITY)
    @Column(name = "run_id")
    private @Nullable Long runId;

    private String kind = "NIGHTLY";

    @Column(name = "business_date", columnDefinition = "date")
    private @Nullable LocalDate businessDate;

    @Column(name = "as_of")
    private Instant asOf;

    @Column(name = "source_name")
    private String sourceName;

    @Column(name = "source_sha256")
    private String sourceSha256;

    @Column(name = "filtered_name")
    private @Nullable String filteredName;

    @Column(name = "filtered_sha256")
    private @Nullable String filteredSha256;

    @Column(name = "variance_name")
    private @Nullable String varianceName;

    @Column(name = "variance_sha256")
    private @Nullable String varianceSha256;

    @Enumerated(EnumType.STRING)
    private State state = State.PREPARED;

    @Enumerated(EnumType.STRING)
    private @Nullable Variance variance;

    private long rows;
    private long lines;
    private long rejects;
    private long stale;
    private long repeats;

    private @Nullable Long bytes;
    private @Nullable Double seconds;

    @Column(name = "variance_at")
    private @Nullable Instant varianceAt;

    private @Nullable String reason;
    private boolean approved;

    @Column(name = "variance_approved")
    private boolean varianceApproved;

    @Column(name = "final")
    private boolean closed;

    @Column(name = "applied_at")
    private @Nullable Instant appliedAt;

    @Column(name = "undone_at")
    private @Nullable Instant undoneAt;

    /** For JPA. */
    @SuppressWarnings("NullAway")
    protected SnapshotRun() {}

    SnapshotRun(LocalDate businessDate, Instant asOf, String sourceName, String sourceSha256) {
        this.businessDate = businessDate;
        this.asOf = asOf;
        this.sourceName = sourceName;
        this.sourceSha256 = sourceSha256;
        this.variance = Variance.PENDING;
    }

    public long runId() {
        if (runId == null) {
            throw new IllegalStateException("The run is not stored yet");
        }
        return runId;
    }

    public String kind() {
        return kind;
    }

    /** What became of its file's rows; all 0 until it is applied. */
    public SnapshotCounts counts() {
        return new SnapshotCounts(rows, lines, repeats, stale, rejects);
    }

    /** Size of its file as it arrived; null: it has not been worked through. */
    public @Nullable Long bytes() {
        return bytes;
    }

    /** How long its file was worked on: a night's by the filter, a feed's until its lines were loaded; null likewise. */
    public @Nullable Double seconds() {
        return seconds;
    }

    public Instant asOf() {
        return asOf;
    }

    public @Nullable LocalDate businessDate() {
        return businessDate;
    }

    public String sourceName() {
        return sourceName;
    }

    public String sourceSha256() {
        return sourceSha256;
    }

    public @Nullable Variance variance() {
        return variance;
    }

    /** Why it is held, refused, approved or undone. */
    public @Nullable String reason() {
        return reason;
    }

    /** Whether an operator has let its reset go on. */
    public boolean approved() {
        return approved;
    }

    /** Whether an operator has let its variance go on. */
    public boolean varianceApproved() {
        return varianceApproved;
    }

    /** Whether it lies, or once lay, under so many newer runs that it cannot be undone (R13). */
    public boolean isFinal() {
        return closed;
    }

    /** When its variance was recorded or dropped; null: neither. */
    public @Nullable Instant varianceAt() {
        return varianceAt;
    }

    public @Nullable Instant appliedAt() {
        return appliedAt;
    }

    public @Nullable Instant undoneAt() {
        return undoneAt;
    }

    public State state() {
        return state;
    }

    public String filteredName() {
        return written(filteredName);
    }

    public String filteredSha256() {
        return written(filteredSha256);
    }

    public String varianceName() {
        return written(varianceName);
    }

    public String varianceSha256() {
        return written(varianceSha256);
    }

    /** Remembers what was written for the steps that read it back. */
    void wrote(WrittenFile filtered, WrittenFile varianceFile) {
        filteredName = filtered.name();
        filteredSha256 = filtered.sha256();
        varianceName = varianceFile.name();
        varianceSha256 = varianceFile.sha256();
    }

    /** From now on its lines are in force. */
    void apply(SnapshotCounts counts, Instant now) {
        require(state == State.PREPARED, "applied");
        state = State.APPLIED;
        appliedAt = now;
        count(counts);
    }

    private void count(SnapshotCounts counts) {
        rows = counts.rows();
        lines = counts.lines();
        rejects = counts.rejects();
        stale = counts.stale();
        repeats = counts.repeats();
    }

    /** From now on its variance lines are deducted. */
    void recordVariance(Instant now) {
        require(state == State.APPLIED && variance == Variance.PENDING, "varied");
        variance = Variance.RECORDED;
        varianceAt = now;
    }

    /** It waits for an operator's decision. */
    void hold(String why, @Nullable SnapshotCounts counts) {
        require(state == State.PREPARED, "held");
        state = State.HELD;
        reason = why;
        if (counts != null) {
            count(counts);
        }
    }

    /** An operator lets it go on: it is not held again. */
    void approve(String why) {
        require(state == State.HELD || state == State.APPLIED, "approved");
        if (state == State.HELD) {
            state = State.PREPARED;
            approved = true;
        } else {
            varianceApproved = true;
        }
        reason = why;
    }

    /** It will never be applied. */
    void refuse(String why) {
        require(state == State.HELD || state == State.PREPARED, "refused");
        state = State.REFUSED;
        reason = why;
    }

    /** Its lines are taken back; the figures are what they would be without it (R13). */
    void undo(String why, Instant now) {
        require(state == State.APPLIED && !closed, "undone");
        state = State.UNDONE;
        undoneAt = now;
        reason = why;
    }

    void abandon() {
        require(state == State.PREPARED, "abandoned");
        state = State.ABANDONED;
    }

    private void require(boolean allowed, String what) {
        if (!allowed) {
            throw new IllegalStateException(
                    "Run " + runId + " cannot be " + what + ": it is " + state + ", its variance " + variance);
        }
    }

    private static String written(@Nullable String value) {
        if (value == null) {
            throw new IllegalStateException("The run's files are not written yet");
        }
        return value;
    }
}
