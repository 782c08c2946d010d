package io.evenstock.downstream;

import jakarta.json.Json;
import jakarta.json.JsonObjectBuilder;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The newest published figures of a pair, or of a product over the facilities of a channel.
 *
 * @param facilityId null: of a channel
 * @param available to promise, never negative
 * @param version grows with every change of this pair or product
 */
public record Change(
        @Nullable String facilityId, String productId, long onHand, long available, long version, Instant publishedAt) {

    JsonObjectBuilder json() {
        JsonObjectBuilder json = Json.createObjectBuilder();
        if (facilityId != null) {
            json.add("facilityId", facilityId);
        }
        return json.add("productId", productId)
                .add("quantityOnHand", onHand)
                .add("availableToPromise", available)
                .add("version", version);
    }
}
