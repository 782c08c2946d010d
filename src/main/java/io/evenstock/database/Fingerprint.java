package io.evenstock.database;

import java.nio.charset.StandardCharsets;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The content of a fact in 16 bytes, so that a repeat of its id can be told from another content under the same id. */
public final class Fingerprint {
    private Fingerprint() {}

    /** Equal contents, field by field, have equal fingerprints; a missing field differs from an empty one. */
    public static String of(@Nullable Object... content) {
        StringBuilder canonical = new StringBuilder();
        for (Object field : content) {
            canonical
                    .append(field == null ? "-" : "+" + escaped(field.toString()))
                    .append('|');
        }
        return UUID.nameUUIDFromBytes(canonical.toString().getBytes(StandardCharsets.UTF_8))
                .toString();
    }

    private static String escaped(String field) {
        return field.indexOf('\\') < 0 && field.indexOf('|') < 0
                ? field
                : field.replace("\\", "\\\\").replace("|", "\\|");
    }
}
