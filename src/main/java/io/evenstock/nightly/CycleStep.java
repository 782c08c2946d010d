package io.evenstock.nightly;

import jakarta.persistence.CollectionTable;
import jakarta.persistence.Column;
import jakarta.persistence.ElementCollection;
import jakarta.persistence.Embedded;
import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.FetchType;
import jakarta.persistence.Id;
import jakarta.persistence.IdClass;
import jakarta.persistence.JoinColumn;
import jakarta.persistence.OrderColumn;
import jakarta.persistence.Table;
import java.io.Serializable;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One step of one business date's cycle; there is exactly one. PLANNED until it is asked for, WAITING while its turn has
 * not come, RUNNING under the claim of one node, then DONE or FAILED. A claim has a lease and a fencing token: when the
 * lease has run out another node may claim the step, and the first one's token is worth nothing any more.
 */
@Entity
@Table(name = "cycle_step")
@IdClass(CycleStep.Key.class)
public class CycleStep {
    @Id
    @Column(name = "business_date", columnDefinition = "date")
    private LocalDate businessDate;

    @Id
    private String step;

    @Enumerated(EnumType.STRING)
    private StepState state = StepState.PLANNED;

    @Column(name = "run_id")
    private @Nullable Long runId;

    private int attempt;

    private int failures;

    @Column(name = "retry_at")
    private @Nullable Instant retryAt;

    private long fence;

    @Column(name = "claimed_by")
    private @Nullable String claimedBy;

    @Column(name = "lease_until")
    private @Nullable Instant leaseUntil;

    @Column(name = "started_at")
    private @Nullable Instant startedAt;

    @Column(name = "finished_at")
    private @Nullable Instant finishedAt;

    /** When its file was complete: its seconds count from here. */
    @Column(name = "working_since")
    private @Nullable Instant workingSince;

    @Embedded
    private @Nullable Progress progress;

    private @Nullable Long rows;
    private @Nullable Long kept;
    private @Nullable Long rejects;
    private @Nullable Long bytes;
    private @Nullable String reason;

    @Column(name = "lacks_file")
    private boolean lacksFile;

    @ElementCollection(fetch = FetchType.EAGER)
    @CollectionTable(
            name = "cycle_file",
            joinColumns = {
                @JoinColumn(name = "business_date", referencedColumnName = "business_date"),
                @JoinColumn(name = "step", referencedColumnName = "step")
            })
    @OrderColumn(name = "position")
    private List<CycleFile> files = new ArrayList<>();

    /** For JPA. */
    @SuppressWarnings("NullAway")
    protected CycleStep() {}

    CycleStep(LocalDate businessDate, StepName step) {
        this.businessDate = businessDate;
        this.step = step.text();
    }

    public LocalDate businessDate() {
        return businessDate;
    }

    public StepName step() {
        return StepName.of(step).orElseThrow();
    }

    public StepState state() {
        return state;
    }

    public @Nullable Long runId() {
        return runId;
    }

    public int attempt() {
        return attempt;
    }

    /** When it is tried again; null: it is not, or it has not failed. */
    public @Nullable Instant retryAt() {
        return retryAt;
    }

    int failures() {
        return failures;
    }

    long fence() {
        return fence;
    }

    public @Nullable Instant startedAt() {
        return startedAt;
    }

    public @Nullable Instant finishedAt() {
        return finishedAt;
    }

    /** How long it has worked, waiting for its file not counted. */
    public Optional<Duration> duration() {
        Instant from = workingSince == null ? startedAt : workingSince;
        return from == null || finishedAt == null ? Optional.empty() : Optional.of(Duration.between(from, finishedAt));
    }

    /** How far it has got; empty: it is not at a file. */
    public Optional<Progress> progress() {
        return Optional.ofNullable(progress);
    }

    public @Nullable Long rows() {
        return rows;
    }

    public @Nullable Long kept() {
        return kept;
    }

    public @Nullable Long rejects() {
        return rejects;
    }

    public @Nullable Long bytes() {
        return bytes;
    }

    public @Nullable String reason() {
        return reason;
    }

    /** Whether it waits, or has failed, for want of a file that is there as a whole. */
    public boolean lacksFile() {
        return lacksFile;
    }

    public List<CycleFile> files() {
        return List.copyOf(files);
    }

    /** Whether it has never been asked for. What an operator took back is planned, too, and waits for him. */
    boolean unasked() {
        return state == StepState.PLANNED && attempt == 0;
    }

    /** Whether an operator may have it run now. */
    boolean claimable(Instant now) {
        return state == StepState.FAILED || goesOn(now);
    }

    /** Whether it may run now without an operator: what has failed, only when its time to be tried again has come. */
    boolean goesOn(Instant now) {
        return switch (state) {
            case PLANNED, WAITING -> true;
            case RUNNING -> leaseUntil == null || leaseUntil.isBefore(now);
            case FAILED -> retryAt != null && !retryAt.isAfter(now);
            case HELD, DONE, DROPPED -> false;
        };
    }

    /** It is asked for, but its turn has not come. */
    void await(String forWhat) {
        if (state == StepState.PLANNED || state == StepState.WAITING) {
            state = StepState.WAITING;
            reason = forWhat;
        }
    }

    void claim(String node, Instant now, Duration lease) {
        state = StepState.RUNNING;
        attempt++;
        fence++;
        claimedBy = node;
        leaseUntil = now.plus(lease);
        retryAt = null;
        startedAt = now;
        workingSince = null;
        progress = null;
        finishedAt = null;
        rows = null;
        kept = null;
        rejects = null;
        bytes = null;
        reason = null;
        lacksFile = false;
        files.clear();
    }

    /** Whether the claim still holds the step. */
    boolean heldBy(Claim claim) {
        return state == StepState.RUNNING && fence == claim.fence();
    }

    void renew(Instant now, Duration lease) {
        leaseUntil = now.plus(lease);
    }

    /** It has got so far with its file; the first report is its beginning. */
    void report(long doneBytes, long totalBytes, long doneRows, Instant now) {
        if (workingSince == null) {
            workingSince = now;
        }
        progress = new Progress(doneBytes, totalBytes, doneRows, workingSince, now);
    }

    void succeed(StepResult result, Instant now) {
        end(StepState.DONE, now);
        failures = 0;
        runId = result.runId();
        rows = result.rows();
        kept = result.kept();
        rejects = result.rejects();
        bytes = result.bytes();
        reason = result.remark();
        files.addAll(result.files());
    }

    /** It has failed; an operator must see to it. */
    void fail(String why, Instant now) {
        end(StepState.FAILED, now);
        failures = 0;
        reason = why;
    }

    /** It has failed, and is tried again after a while. */
    void failForNow(String why, Instant now, Duration delay) {
        end(StepState.FAILED, now);
        failures++;
        retryAt = now.plus(delay);
        reason = why;
    }

    /** What it has failed for is its file, which has not arrived. */
    void lackFile() {
        lacksFile = true;
    }

    /** Its node goes down in good order: any other may carry it out at once. */
    void release(Instant now) {
        waitAgain("its node was shut down; the next one carries it out", now);
    }

    /** Its file is not there as a whole; it has changed nothing, and goes on by itself when that may have come. */
    void putOff(String why, Instant now) {
        waitAgain(why, now);
        lacksFile = true;
    }

    private void waitAgain(String why, Instant now) {
        end(StepState.WAITING, now);
        finishedAt = null;
        reason = why;
    }

    /** An operator must decide. */
    void hold(@Nullable Long heldRun, String why, Instant now) {
        end(StepState.HELD, now);
        runId = heldRun;
        reason = why;
    }

    /** An operator has decided to go on. */
    void resume() {
        if (state == StepState.HELD) {
            state = StepState.WAITING;
            reason = "approved by an operator";
        }
    }

    /** It is to be done anew. */
    void replan(String why) {
        state = StepState.PLANNED;
        failures = 0;
        retryAt = null;
        runId = null;
        startedAt = null;
        workingSince = null;
        finishedAt = null;
        rows = null;
        kept = null;
        rejects = null;
        bytes = null;
        reason = why;
        lacksFile = false;
        files.clear();
    }

    /** A newer run has left it nothing to do, or has been undone. Who carries it out meanwhile has lost his claim. */
    void drop(boolean dropped) {
        if (dropped && state != StepState.DONE) {
            state = StepState.DROPPED;
            claimedBy = null;
            leaseUntil = null;
            retryAt = null;
            reason = "newer runs cover all pairs of its lines";
        } else if (!dropped && state == StepState.DROPPED) {
            replan("pending again: the run that dropped it was undone");
        }
    }

    private void end(StepState end, Instant now) {
        state = end;
        finishedAt = now;
        progress = null;
        claimedBy = null;
        leaseUntil = null;
        lacksFile = false;
    }

    /** Of a step. */
    public static class Key implements Serializable {
        private static final long serialVersionUID = 1L;

        private LocalDate businessDate = LocalDate.EPOCH;
        private String step = "";

        /** For JPA. */
        public Key() {}

        Key(LocalDate businessDate, StepName step) {
            this.businessDate = businessDate;
            this.step = step.text();
        }

        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof Key key && businessDate.equals(key.businessDate) && step.equals(key.step);
        }

        @Override
        public int hashCode() {
            return Objects.hash(businessDate, step);
        }
    }
}
