package io.evenstock.access;

import java.time.Instant;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * An API key, but for its text, which is nowhere kept.
 *
 * @param name of whoever holds it; a key and its successor have the same
 * @param hint its first characters, to tell keys apart
 * @param facilities the external ids that a key of role pos may touch; empty for all other roles
 * @param rateLimit adjustments a second, where it is not the one of the settings
 * @param revokedAt from when on it is worth nothing
 */
public record ApiKey(
        int keyId,
        String name,
        String hint,
        Role role,
        Set<String> facilities,
        @Nullable Integer rateLimit,
        String createdBy,
        Instant createdAt,
        @Nullable Instant expiresAt,
        @Nullable Instant lastUsedAt,
        @Nullable Instant revokedAt) {

    public ApiKey {
        facilities = Set.copyOf(facilities);
    }

    boolean live(Instant now) {
        return revokedAt == null && (expiresAt == null || expiresAt.isAfter(now));
    }

    /** Whether it may touch a facility, known or not. */
    boolean mayTouch(String facilityId) {
        return role != Role.POS || facilities.contains(facilityId);
    }

    /** For logs. */
    String who() {
        return name + "#" + keyId;
    }
}
