package io.evenstock.stock;

import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Retail Pro has taken a shipment item into its own books. It may be known before its shipment (R7), so what it does
 * not state is the item's.
 *
 * @param acknowledgedAt from when on Retail Pro's figure has it
 * @param quantity units taken; null: the whole item
 * @param invoicedAt the facility in whose figure it was taken (R14); null: where it shipped from
 * @param transferSlipAt when it was moved to the books of the facility it shipped from; null: not yet
 */
public record Acknowledgement(
        Instant acknowledgedAt,
        @Nullable Integer quantity,
        @Nullable String invoicedAt,
        @Nullable Instant transferSlipAt)
        implements Revision.Content<Acknowledgement> {

    public Acknowledgement {
        if (quantity != null && quantity < 0) {
            throw new IllegalArgumentException("acknowledged quantity " + quantity + " is negative");
        }
    }

    /** The units taken of an item: never more than were shipped, for no more was deducted. */
    public int unitsOf(int shippedUnits) {
        return quantity == null ? shippedUnits : Math.min(quantity, shippedUnits);
    }

    /** The facility in whose figure the item was taken. */
    public String invoicedAtOr(String shippedFrom) {
        return invoicedAt == null ? shippedFrom : invoicedAt;
    }

    /** When the transfer slip was posted; {@link Instant#MAX} while it is not. */
    public Instant transferSlipAtOrNever() {
        return transferSlipAt == null ? Instant.MAX : transferSlipAt;
    }

    /** The transfer slip may be set once, later (R14), without a new revision. */
    @Override
    public boolean completes(Acknowledgement earlier) {
        return transferSlipAt != null
                && earlier.transferSlipAt == null
                && acknowledgedAt.equals(earlier.acknowledgedAt)
                && Objects.equals(quantity, earlier.quantity)
                && Objects.equals(invoicedAt, earlier.invoicedAt);
    }
}
