package io.evenstock.nightly;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import org.junit.jupiter.api.Test;

class CycleStepTest {
    private static final LocalDate DATE = LocalDate.of(2026, 11, 22);
    private static final Instant NOW = Instant.parse("2026-11-22T08:00:00Z");
    private static final Duration LEASE = Duration.ofSeconds(40);

    @Test
    void aVarianceThatIsDroppedWhileItRunsIsDropped() {
        CycleStep variance = new CycleStep(DATE, StepName.VARIANCE);
        variance.claim("node", NOW, LEASE);
        Claim claim = new Claim(DATE, StepName.VARIANCE, variance.fence());
        assertTrue(variance.heldBy(claim));

        variance.drop(true);

        assertEquals(StepState.DROPPED, variance.state());
        assertFalse(variance.heldBy(claim), "who carries it out can neither end it nor have it fail");
        assertFalse(variance.goesOn(NOW.plus(LEASE).plusSeconds(1)));
        variance.drop(false);
        assertEquals(StepState.PLANNED, variance.state());
    }

    @Test
    void whatIsDroppedIsNotTriedAgain() {
        CycleStep variance = new CycleStep(DATE, StepName.VARIANCE);
        variance.claim("node", NOW, LEASE);
        variance.failForNow("the server does not answer", NOW, Duration.ofMinutes(1));

        variance.drop(true);

        assertNull(variance.retryAt());
        assertFalse(variance.goesOn(NOW.plus(Duration.ofHours(1))));
    }

    @Test
    void onlyForWantOfAFileItLacksOne() {
        CycleStep filter = new CycleStep(DATE, StepName.FILTER);
        filter.claim("node", NOW, LEASE);
        filter.putOff("the file grows", NOW);
        assertTrue(filter.lacksFile());
        filter.claim("node", NOW, LEASE);
        assertFalse(filter.lacksFile());
        filter.release(NOW);
        assertEquals(StepState.WAITING, filter.state());
        assertFalse(filter.lacksFile(), "its node went down");

        filter.claim("node", NOW, LEASE);
        filter.failForNow("no file", NOW, Duration.ofMinutes(1));
        assertFalse(filter.lacksFile());
        filter.lackFile();
        assertTrue(filter.lacksFile());
        filter.replan("undone");
        assertFalse(filter.lacksFile());
    }

    /** Else a restart would run the night of an undone file again, perhaps with that file. */
    @Test
    void whatAnOperatorTookBackHasBeenAskedFor() {
        CycleStep filter = new CycleStep(DATE, StepName.FILTER);
        assertTrue(filter.unasked());
        filter.claim("node", NOW, LEASE);
        assertFalse(filter.unasked());
        filter.succeed(new StepResult(1L, 1, 1, 0, 1, null, List.of(), () -> {}, () -> {}), NOW);

        filter.replan("run 1 was undone: the wrong file");

        assertEquals(StepState.PLANNED, filter.state());
        assertFalse(filter.unasked());
    }

    @Test
    void whatIsDoneIsNotDropped() {
        CycleStep variance = new CycleStep(DATE, StepName.VARIANCE);
        variance.claim("node", NOW, LEASE);
        variance.succeed(new StepResult(1L, 1, 1, 0, 1, null, List.of(), () -> {}, () -> {}), NOW);

        variance.drop(true);

        assertEquals(StepState.DONE, variance.state());
    }
}
