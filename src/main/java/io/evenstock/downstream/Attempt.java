package io.evenstock.downstream;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What came of sending a message.
 *
 * @param status of the answer; null: there was none
 * @param error null: it was taken
 * @param retryAfter what the receiver asked for; zero: nothing
 */
public record Attempt(@Nullable Integer status, @Nullable String error, Duration retryAfter, Duration took) {
    private static final int GONE = 410;

    /** None was made: what was read may be older than what somebody else has sent meanwhile. */
    static Attempt overtaken() {
        String why = "not sent: meanwhile the endpoint was changed, or another node took it over";
        return new Attempt(null, why, Duration.ZERO, Duration.ZERO);
    }

    public boolean succeeded() {
        return error == null;
    }

    /** The receiver does not want to hear from us ever again. */
    boolean gone() {
        return status != null && status == GONE;
    }
}
