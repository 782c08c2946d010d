package io.evenstock.downstream;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * An endpoint of a consumer.
 *
 * @param target webhook or shopify
 * @param channel whose products it is told; null: all pairs
 * @param reason why it is not active
 * @param failures in a row
 * @param backlog how many pairs it has not been told yet, counted up to 100,000
 * @param refused how many pairs a Shopify store did not take when it was told them last
 */
public record Webhook(
        long id,
        String url,
        String target,
        @Nullable String channel,
        State state,
        @Nullable String reason,
        Cursor cursor,
        int failures,
        @Nullable Instant failingSince,
        @Nullable Instant retryAt,
        @Nullable Instant lastSuccessAt,
        long delivered,
        long backlog,
        long refused,
        Instant createdAt) {

    /** Whether it is told anything. */
    public enum State {
        ACTIVE,
        /** By hand. */
        PAUSED,
        /** It answered 410, or nothing good for days. */
        DISABLED
    }

    /** How a failing endpoint is spared: after a failure nothing is sent until the pause is over, then one message. */
    String circuit() {
        return failures == 0 ? "CLOSED" : "OPEN";
    }
}
