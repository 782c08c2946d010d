package io.evenstock.inventory;

import io.evenstock.stock.Figure;
import io.evenstock.stock.Outstanding;
import io.evenstock.stock.Variance;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The equation behind a figure, term by term. The terms add up to the figure exactly:
 *
 * <pre>quantity on hand = base's quantity + movements' quantity + shipments' quantity</pre>
 *
 * @param base null: never covered by an applied run, 0 units
 * @param movements booked since the base
 * @param absorbed booked by then but told after the run was applied: effect 0, for the base held them (R5)
 * @param shipments not in Retail Pro's books as of the base, each item once (R6, R14)
 */
public record Explanation(
        String facilityId,
        String productId,
        @Nullable BaseEntry base,
        Term<MovementEntry> movements,
        Term<AbsorbedEntry> absorbed,
        Term<ShipmentEntry> shipments,
        Figure figure) {

    /**
     * The pair's line in the run that covers it.
     *
     * @param file the file whose line it is: the filtered one of a nightly run
     * @param line counted from 1, the header's
     * @param source the file as it was uploaded
     */
    public record BaseEntry(
            long runId, Instant asOf, int quantity, FileRef file, int line, FileRef source, Instant appliedAt) {}

    /** A file by name and SHA-256. */
    public record FileRef(String name, String sha256) {}

    /** A sale, return or adjustment as it was told. */
    public record MovementEntry(
            long entryId,
            String eventId,
            String reason,
            int quantity,
            Instant occurredAt,
            Instant bookedAt,
            Instant recordedAt,
            @Nullable String comments) {}

    /** A movement with effect 0. */
    public record AbsorbedEntry(MovementEntry movement, String why) {}

    /**
     * What of a shipment item is not in Retail Pro's figure, or is in it too much.
     *
     * @param quantity signed units
     * @param onHand of these, what counts in the quantity on hand: none while pending
     * @param withheld units withheld instead, while pending (R4)
     */
    public record ShipmentEntry(
            ShippedItem item, Outstanding.Kind kind, int quantity, long onHand, long withheld, Variance.Tag tag) {}

    /** The newest word on a shipment item. */
    public record ShippedItem(
            String shipmentId,
            String itemSeqId,
            String facilityId,
            int quantity,
            Instant shippedAt,
            @Nullable Instant acknowledgedAt,
            int acknowledgedQuantity,
            @Nullable String invoicedAt,
            @Nullable Instant transferSlipAt) {}

    /**
     * Entries of one kind.
     *
     * @param entries the newest ones, oldest first
     * @param omitted older ones, beyond the limit
     */
    public record Term<E>(Sum total, List<E> entries, Sum omitted) {
        public Term {
            entries = List.copyOf(entries);
        }

        static <E> Term<E> of(List<E> entries, long quantity, long withheld, Sum omitted) {
            return new Term<>(omitted.plus(new Sum(entries.size(), quantity, withheld)), entries, omitted);
        }
    }

    /**
     * What entries come to.
     *
     * @param quantity signed units in the quantity on hand
     * @param withheld units, 0 or more
     */
    public record Sum(long count, long quantity, long withheld) {
        Sum plus(Sum other) {
            return new Sum(
                    Math.addExact(count, other.count),
                    Math.addExact(quantity, other.quantity),
                    Math.addExact(withheld, other.withheld));
        }
    }
}
