package io.evenstock.simulator;

import java.time.Instant;

/**
 * The system under test, as the simulator sees it.
 *
 * <p>The histories take for granted: no plausibility bounds (R12), share of good rows at least 0 (R11), seven bases
 * kept for undo (R13), business time zone UTC, identification type of the Reset Inventory File UPCA.
 */
public interface StockSystem {

    /**
     * Takes one message to its end: when this returns, {@link #figure} must show it. What the rules refuse (a repeat
     * with other content, a step before its turn or after its end, a stale file, a time in the future) is refused in
     * silence and not remembered; an exception is a failure of the system.
     *
     * @param recordedAt the simulated time of receipt, never earlier than that of the message before. A system that
     *     cannot set its clock ignores it and is tried with {@link History.Options#overHttp} only, whose messages all
     *     carry their own times
     */
    void deliver(Instant recordedAt, Message message);

    /** The exact figure of a pair; asked only for facilities and products that have been made known. */
    Figure figure(String facility, String product);
}
