package io.evenstock.movement;

import io.evenstock.database.Fingerprint;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A sale, return or adjustment as it was told.
 *
 * @param quantity signed units, not 0: a sale is negative
 * @param eventId unique within the facility; a repeat under the same id changes nothing
 * @param unrepeatable it was told without an id: a repeat of it would count again
 * @param till its place in its till's own count, where told
 * @param bookedAt when the books from which Retail Pro's file is made took it (R1)
 * @param fingerprint of the content as told
 */
public record Movement(
        String facilityId,
        String idType,
        String idValue,
        int quantity,
        String reason,
        @Nullable String comments,
        String eventId,
        boolean unrepeatable,
        @Nullable TillSequence till,
        Instant occurredAt,
        Instant bookedAt,
        String fingerprint) {
    private static final String UNREPEATABLE = "unrepeatable-";
    private static final String BY_KEY = "idempotency-key";

    /** The event id that an {@code Idempotency-Key} stands for. No event id and no element of an array has the same. */
    public static String eventIdOf(String idempotencyKey) {
        return BY_KEY + ":" + idempotencyKey;
    }

    /** As {@link #eventIdOf(String)}, for an element of an array; the index stands before all that the caller chose. */
    public static String eventIdOf(String idempotencyKey, int index) {
        return BY_KEY + "#" + index + ":" + idempotencyKey;
    }

    /** Whether an event id is one of those made here; a caller's own may not be. */
    public static boolean madeHere(String eventId) {
        return byKey(eventId) || eventId.startsWith(UNREPEATABLE);
    }

    /** Whether it is told under an {@code Idempotency-Key}, not under an event id. */
    public boolean byKey() {
        return byKey(eventId);
    }

    private static boolean byKey(String eventId) {
        return eventId.startsWith(BY_KEY + ":") || eventId.startsWith(BY_KEY + "#");
    }

    /**
     * Fills in what was not told: an event without id cannot be repeated and gets a fresh one; it occurred when it was
     * received, and was booked when it occurred.
     */
    public static Movement told(
            String facilityId,
            String idType,
            String idValue,
            int quantity,
            String reason,
            @Nullable String comments,
            @Nullable String eventId,
            @Nullable TillSequence till,
            @Nullable Instant occurredAt,
            @Nullable Instant bookedAt,
            Instant receivedAt) {
        Instant occurred = occurredAt == null ? receivedAt : occurredAt;
        return new Movement(
                facilityId,
                idType,
                idValue,
                quantity,
                reason,
                comments,
                eventId == null ? UNREPEATABLE + UUID.randomUUID() : eventId,
                eventId == null,
                till,
                occurred,
                bookedAt == null ? occurred : bookedAt,
                Fingerprint.of(facilityId, idType, idValue, quantity, reason, occurredAt, bookedAt, till));
    }
}
