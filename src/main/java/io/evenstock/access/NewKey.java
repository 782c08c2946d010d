package io.evenstock.access;

import java.time.Instant;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What is asked for when a key is to be made; as in {@link ApiKey}. */
public record NewKey(
        String name,
        Role role,
        Set<String> facilities,
        @Nullable Integer rateLimit,
        @Nullable Instant expiresAt) {

    public NewKey {
        facilities = Set.copyOf(facilities);
    }
}
