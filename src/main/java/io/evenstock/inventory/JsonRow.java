package io.evenstock.inventory;

import jakarta.json.Json;
import jakarta.json.JsonObject;
import jakarta.json.JsonReader;
import jakarta.json.JsonReaderFactory;
import jakarta.json.JsonValue;
import java.io.StringReader;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A row that PostgreSQL has made JSON of, so that one statement answers with several lists. */
record JsonRow(JsonObject json) {
    // Looking the JSON provider up costs more than reading a small answer.
    private static final JsonReaderFactory READERS = Json.createReaderFactory(Map.of());

    /** The rows of an array. */
    static <T> List<T> list(String array, Function<JsonRow, T> mapper) {
        try (JsonReader reader = READERS.createReader(new StringReader(array))) {
            return reader.readArray().stream()
                    .map(row -> mapper.apply(new JsonRow(row.asJsonObject())))
                    .toList();
        }
    }

    String text(String name) {
        return json.getString(name);
    }

    @Nullable
    String optionalText(String name) {
        return json.isNull(name) ? null : json.getString(name);
    }

    int integer(String name) {
        return json.getJsonNumber(name).intValueExact();
    }

    long number(String name) {
        return json.getJsonNumber(name).longValueExact();
    }

    boolean flag(String name) {
        return json.get(name) == JsonValue.TRUE;
    }

    Instant instant(String name) {
        return OffsetDateTime.parse(json.getString(name)).toInstant();
    }

    @Nullable
    Instant optionalInstant(String name) {
        return json.isNull(name) ? null : instant(name);
    }
}
