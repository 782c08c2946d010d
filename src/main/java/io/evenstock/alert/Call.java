package io.evenstock.alert;

import java.time.Instant;

/**
 * A node's right to send one message about an alert, as long as its fence is the row's.
 *
 * @param alert without what was sent about it
 * @param channel webhook or mail
 * @param over whether it says that the alert is over
 */
public record Call(Alert alert, String channel, boolean over, long fence) {

    /** The same for every attempt, so that whoever gets it twice can tell. */
    String id() {
        return "evs_alert_" + alert.alertId() + (over ? "_over" : "_raised");
    }

    String kind() {
        return over ? "OVER" : "RAISED";
    }

    /** When it was raised, or over. */
    Instant at() {
        return over ? alert.overAt().orElse(alert.raisedAt()) : alert.raisedAt();
    }
}
