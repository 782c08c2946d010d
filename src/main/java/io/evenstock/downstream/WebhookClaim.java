package io.evenstock.downstream;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A node's right to send to an endpoint, as long as its fence is the row's.
 *
 * @param sealedSecrets those in force, as they stand in the database
 */
public record WebhookClaim(
        long webhookId,
        long fence,
        String url,
        boolean shopify,
        @Nullable Integer channelKey,
        @Nullable String channel,
        List<String> sealedSecrets,
        Cursor cursor,
        int failures) {

    public WebhookClaim {
        sealedSecrets = List.copyOf(sealedSecrets);
    }

    WebhookClaim at(Cursor next) {
        return new WebhookClaim(webhookId, fence, url, shopify, channelKey, channel, sealedSecrets, next, failures);
    }
}
