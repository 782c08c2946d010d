package io.evenstock.database;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The content of a fact in 16 bytes, so that a repeat of its id can be told from another content under the same id. */
public final class Fingerprint {
    private Fingerprint() {}

    /** Equal contents, field by field, have equal fingerprints; a missing field differs from an empty one. */
    public static String of(@Nullable Object... content) {
        String canonical = Arrays.stream(content)
                .map(field -> field == null
                        ? "-"
                        : "+" + field.toString().replace("\\", "\\\\").replace("|", "\\|"))
                .collect(Collectors.joining("|"));
        return UUID.nameUUIDFromBytes(canonical.getBytes(StandardCharsets.UTF_8))
                .toString();
    }
}
