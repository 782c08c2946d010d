package io.evenstock.nightly;

import io.evenstock.database.Sql;
import io.evenstock.http.ProblemException;
import io.evenstock.snapshot.RunDecided;
import io.evenstock.snapshot.RunUndone;
import io.evenstock.snapshot.Snapshots;
import io.evenstock.snapshot.VarianceDropped;
import jakarta.ejb.Stateless;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import jakarta.persistence.EntityManager;
import jakarta.persistence.LockModeType;
import jakarta.persistence.PersistenceContext;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/** What has run, as the database owns it. Times are the database's, whatever a node's clock says. */
@Stateless
public class Cycles {
    static final Duration LEASE = Duration.ofMinutes(2);

    @PersistenceContext(unitName = "evenstock")
    EntityManager entities;

    @Inject
    Sql sql;

    @Inject
    Snapshots snapshots;

    /** Claims a step for a node. @throws ProblemException (409) if its turn has not come, it runs, or it is done */
    public Claim claim(LocalDate businessDate, StepName step, String node) {
        CycleStep found = lock(businessDate, step);
        Optional<String> wait = waitsFor(businessDate, step);
        if (wait.isPresent() && found.state() != StepState.DONE) {
            throw ProblemException.notNow("The " + step.text() + " of " + businessDate + " waits: " + wait.get());
        }
        Instant now = now();
        if (!found.claimable(now)) {
            throw ProblemException.notNow("The " + step.text() + " of " + businessDate + " is " + found.state()
                    + (found.state() == StepState.RUNNING ? " since " + found.startedAt() : ""));
        }
        found.claim(node, now, LEASE);
        return new Claim(businessDate, step, found.fence());
    }

    /** Asks for a step: it is claimed if its turn has come; if not it waits, and says for what. */
    public Optional<Claim> ask(LocalDate businessDate, StepName step, String node) {
        CycleStep found = lock(businessDate, step);
        Optional<String> wait = waitsFor(businessDate, step);
        if (wait.isPresent()) {
            found.await(wait.get());
            return Optional.empty();
        }
        Instant now = now();
        if (!found.claimable(now)) {
            return Optional.empty();
        }
        found.claim(node, now, LEASE);
        return Optional.of(new Claim(businessDate, step, found.fence()));
    }

    /** The step's effect and its end, in one transaction. A claim that was lost meanwhile changes nothing. */
    public void succeed(Claim claim, StepResult result) {
        CycleStep step = lock(claim.businessDate(), claim.step());
        if (!step.heldBy(claim)) {
            throw new IllegalStateException(claim + " was lost to another node; nothing was changed");
        }
        result.effect().run();
        step.succeed(result, now());
    }

    /** The step and its run wait for an operator, unless the claim was lost meanwhile. */
    public void hold(Claim claim, long runId, String reason) {
        CycleStep step = lock(claim.businessDate(), claim.step());
        if (step.heldBy(claim)) {
            if (claim.step() == StepName.RESET) {
                snapshots.hold(runId, reason, null);
            }
            step.hold(runId, reason, now());
        }
    }

    /** An operator has decided: the step that was held goes on, or the night waits for another file. */
    public void decided(@Observes RunDecided decided) {
        LocalDate businessDate = decided.run().businessDate();
        if (businessDate == null) {
            return;
        }
        if (decided.approved()) {
            lock(businessDate, StepName.RESET).resume();
            lock(businessDate, StepName.VARIANCE).resume();
        } else {
            replan(businessDate, "run " + decided.run().runId() + " was refused: " + decided.reason());
        }
    }

    /** A run was taken back: its night's filter, reset and variance are to be done anew (R13). */
    public void undone(@Observes RunUndone undone) {
        LocalDate businessDate = undone.run().businessDate();
        if (businessDate != null) {
            replan(businessDate, "run " + undone.run().runId() + " was undone: " + undone.reason());
        }
    }

    /** A newer run has left a night's variance no line, or was undone. */
    public void dropped(@Observes VarianceDropped variance) {
        lock(variance.businessDate(), StepName.VARIANCE).drop(variance.dropped());
    }

    private void replan(LocalDate businessDate, String why) {
        for (StepName name : List.of(StepName.FILTER, StepName.RESET, StepName.VARIANCE)) {
            CycleStep step = lock(businessDate, name);
            if (step.state() == StepState.RUNNING) {
                throw ProblemException.notNow("The " + name.text() + " of " + businessDate + " is RUNNING");
            }
            step.replan(why);
        }
    }

    /** The step has failed, unless the claim was lost meanwhile. */
    public void fail(Claim claim, String reason) {
        CycleStep step = lock(claim.businessDate(), claim.step());
        if (step.heldBy(claim)) {
            step.fail(reason, now());
        }
    }

    /** Prolongs the leases of what this node carries out. */
    public void renew(Collection<Claim> claims) {
        for (Claim claim : claims) {
            CycleStep step = lock(claim.businessDate(), claim.step());
            if (step.heldBy(claim)) {
                step.renew(now(), LEASE);
            }
        }
    }

    /** Tells how far a step has got, unless the claim was lost meanwhile. */
    public void report(Claim claim, long bytes, long totalBytes, long rows) {
        CycleStep step = lock(claim.businessDate(), claim.step());
        if (step.heldBy(claim)) {
            step.report(bytes, totalBytes, rows, now());
        }
    }

    /** What was asked for and may go on: waiting steps whose turn may have come, and those whose node is gone. */
    public List<CycleStep> unfinished() {
        return entities.createQuery(
                        "select s from CycleStep s where s.state = :waiting or s.state = :running and s.leaseUntil < :now"
                                + " order by s.businessDate",
                        CycleStep.class)
                .setParameter("waiting", StepState.WAITING)
                .setParameter("running", StepState.RUNNING)
                .setParameter("now", now())
                .getResultList();
    }

    /** The steps of a night in their order, planned ones too. */
    public List<CycleStep> steps(LocalDate businessDate) {
        List<CycleStep> steps = new ArrayList<>();
        for (StepName name : StepName.values()) {
            CycleStep found = entities.find(CycleStep.class, new CycleStep.Key(businessDate, name));
            steps.add(found == null ? new CycleStep(businessDate, name) : found);
        }
        return steps;
    }

    /** The newest business dates that have a cycle. */
    public List<LocalDate> dates(int limit) {
        return sql.list(
                "select business_date from cycle order by business_date desc limit ?",
                row -> row.getObject(1, LocalDate.class),
                limit);
    }

    /** The run of the night's filter. */
    public Optional<Long> filterRun(LocalDate businessDate) {
        return Optional.ofNullable(entities.find(CycleStep.class, new CycleStep.Key(businessDate, StepName.FILTER)))
                .filter(step -> step.state() == StepState.DONE)
                .map(CycleStep::runId);
    }

    private CycleStep lock(LocalDate businessDate, StepName name) {
        plan(businessDate);
        return Optional.ofNullable(entities.find(
                        CycleStep.class, new CycleStep.Key(businessDate, name), LockModeType.PESSIMISTIC_WRITE))
                .orElseThrow();
    }

    /** The night with its four steps, if it is new. */
    private void plan(LocalDate businessDate) {
        sql.update("insert into cycle (business_date) values (?) on conflict do nothing", businessDate);
        sql.update("""
                insert into cycle_step (business_date, step, state)
                select ?, step, 'PLANNED' from unnest(array['list', 'filter', 'reset', 'variance']) as s(step)
                on conflict do nothing
                """, businessDate);
    }

    private Optional<String> waitsFor(LocalDate businessDate, StepName name) {
        return name.predecessor().flatMap(before -> {
            CycleStep step = entities.find(CycleStep.class, new CycleStep.Key(businessDate, before));
            return step.state() == StepState.DONE
                    ? Optional.empty()
                    : Optional.of("its " + before.text() + " is " + step.state()
                            + (step.reason() == null ? "" : " (" + step.reason() + ")"));
        });
    }

    private Instant now() {
        return sql.one("select clock_timestamp()", row -> row.getTimestamp(1).toInstant());
    }
}
