package io.evenstock.nightly;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.evenstock.container.BuiltWar;
import io.evenstock.database.Sql;
import jakarta.ejb.EJBException;
import jakarta.inject.Inject;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jboss.arquillian.container.test.api.Deployment;
import org.jboss.arquillian.junit5.ArquillianExtension;
import org.jboss.shrinkwrap.api.spec.WebArchive;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Who carries out a step, how often, and when not. */
@ExtendWith(ArquillianExtension.class)
class NightsContainerIT {
    private static final int RACES = 1_000;
    private static final int NODES = 5;

    @Inject
    Cycles cycles;

    @Inject
    TimerPauses pauses;

    @Inject
    Sql sql;

    @Deployment
    static WebArchive war() {
        return BuiltWar.with(NightsContainerIT.class, BuiltWar.class);
    }

    /** Each node asks at the same moment, as their timers do. */
    @Test
    void aThousandRacesGiveAThousandSingleRuns() throws Exception {
        LocalDate first = LocalDate.of(2010, 1, 1);
        CyclicBarrier start = new CyclicBarrier(NODES);
        ExecutorService nodes = Executors.newFixedThreadPool(NODES);
        List<Future<Integer>> wins = new ArrayList<>();
        for (int node = 0; node < NODES; node++) {
            wins.add(nodes.submit(racer("racer-" + node, first, start)));
        }
        int won = 0;
        for (Future<Integer> each : wins) {
            won += each.get();
        }
        nodes.shutdown();

        assertEquals(RACES, won);
        assertEquals("1000 1000 1", sql.one("""
                        select concat_ws(' ', count(*), sum(attempt), max(fence)) from cycle_step
                        where step = 'list' and state = 'DONE' and business_date between ? and ?
                        """, row -> row.getString(1), first, first.plusDays(RACES - 1)));
    }

    private Callable<Integer> racer(String node, LocalDate first, CyclicBarrier start) {
        return () -> {
            int won = 0;
            for (int race = 0; race < RACES; race++) {
                start.await();
                Optional<Claim> claim = cycles.ask(first.plusDays(race), StepName.LIST, node);
                if (claim.isPresent()) {
                    cycles.succeed(claim.get(), result());
                    won++;
                }
                // The next night begins when this one is over on all nodes.
                start.await();
            }
            return won;
        };
    }

    @Test
    void aFailedStepIsTriedAgainWithBackOffAndThenNeedsAnOperator() {
        LocalDate date = LocalDate.of(2009, 2, 1);
        Claim claim = cycles.ask(date, StepName.LIST, "node").orElseThrow();
        List<Duration> delays = new ArrayList<>();
        for (int failure = 1; failure <= 6; failure++) {
            cycles.failForNow(claim, "the server does not answer");
            Instant retryAt = list(date).retryAt();
            assertNotNull(retryAt);
            delays.add(Duration.between(list(date).finishedAt(), retryAt));
            assertTrue(cycles.ask(date, StepName.LIST, "node").isEmpty(), "before its time");
            sql.update("update cycle_step set retry_at = clock_timestamp() where business_date = ?", date);
            claim = cycles.ask(date, StepName.LIST, "other").orElseThrow();
        }
        cycles.failForNow(claim, "the server does not answer");

        assertEquals(
                List.of(1, 2, 4, 8, 16, 32),
                delays.stream().map(delay -> (int) delay.toMinutes()).toList());
        assertEquals(StepState.FAILED, list(date).state());
        assertNull(list(date).retryAt(), "an operator must see to it");
        assertTrue(cycles.ask(date, StepName.LIST, "node").isEmpty());
        assertFalse(cycles.unfinished().stream()
                .anyMatch(step -> step.businessDate().equals(date)));
        cycles.succeed(cycles.claim(date, StepName.LIST, "node"), result());
        assertEquals(StepState.DONE, list(date).state());
    }

    @Test
    void whatFailsForGoodIsNotTriedAgain() {
        LocalDate date = LocalDate.of(2009, 2, 3);
        cycles.fail(cycles.ask(date, StepName.LIST, "node").orElseThrow(), "malformed");

        assertNull(list(date).retryAt());
        assertTrue(cycles.ask(date, StepName.LIST, "node").isEmpty());
    }

    @Test
    void aNodeThatGoesDownGivesItsStepsBack() {
        LocalDate date = LocalDate.of(2009, 2, 4);
        Claim gone = cycles.ask(date, StepName.LIST, "node-a").orElseThrow();
        cycles.release(gone);

        Claim next = cycles.ask(date, StepName.LIST, "node-b").orElseThrow();

        assertThrows(EJBException.class, () -> cycles.succeed(gone, result()));
        cycles.release(gone);
        cycles.failForNow(gone, "too late");
        cycles.succeed(next, result());
        assertEquals(StepState.DONE, list(date).state());
    }

    @Test
    void aStepIsTakenUpWhenTheLeaseOfItsNodeHasRunOut() {
        LocalDate date = LocalDate.of(2009, 2, 5);
        Claim gone = cycles.ask(date, StepName.LIST, "node-a").orElseThrow();
        assertTrue(Cycles.LEASE.compareTo(Duration.ofSeconds(50)) <= 0, "others are to go on within a minute");
        sql.update("update cycle_step set lease_until = clock_timestamp() where business_date = ?", date);

        assertTrue(cycles.unfinished().stream()
                .anyMatch(step -> step.businessDate().equals(date)));
        cycles.succeed(cycles.ask(date, StepName.LIST, "node-b").orElseThrow(), result());

        assertThrows(EJBException.class, () -> cycles.succeed(gone, result()));
    }

    @Test
    void beforeItsTimeAStepWaits() {
        LocalDate date = LocalDate.of(2090, 2, 5);

        assertTrue(
                cycles.ask(date, StepName.LIST, "a node whose clock is ahead").isEmpty());

        assertEquals(StepState.WAITING, list(date).state());
        assertTrue(
                String.valueOf(list(date).reason()).contains("2090-02-0"),
                () -> list(date).reason());
        sql.update("delete from cycle_step where business_date = ?", date);
    }

    @Test
    void aPausedTimerAsksForNothing() {
        LocalDate date = LocalDate.of(2009, 2, 6);
        pauses.pause(StepName.RESET, "anna", "stocktaking", null);
        try {
            assertTrue(cycles.ask(date, StepName.RESET, "node").isEmpty());
            assertEquals(StepState.PLANNED, cycles.steps(date).get(2).state());
        } finally {
            pauses.resume(StepName.RESET);
        }
        cycles.ask(date, StepName.RESET, "node");
        assertEquals("its filter is PLANNED", cycles.steps(date).get(2).reason());
    }

    @Test
    void whatWasAskedForBeforeThePauseWaitsAndSaysForWhat() {
        LocalDate date = LocalDate.of(2009, 2, 7);
        cycles.ask(date, StepName.RESET, "node");
        pauses.pause(StepName.RESET, "anna", "stocktaking", null);
        try {
            cycles.ask(date, StepName.RESET, "node");
            assertEquals(
                    "the timer is paused by anna: stocktaking",
                    cycles.steps(date).get(2).reason());
        } finally {
            pauses.resume(StepName.RESET);
        }
    }

    @Test
    void aPauseEndsByItself() {
        Instant soon = cycles.now().plusSeconds(3_600);
        pauses.pause(StepName.VARIANCE, "anna", null, soon);
        assertEquals(soon, pauses.of(StepName.VARIANCE).orElseThrow().until());
        sql.update("update timer_pause set paused_until = clock_timestamp() where step = 'variance'");
        assertEquals(Optional.empty(), pauses.of(StepName.VARIANCE));
        pauses.resume(StepName.VARIANCE);
    }

    /** The newer night waits while the older one runs, and no longer. */
    @Test
    void nightsGoOneAfterTheOther() {
        LocalDate older = LocalDate.of(2005, 3, 1);
        LocalDate newer = older.plusDays(1);
        Claim running = cycles.ask(older, StepName.LIST, "node").orElseThrow();

        assertTrue(cycles.ask(newer, StepName.LIST, "node").isEmpty());
        assertEquals(
                "the night of 2005-03-01 goes first: its list is RUNNING",
                list(newer).reason());
        cycles.fail(running, "no");

        cycles.succeed(cycles.ask(newer, StepName.LIST, "node").orElseThrow(), result());
    }

    private CycleStep list(LocalDate date) {
        return cycles.steps(date).get(0);
    }

    private static StepResult result() {
        return new StepResult(null, 1, 1, 0, 1, null, List.of(), () -> {}, () -> {});
    }
}
