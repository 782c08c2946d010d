package io.evenstock.inventory;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The figure of a pair with the terms of its equation. All quantities in units.
 *
 * @param snapshot the pair's base; null: never covered by an applied run, the base is 0
 * @param moved sum of the movements booked since the base's as-of
 * @param shipped what shipments not in Retail Pro's books as of the base take off (negative), pending lines apart
 * @param withheld what pending lines of the base's cycle will take off, 0 or more
 */
public record Figure(
        String facilityId,
        String productId,
        @Nullable Snapshot snapshot,
        long moved,
        long shipped,
        long withheld,
        int safetyStock) {

    /** The pair's line in the run that covers it. */
    public record Snapshot(long runId, Instant asOf, int quantity) {}

    /** What is physically there; may be negative. */
    public long quantityOnHand() {
        int base = snapshot == null ? 0 : snapshot.quantity();
        return Math.addExact(Math.addExact(base, moved), shipped);
    }

    /** What may be sold: never below 0. */
    public long availableToPromise() {
        return Math.max(0, quantityOnHand() - withheld - safetyStock);
    }
}
