package io.evenstock.feed;

import io.evenstock.file.MalformedFileException;
import io.evenstock.file.Rfc3339;
import jakarta.json.Json;
import jakarta.json.JsonException;
import jakarta.json.JsonObject;
import jakarta.json.JsonReader;
import jakarta.json.JsonString;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Map;

/** What stands beside a file: {@code {"asOf":"2026-11-22T00:55:00Z"}}; other fields pass. */
final class Manifest {
    private static final int MAX_BYTES = 16 << 10;

    private Manifest() {}

    /** @throws MalformedFileException too long, no JSON object, no as-of in it */
    static Instant asOf(InputStream in) throws IOException, MalformedFileException {
        byte[] bytes = in.readNBytes(MAX_BYTES + 1);
        if (bytes.length > MAX_BYTES) {
            throw malformed("it is longer than " + MAX_BYTES + " bytes");
        }
        if (!(object(bytes).get("asOf") instanceof JsonString text)) {
            throw malformed("asOf is missing, or no text");
        }
        return Rfc3339.instant(text.getString())
                .orElseThrow(() -> malformed("asOf must be a time like 2026-11-22T00:55:00Z"));
    }

    private static JsonObject object(byte[] bytes) throws MalformedFileException {
        try (JsonReader reader = Json.createReaderFactory(Map.of())
                .createReader(new ByteArrayInputStream(bytes), StandardCharsets.UTF_8)) {
            return reader.readObject();
        } catch (JsonException | IllegalStateException malformed) {
            throw malformed("not a JSON object");
        }
    }

    private static MalformedFileException malformed(String reason) {
        return new MalformedFileException(0, -1, "its manifest: " + reason);
    }
}
