package io.evenstock.nightly;

import io.evenstock.access.Actor;
import io.evenstock.access.Audit;
import io.evenstock.database.Sql;
import io.evenstock.http.ProblemException;
import io.evenstock.settings.Settings;
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
    /** A node that is gone is replaced after so long; each tick, all ten seconds, prolongs it. */
    static final Duration LEASE = Duration.ofSeconds(40);

    @PersistenceContext(unitName = "evenstock")
    EntityManager entities;

    @Inject
    Sql sql;

    @Inject
    Snapshots snapshots;

    @Inject
    TimerPauses pauses;

    @Inject
    Settings settings;

    @Inject
    Audit audit;

    /** Claims a step for a node, as somebody has asked for. @throws ProblemException (409) as below */
    public Claim claim(LocalDate businessDate, StepName step, String node, Actor by) {
        Claim claim = claim(businessDate, step, node);
        audit.record(by, "step run now", step.text() + " of " + businessDate, null);
        return claim;
    }

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

    /**
     * Asks for a step: it is claimed if its turn has come; if not it waits, and says for what. What is done, or must be
     * seen to by an operator, stays as it is; so does what is planned while its timer is paused.
     */
    public Optional<Claim> ask(LocalDate businessDate, StepName step, String node) {
        CycleStep found = lock(businessDate, step);
        Instant now = now();
        if (!found.goesOn(now)) {
            return Optional.empty();
        }
        Optional<String> paused = pauses.of(step).map(TimerPause::words);
        if (paused.isPresent() && found.state() == StepState.PLANNED) {
            return Optional.empty();
        }
        Optional<String> wait = paused.or(() -> notYet(businessDate, step, now))
                .or(() -> waitsFor(businessDate, step))
                .or(() -> found.attempt() == 0 ? nightBefore(businessDate) : Optional.empty());
        if (wait.isPresent()) {
            found.await(wait.get());
            return Optional.empty();
        }
        found.claim(node, now, LEASE);
        return Optional.of(new Claim(businessDate, step, found.fence()));
    }

    /** A node's clock may be ahead; the database's decides. */
    private Optional<String> notYet(LocalDate businessDate, StepName step, Instant now) {
        Instant due = new BusinessCalendar(settings).due(businessDate, step);
        return due.isAfter(now) ? Optional.of("its time, " + due) : Optional.empty();
    }

    /**
     * Nights go one after the other. One that has failed, waits for a file or needs an operator holds up no other; nor is a
     * step held up that has begun before, say one that an operator has approved.
     */
    private Optional<String> nightBefore(LocalDate businessDate) {
        return sql.first(
                """
                select s.business_date, s.step, s.state
                from cycle_step s
                left join cycle_step before on before.business_date = s.business_date and before.step
                     = case s.step when 'filter' then 'list' when 'reset' then 'filter' when 'variance' then 'reset' end
                where s.business_date < ?
                  and (s.state = 'RUNNING' or s.state = 'WAITING' and s.attempt = 0 and coalesce(before.state, 'DONE') = 'DONE')
                order by s.business_date limit 1
                """,
                row -> "the night of %s goes first: its %s is %s"
                        .formatted(row.getString(1), row.getString(2), row.getString(3)),
                businessDate);
    }

    /** Begins the night's run, unless the claim was lost meanwhile: a late node must not put another's run aside. */
    public long prepare(Claim claim, Instant asOf, String sourceName, String sourceSha256) {
        requireHeld(claim);
        return snapshots.prepare(claim.businessDate(), asOf, sourceName, sourceSha256);
    }

    /** Something lasting of a step that is not its end. A claim that was lost meanwhile changes nothing. */
    public void whileHeld(Claim claim, Runnable effect) {
        requireHeld(claim);
        effect.run();
    }

    private CycleStep requireHeld(Claim claim) {
        CycleStep step = lock(claim.businessDate(), claim.step());
        if (!step.heldBy(claim)) {
            throw new IllegalStateException(claim + " was lost to another node; nothing was changed");
        }
        return step;
    }

    /** The step's effect and its end, in one transaction. A claim that was lost meanwhile changes nothing. */
    public void succeed(Claim claim, StepResult result) {
        CycleStep step = requireHeld(claim);
        result.effect().run();
        step.succeed(result, now());
        if (claim.step() == StepName.FILTER && result.runId() != null) {
            snapshots.took(result.runId(), result.bytes(), step.duration().orElseThrow());
        }
    }

    /** Whether the step is at its end by this very claim. */
    public boolean isDone(Claim claim) {
        CycleStep step = entities.find(CycleStep.class, new CycleStep.Key(claim.businessDate(), claim.step()));
        return step != null && step.state() == StepState.DONE && step.fence() == claim.fence();
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

    /** The step has failed and needs an operator, unless the claim was lost meanwhile. */
    public void fail(Claim claim, String reason) {
        CycleStep step = lock(claim.businessDate(), claim.step());
        if (step.heldBy(claim)) {
            step.fail(reason, now());
        }
    }

    /** The step has failed, perhaps not for good: it is tried again after a while, at last by an operator. */
    public void failForNow(Claim claim, String reason) {
        CycleStep step = lock(claim.businessDate(), claim.step());
        if (step.heldBy(claim)) {
            failForNow(step, reason);
        }
    }

    /** As {@link #failForNow}, as its file has not arrived. */
    public void failForWantOfFile(Claim claim, String reason) {
        CycleStep step = lock(claim.businessDate(), claim.step());
        if (step.heldBy(claim)) {
            failForNow(step, reason);
            step.lackFile();
        }
    }

    private void failForNow(CycleStep step, String reason) {
        Instant now = now();
        settings.schedule()
                .delayAfter(step.failures() + 1)
                .ifPresentOrElse(delay -> step.failForNow(reason, now, delay), () -> step.fail(reason, now));
    }

    /** The step waits for the rest of its file, and the tick asks for it again, unless the claim was lost meanwhile. */
    public void putOff(Claim claim, String reason) {
        CycleStep step = lock(claim.businessDate(), claim.step());
        if (step.heldBy(claim)) {
            step.putOff(reason, now());
        }
    }

    /** The node goes down: any other may go on with the step at once, unless the claim was lost meanwhile. */
    public void release(Claim claim) {
        CycleStep step = lock(claim.businessDate(), claim.step());
        if (step.heldBy(claim)) {
            step.release(now());
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

    /** What was asked for and may go on: steps that wait, are to be tried again, or whose node is gone. Oldest first. */
    public List<CycleStep> unfinished() {
        return entities.createQuery("""
                        select s from CycleStep s
                        where s.state = :waiting or s.state = :running and s.leaseUntil < :now
                           or s.state = :failed and s.retryAt <= :now
                        order by s.businessDate
                        """, CycleStep.class)
                .setParameter("waiting", StepState.WAITING)
                .setParameter("running", StepState.RUNNING)
                .setParameter("failed", StepState.FAILED)
                .setParameter("now", now())
                .getResultList();
    }

    /** Whether nobody has asked for a step yet. */
    public boolean unasked(LocalDate businessDate, StepName step) {
        CycleStep found = entities.find(CycleStep.class, new CycleStep.Key(businessDate, step));
        return found == null || found.unasked();
    }

    /** Since when steps can have been missed: when the database was set up. */
    public Instant begin() {
        return sql.one("select at from nights_begin", row -> Sql.instant(row, "at"));
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

    /** The database's time. */
    public Instant now() {
        return sql.one("select clock_timestamp()", row -> row.getTimestamp(1).toInstant());
    }
}
