package io.evenstock.console;

import io.evenstock.access.UserRole;
import io.evenstock.file.Reject;
import io.evenstock.inventory.Preview;
import io.evenstock.inventory.RunChanges;
import io.evenstock.review.Decisions;
import io.evenstock.snapshot.SnapshotRun;
import io.evenstock.snapshot.Snapshots;
import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import jakarta.inject.Named;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One run: its record, what it would do or did, and an operator's decision. */
@Named
@RequestScoped
public class RunPage {
    private static final int REJECTS_SHOWN = 20;
    private static final int PAIRS_SHOWN = 10;

    @Inject
    Decisions decisions;

    @Inject
    Snapshots snapshots;

    @Inject
    Preview preview;

    @Inject
    RunChanges changes;

    @Inject
    Me me;

    @Inject
    Deeds deeds;

    @Inject
    Asked asked;

    private String reason = "";
    private @Nullable SnapshotRun run;

    /** The run's number in the address, or in the form that was sent. */
    public long getId() {
        return asked.number("id").orElse(0L);
    }

    public String getReason() {
        return reason;
    }

    public void setReason(@Nullable String reason) {
        this.reason = reason == null ? "" : reason.strip();
    }

    /** The run that the address names. @throws ProblemException 404, shown as such */
    public SnapshotRun getRun() {
        if (run == null) {
            run = decisions.run(getId());
        }
        return run;
    }

    public boolean isHeld() {
        return getRun().state() == SnapshotRun.State.HELD;
    }

    /** Held itself, or its variance. */
    public boolean isAwaitsDecision() {
        return snapshots.awaitsDecision(getRun());
    }

    /** An applied run whose variance is held can be approved or undone, not refused. */
    public boolean isRefusable() {
        return isHeld();
    }

    public boolean isUndoable() {
        return getRun().state() == SnapshotRun.State.APPLIED && !snapshots.tooDeep(getRun());
    }

    public RunChanges.@Nullable RunChange getChange() {
        return getRun().state() == SnapshotRun.State.APPLIED
                ? changes.of(getId(), getRun().counts().lines()).orElse(null)
                : null;
    }

    public List<Reject> getRejects() {
        return snapshots.rejects(getId(), REJECTS_SHOWN);
    }

    public List<Preview.FacilityEffect> getFacilities() {
        return preview.byFacility(getId());
    }

    public List<Preview.PairEffect> getTopMovers() {
        return preview.topMovers(getId(), PAIRS_SHOWN);
    }

    public List<Preview.PairEffect> getGoingNegative() {
        return preview.goingNegative(getId(), PAIRS_SHOWN);
    }

    public List<String> getLacking() {
        return preview.lacking(getId(), PAIRS_SHOWN);
    }

    public String approve() {
        return done(
                "approved", () -> decisions.decide(getId(), true, deeds.reason(reason), me.require(UserRole.OPERATOR)));
    }

    public String refuse() {
        return done(
                "refused", () -> decisions.decide(getId(), false, deeds.reason(reason), me.require(UserRole.OPERATOR)));
    }

    public String undo() {
        return done("undone", () -> decisions.undo(getId(), deeds.reason(reason), me.require(UserRole.OPERATOR)));
    }

    private String done(String what, Runnable action) {
        return deeds.done("Run " + getId() + " was " + what + ".", "/console/run?id=" + getId(), action);
    }
}
