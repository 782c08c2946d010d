package io.evenstock.access;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A user of the console.
 *
 * @param subject how the identity provider knows the user, issuer and id; null: the user has a password here
 * @param passwordAt since when the password is what it is: sessions that began before are over
 * @param disabledAt since when the user may not use it any more; null: the user may
 */
public record User(
        int userId,
        String name,
        @Nullable String subject,
        UserRole role,
        String createdBy,
        Instant createdAt,
        Instant passwordAt,
        @Nullable Instant lastLoginAt,
        @Nullable Instant disabledAt) {

    public boolean disabled() {
        return disabledAt != null;
    }
}
