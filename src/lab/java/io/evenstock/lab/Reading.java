package io.evenstock.lab;

import jakarta.json.JsonObject;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A pair's figures as Evenstock gave them.
 *
 * @param file the newest snapshot's quantity; null: no snapshot covers the pair
 */
record Reading(
        int onHand, int withheld, int available, @Nullable Integer file) {

    static Reading of(ApiClient api, Story story) throws IOException {
        JsonObject pair = api.get(path(story)).asJsonObject();
        return new Reading(
                pair.getInt("quantityOnHand"),
                pair.getInt("withheld"),
                pair.getInt("availableToPromise"),
                pair.get("snapshot") instanceof JsonObject snapshot ? snapshot.getInt("quantity") : null);
    }

    static String path(Story story) {
        return "/api/inventory?facilityId=%s&idType=UPCA&idValue=%s"
                .formatted(
                        URLEncoder.encode(story.store().facilityId(), StandardCharsets.UTF_8),
                        story.product().upc());
    }

    /** What the rules say that it must be once the reset is done. */
    static Reading expectedAfterReset(Story story) {
        return new Reading(story.afterReset(), story.withheld(), story.afterVariance(), story.file());
    }

    /** What the rules say that it must be once the variance is recorded. */
    static Reading expectedAfterVariance(Story story) {
        return new Reading(story.afterVariance(), 0, story.afterVariance(), story.file());
    }

    /** Says where it differs; empty if nowhere. */
    String differenceTo(Reading expected) {
        return equals(expected)
                ? ""
                : "QOH %d, withheld %d, ATP %d, file %s instead of %d, %d, %d, %s"
                        .formatted(
                                onHand,
                                withheld,
                                available,
                                Objects.requireNonNullElse(file, "none"),
                                expected.onHand,
                                expected.withheld,
                                expected.available,
                                Objects.requireNonNullElse(expected.file, "none"));
    }
}
