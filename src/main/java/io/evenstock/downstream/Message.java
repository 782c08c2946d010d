package io.evenstock.downstream;

import jakarta.json.Json;
import jakarta.json.JsonArrayBuilder;
import jakarta.json.JsonObjectBuilder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/**
 * A batch of changes for a webhook.
 *
 * @param id of the content: a repeat of the same changes has the same id, and other changes never have it, so that whoever
 *     drops a repeated id loses nothing
 * @param next the cursor once it is delivered
 */
public record Message(String id, String body, int items, Cursor next) {
    private static final int ID_DIGITS = 32;

    static Message of(long webhookId, @Nullable String channel, Changes.Page page) {
        JsonArrayBuilder items = Json.createArrayBuilder();
        page.items().forEach(change -> items.add(change.json()));
        JsonObjectBuilder data = Json.createObjectBuilder();
        if (channel != null) {
            data.add("channel", channel);
        }
        Instant newest = page.items().stream()
                .map(Change::publishedAt)
                .max(Instant::compareTo)
                .orElseThrow();
        String body = Json.createObjectBuilder()
                .add("type", "inventory.changed")
                .add("timestamp", newest.toString())
                .add("data", data.add("items", items))
                .build()
                .toString();
        String id = "evs_" + webhookId + "_" + sha256(body).substring(0, ID_DIGITS);
        return new Message(id, body, page.items().size(), page.next());
    }

    /** An id of what is really sent: the figures may have changed since the page was read. */
    String contentId(Object content) {
        return id + "_" + sha256(content.toString()).substring(0, ID_DIGITS);
    }

    private static String sha256(String text) {
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
