package io.evenstock.nightly;

import static org.junit.jupiter.api.Assertions.assertTrue;

import jakarta.ejb.Schedule;
import java.time.Duration;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class LeaseTest {
    /** Promised: a killed node's step goes on within 60 seconds. A lease outlasts two renewals that are missed. */
    @Test
    void aKilledNodesStepGoesOnWithinAMinute() throws NoSuchMethodException {
        Schedule schedule = Objects.requireNonNull(
                NightlySchedule.class.getDeclaredMethod("tick").getAnnotation(Schedule.class));
        Duration tick = Duration.ofSeconds(Long.parseLong(schedule.second().replace("*/", "")));

        assertTrue(Cycles.LEASE.plus(tick).compareTo(Duration.ofSeconds(60)) <= 0);
        assertTrue(Cycles.LEASE.compareTo(tick.multipliedBy(3)) > 0);
    }
}
