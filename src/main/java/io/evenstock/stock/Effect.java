package io.evenstock.stock;

import java.time.Instant;

/**
 * By how much a shipment item sets Retail Pro's figure at a facility right, for every snapshot as of a span of time.
 *
 * @param quantity signed units: negative where it shipped from, positive where it was invoiced for another facility
 * @param from the first as-of it applies to; {@link Instant#MIN}: whatever its shippedAt, and a pair never covered
 * @param until the first as-of it no longer applies to; {@link Instant#MAX}: never
 */
public record Effect(ItemId item, String facilityId, int quantity, Instant from, Instant until) {

    /** Whether it is outstanding in the figure of a pair with a base as of this moment. */
    public boolean outstandingAsOf(Instant asOf) {
        return !asOf.isBefore(from) && asOf.isBefore(until);
    }

    boolean everHolds() {
        return quantity != 0 && from.isBefore(until);
    }
}
