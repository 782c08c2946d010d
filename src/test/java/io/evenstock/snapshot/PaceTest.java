package io.evenstock.snapshot;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class PaceTest {
    private long now;
    private final Pace pace = new Pace(1_000, () -> now, nanos -> now += nanos);

    @Test
    void whoIsQuickRestsForWhatIsLeft() {
        works(Duration.ofMillis(30), 100);
        assertEquals(Duration.ofMillis(100), time());
        works(Duration.ofMillis(99), 100);
        assertEquals(Duration.ofMillis(200), time());
    }

    @Test
    void timeThatWasLostIsNotMadeUpFor() {
        works(Duration.ofSeconds(5), 100);
        assertEquals(Duration.ofSeconds(5), time());
        works(Duration.ZERO, 100);
        assertEquals(Duration.ofMillis(5_100), time());
    }

    private void works(Duration forSoLong, int lines) {
        now += forSoLong.toNanos();
        pace.done(lines);
    }

    private Duration time() {
        return Duration.ofNanos(now);
    }
}
