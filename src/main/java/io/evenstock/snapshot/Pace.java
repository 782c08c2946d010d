package io.evenstock.snapshot;

import java.util.concurrent.locks.LockSupport;
import java.util.function.LongConsumer;
import java.util.function.LongSupplier;

/**
 * Holds bulk work to so many lines a second, evenly: sales share its processors, its database and the disk that both wait
 * for, and must not be felt to stand behind a reset. Of one thread.
 */
final class Pace {
    private static final double NANOS = 1e9;

    private final double nanosPerLine;
    private final LongSupplier clock;
    private final LongConsumer rest;
    private long next;

    /** @param linesPerSecond on average */
    Pace(int linesPerSecond) {
        this(linesPerSecond, System::nanoTime, LockSupport::parkNanos);
    }

    /**
     * @param clock nanoseconds from any origin
     * @param rest waits for so many nanoseconds
     */
    Pace(int linesPerSecond, LongSupplier clock, LongConsumer rest) {
        this.nanosPerLine = NANOS / linesPerSecond;
        this.clock = clock;
        this.rest = rest;
        this.next = clock.getAsLong();
    }

    /** So many lines are done: rests until the next may begin. Time that was lost is not made up for. */
    void done(int lines) {
        long now = clock.getAsLong();
        next += Math.round(lines * nanosPerLine);
        if (next > now) {
            rest.accept(next - now);
        } else {
            next = now;
        }
    }
}
