package io.evenstock.alert;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What somebody was called for.
 *
 * @param text as it was when it was seen last
 * @param link a page of the console
 * @param overAt empty: it is not
 */
public record Alert(
        long alertId,
        Cause cause,
        String subject,
        String level,
        String title,
        String text,
        @Nullable String link,
        Instant raisedAt,
        Optional<Instant> overAt,
        List<Sent> messages) {

    public Alert {
        messages = List.copyOf(messages);
    }

    /**
     * A message about it.
     *
     * @param kind RAISED or OVER
     * @param sentAt empty: not yet, or never if it was given up
     * @param error why the last attempt failed
     */
    public record Sent(
            String channel,
            String kind,
            int attempts,
            Optional<Instant> sentAt,
            Optional<Instant> givenUpAt,
            Optional<String> error) {}
}
