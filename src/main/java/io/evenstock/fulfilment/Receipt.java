package io.evenstock.fulfilment;

/** The answer to one shipment item or acknowledgement. */
public record Receipt(String shipmentId, String itemSeqId, Status status) {
    /** What became of it. */
    public enum Status {
        /** It is a fact. */
        RECORDED,
        /** It is a fact that takes effect once the product or facility that it names is known (R11). */
        QUARANTINED,
        /** It was recorded before; nothing changed. */
        REPEATED
    }
}
