package io.evenstock.stock;

import java.time.Instant;
import java.util.Comparator;
import org.jspecify.annotations.Nullable;

/**
 * A sale, return or adjustment of a pair.
 *
 * @param eventId the caller's id, unique within the facility
 * @param quantity units, negative for a sale
 * @param reason the variance reason, such as POS_SALE
 * @param occurredAt when it happened in the shop
 * @param bookedAt when the books from which the snapshot is made took it
 */
public record Movement(String eventId, int quantity, String reason, Instant occurredAt, Instant bookedAt) {

    /** As they were booked, whatever the order they arrived in. */
    static final Comparator<Movement> BY_BOOKING =
            Comparator.comparing(Movement::bookedAt).thenComparing(Movement::eventId);

    /**
     * A movement as it was received, with the times that were not stated filled in: booked when it occurred, occurred
     * when it was booked, else both when it was received. Repeats (R8) are told by what was stated, not by this.
     */
    public static Movement received(
            String eventId,
            int quantity,
            String reason,
            @Nullable Instant occurredAt,
            @Nullable Instant bookedAt,
            Instant receivedAt) {
        return new Movement(
                eventId,
                quantity,
                reason,
                firstStated(occurredAt, bookedAt, receivedAt),
                firstStated(bookedAt, occurredAt, receivedAt));
    }

    /** Whether it counts on top of a snapshot as of this moment (R1); if not, the snapshot held it (R5). */
    public boolean countsAfter(Instant asOf) {
        return bookedAt.isAfter(asOf);
    }

    private static Instant firstStated(@Nullable Instant first, @Nullable Instant second, Instant last) {
        if (first != null) {
            return first;
        }
        return second != null ? second : last;
    }
}
