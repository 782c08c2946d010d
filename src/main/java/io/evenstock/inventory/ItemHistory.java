package io.evenstock.inventory;

import io.evenstock.inventory.LedgerFact.Fulfilled;
import io.evenstock.stock.Acknowledgement;
import io.evenstock.stock.Effect;
import io.evenstock.stock.ShipmentItem;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What has been told of one shipment item so far; of each kind of message the highest revision counts whose product and
 * facility are known (R11, R15).
 */
final class ItemHistory {
    private final NavigableMap<Integer, Fulfilled> shipped = new TreeMap<>();
    private final NavigableMap<Integer, Fulfilled> acknowledged = new TreeMap<>();
    private final NavigableMap<Integer, Fulfilled> slips = new TreeMap<>();

    void take(Fulfilled told) {
        if (told.known()) {
            revisions(told).put(told.revision(), told);
        }
    }

    boolean shipmentKnown() {
        return !shipped.isEmpty();
    }

    /** The revision that counts instead, if there is one. */
    @Nullable
    Integer overtakenBy(Fulfilled told) {
        Map.Entry<Integer, Fulfilled> counting = revisions(told).lastEntry();
        return counting != null && counting.getKey() > told.revision() ? counting.getKey() : null;
    }

    /** The item's effects on the pair's product by what is known so far. */
    List<Effect> effects() {
        Map.Entry<Integer, Fulfilled> newest = shipped.lastEntry();
        if (newest == null || !newest.getValue().ofPair()) {
            return List.of();
        }
        Fulfilled told = newest.getValue();
        int quantity = Objects.requireNonNullElse(told.quantity(), 0);
        Instant shippedAt = Objects.requireNonNullElse(told.at(), Instant.EPOCH);
        return new ShipmentItem(told.item(), told.shippedFrom(), quantity, shippedAt, acknowledgement()).effects();
    }

    private @Nullable Acknowledgement acknowledgement() {
        Map.Entry<Integer, Fulfilled> newest = acknowledged.lastEntry();
        if (newest == null) {
            return null;
        }
        Fulfilled told = newest.getValue();
        Instant at = told.at();
        Fulfilled slip = slips.get(newest.getKey());
        return at == null
                ? null
                : new Acknowledgement(at, told.quantity(), told.invoicedAt(), slip == null ? null : slip.at());
    }

    private NavigableMap<Integer, Fulfilled> revisions(Fulfilled told) {
        return switch (told.position().source()) {
            case SHIPMENT -> shipped;
            case ACKNOWLEDGEMENT -> acknowledged;
            default -> slips;
        };
    }
}
