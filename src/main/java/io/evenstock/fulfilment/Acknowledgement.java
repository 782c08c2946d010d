package io.evenstock.fulfilment;

import io.evenstock.database.Fingerprint;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Retail Pro has taken a shipment item into its own books.
 *
 * @param acknowledgedAt null: withdrawn
 * @param quantity units acknowledged; null: all that was shipped
 * @param facilityId where it was invoiced; null: where it shipped from
 * @param transferSlipAt may be told once, later, under the same revision (R14)
 * @param revision the highest counts (R15)
 * @param pointer where it stands in the request, for refusals
 */
public record Acknowledgement(
        String shipmentId,
        String itemSeqId,
        @Nullable Instant acknowledgedAt,
        @Nullable Integer quantity,
        @Nullable String facilityId,
        @Nullable Instant transferSlipAt,
        int revision,
        String pointer) {

    /** Of the content under (shipment, item, revision), the transfer slip apart. */
    public String fingerprint() {
        return Fingerprint.of(acknowledgedAt, quantity, facilityId);
    }
}
