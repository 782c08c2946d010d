package io.evenstock.downstream;

import java.time.Duration;
import java.util.random.RandomGenerator;

/** How long to wait after failures in a row: a second, doubled by each, at most {@code longest}; a random half of it less. */
record BackOff(Duration longest) {
    private static final long FIRST_MILLIS = 1_000;
    private static final int MOST_DOUBLINGS = 30;

    /** @param failures in a row, at least 1; what the receiver asked for counts if it is longer */
    Duration after(int failures, Duration asked, RandomGenerator random) {
        long whole = Math.min(FIRST_MILLIS << Math.min(failures - 1, MOST_DOUBLINGS), longest.toMillis());
        Duration pause = Duration.ofMillis(whole - (long) (random.nextDouble() * whole / 2));
        return pause.compareTo(asked) > 0 ? pause : asked;
    }
}
