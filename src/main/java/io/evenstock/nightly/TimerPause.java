package io.evenstock.nightly;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A step's timer that asks for nothing for a while, on any node.
 *
 * @param by who paused it
 * @param until null: until somebody resumes it
 */
public record TimerPause(
        StepName step,
        String by,
        @Nullable String reason,
        Instant at,
        @Nullable Instant until) {
    /** For the reason of a step that waits. */
    String words() {
        return "the timer is paused by " + by + (until == null ? "" : " until " + until)
                + (reason == null ? "" : ": " + reason);
    }
}
