package io.evenstock.review;

import io.evenstock.access.Actor;
import io.evenstock.access.Audit;
import io.evenstock.http.ProblemException;
import io.evenstock.settings.Settings;
import io.evenstock.snapshot.SnapshotRun;
import io.evenstock.snapshot.Snapshots;
import jakarta.ejb.Stateless;
import jakarta.inject.Inject;

/** What operators decide of runs, over HTTP or in the console: checked, done and written down in one transaction. */
@Stateless
public class Decisions {
    @Inject
    Snapshots snapshots;

    @Inject
    Settings settings;

    @Inject
    Audit audit;

    /** A run. @throws ProblemException 404 if there is no such run */
    public SnapshotRun run(long runId) {
        return snapshots.find(runId).orElseThrow(() -> ProblemException.notFound("There is no run " + runId));
    }

    /** A held run goes on, or never will. @throws ProblemException 404, or 409 if nobody asks for a decision */
    public SnapshotRun decide(long runId, boolean approve, String reason, Actor actor) {
        SnapshotRun run = run(runId);
        if (!snapshots.awaitsDecision(run)) {
            throw ProblemException.notNow("Run " + runId + " is " + run.state() + " and not held");
        }
        if (!approve && run.state() == SnapshotRun.State.APPLIED) {
            throw ProblemException.notNow("Run " + runId + " is applied; approve what was written, or undo the run");
        }
        SnapshotRun decided = snapshots.decide(runId, approve, reason);
        audit.record(actor, approve ? "run approved" : "run refused", "run " + runId, reason);
        return decided;
    }

    /** Takes an applied run back. @throws ProblemException 404, or 409 if it is not applied or lies too deep (R13) */
    public SnapshotRun undo(long runId, String reason, Actor actor) {
        SnapshotRun run = run(runId);
        if (run.state() != SnapshotRun.State.APPLIED) {
            throw ProblemException.notNow(
                    "Run " + runId + " is " + run.state() + "; only an applied run can be undone");
        }
        if (snapshots.tooDeep(run)) {
            throw ProblemException.notNow("Run " + runId + " lies, or once lay, under " + settings.undoDepth()
                    + " newer ones; only the last " + settings.undoDepth() + " can be undone (evenstock.undo.depth)");
        }
        SnapshotRun undone = snapshots.undo(runId, reason);
        audit.record(actor, "run undone", "run " + runId, reason);
        return undone;
    }
}
