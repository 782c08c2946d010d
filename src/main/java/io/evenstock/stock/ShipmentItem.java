package io.evenstock.stock;

import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What is currently known of a shipment item: its newest revision and that of its acknowledgement (R15).
 *
 * @param facilityId where it shipped from
 * @param quantity units shipped, 0 once cancelled
 * @param acknowledgement null while there is none or it is withdrawn
 */
public record ShipmentItem(
        ItemId id,
        String facilityId,
        int quantity,
        Instant shippedAt,
        @Nullable Acknowledgement acknowledgement) {

    public ShipmentItem {
        if (quantity < 0) {
            throw new IllegalArgumentException("shipped quantity " + quantity + " is negative");
        }
    }

    /**
     * By how much Retail Pro's figures are off because of this item, by the as-of of their snapshot (R1, R6, R7, R14).
     *
     * <p>Where it shipped from: less the part that is never acknowledged; less the acknowledged part until the figure
     * there lost it, by the acknowledgement or, if invoiced elsewhere, by the transfer slip alone. Where it was
     * invoiced for another facility: more from the acknowledgement until the slip; never, if the slip came first.
     */
    public List<Effect> effects() {
        Stream<Effect> effects = acknowledgement == null
                ? Stream.of(shippedFromHere(quantity, Instant.MAX))
                : effectsUnder(acknowledgement);
        return effects.filter(Effect::everHolds).toList();
    }

    private Stream<Effect> effectsUnder(Acknowledgement known) {
        int taken = known.unitsOf(quantity);
        Effect rest = shippedFromHere(quantity - taken, Instant.MAX);
        String invoicedAt = known.invoicedAtOr(facilityId);
        if (invoicedAt.equals(facilityId)) {
            return Stream.of(rest, shippedFromHere(taken, known.acknowledgedAt()));
        }
        Instant slipAt = known.transferSlipAtOrNever();
        Effect invoicedElsewhere = new Effect(id, invoicedAt, taken, known.acknowledgedAt(), slipAt);
        return Stream.of(rest, shippedFromHere(taken, slipAt), invoicedElsewhere);
    }

    private Effect shippedFromHere(int units, Instant until) {
        return new Effect(id, facilityId, -units, Instant.MIN, until);
    }
}
