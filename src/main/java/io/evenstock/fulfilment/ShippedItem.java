package io.evenstock.fulfilment;

import io.evenstock.catalog.Identification;
import io.evenstock.database.Fingerprint;
import java.time.Instant;

/**
 * One item of a shipment as the OMS told it.
 *
 * @param quantity units shipped; 0: cancelled
 * @param revision the highest counts (R15)
 * @param pointer where it stands in the request, for refusals
 */
public record ShippedItem(
        String shipmentId,
        String itemSeqId,
        String facilityId,
        Instant shippedAt,
        Identification identification,
        int quantity,
        int revision,
        String pointer) {

    /** Of the content under (shipment, item, revision). */
    public String fingerprint() {
        return Fingerprint.of(facilityId, shippedAt, identification.idType(), identification.idValue(), quantity);
    }
}
