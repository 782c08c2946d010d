package io.evenstock.alert;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A node's right to send one message about an alert, as long as its fence is the row's.
 *
 * @param channel webhook or mail
 * @param over whether it says that the alert is over
 * @param at when it was raised, or over
 */
public record Call(
        long alertId,
        String channel,
        boolean over,
        long fence,
        Cause cause,
        String subject,
        String level,
        String title,
        String text,
        @Nullable String link,
        Instant raisedAt,
        Instant at) {

    /** The same for every attempt, so that whoever gets it twice can tell. */
    String id() {
        return "evs_alert_" + alertId + (over ? "_over" : "_raised");
    }

    String kind() {
        return over ? "OVER" : "RAISED";
    }
}
