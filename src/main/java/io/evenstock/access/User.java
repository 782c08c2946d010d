package io.evenstock.access;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A user of the console.
 *
 * @param disabledAt since when the user may not use it any more; null: the user may
 */
public record User(
        int userId,
        String name,
        UserRole role,
        String createdBy,
        Instant createdAt,
        @Nullable Instant lastLoginAt,
        @Nullable Instant disabledAt) {

    public boolean disabled() {
        return disabledAt != null;
    }
}
