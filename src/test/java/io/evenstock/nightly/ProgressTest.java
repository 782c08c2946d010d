package io.evenstock.nightly;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ProgressTest {
    private static final Instant SINCE = Instant.parse("2026-11-22T06:30:00Z");

    private Instant now = SINCE;

    private final Clock clock = new Clock() {
        @Override
        public Instant instant() {
            return now;
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }
    };

    @Test
    void tellsRateShareAndExpectedEnd() {
        Progress progress = new Progress(25, 100, 5_000, SINCE, SINCE.plusMillis(2_500));
        assertEquals(0.25, progress.share());
        assertEquals(2_000, progress.rowsPerSecond());
        assertEquals(Optional.of(SINCE.plusSeconds(10)), progress.expectedEnd());
    }

    @Test
    void saysNothingBeforeThereIsAnything() {
        Progress progress = new Progress(0, 100, 0, SINCE, SINCE);
        assertEquals(0, progress.share());
        assertEquals(0, progress.rowsPerSecond());
        assertEquals(Optional.empty(), progress.expectedEnd());
    }

    @Test
    void aFileThatGrewIsNotMoreThanDone() {
        assertEquals(1, new Progress(101, 100, 1, SINCE, SINCE.plusSeconds(1)).share());
    }

    @Test
    void theWatcherIsToldAtOnceAndThenEverySecond() throws IOException {
        List<Long> told = new ArrayList<>();
        try (WatchedInputStream in =
                new WatchedInputStream(new ByteArrayInputStream(new byte[100]), clock, told::add)) {
            assertEquals(List.of(0L), told);
            assertEquals(10, in.read(new byte[10]));
            now = now.plusMillis(999);
            assertEquals(0, in.read());
            assertEquals(List.of(0L), told);
            now = now.plusMillis(1);
            assertEquals(9, in.read(new byte[9]));
            assertEquals(9, in.read(new byte[9]));
            assertEquals(List.of(0L, 20L), told);
            now = now.plusSeconds(5);
            assertEquals(71, in.read(new byte[100]));
            now = now.plusSeconds(5);
            assertEquals(-1, in.read(new byte[100]));
            assertEquals(List.of(0L, 20L, 100L, 100L), told);
        }
    }
}
