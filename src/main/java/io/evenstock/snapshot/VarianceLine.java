package io.evenstock.snapshot;

/**
 * Shipped, but not in Retail Pro's books as of the snapshot: what the variance will take off a pair's figure.
 *
 * @param quantity signed units
 */
public record VarianceLine(
        String facilityId, String idType, String idValue, int quantity, String shipmentId, String itemSeqId) {}
