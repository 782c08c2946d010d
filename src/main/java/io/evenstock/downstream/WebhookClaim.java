package io.evenstock.downstream;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** A node's right to send to an endpoint, as long as its fence is the row's. */
public record WebhookClaim(
        long webhookId,
        long fence,
        String url,
        boolean shopify,
        @Nullable Integer channelKey,
        @Nullable String channel,
        List<String> secrets,
        Cursor cursor,
        int failures) {

    public WebhookClaim {
        secrets = List.copyOf(secrets);
    }

    WebhookClaim at(Cursor next) {
        return new WebhookClaim(webhookId, fence, url, shopify, channelKey, channel, secrets, next, failures);
    }
}
