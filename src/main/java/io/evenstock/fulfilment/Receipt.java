package io.evenstock.fulfilment;

/** The answer to one shipment item or acknowledgement. */
public record Receipt(String shipmentId, String itemSeqId, Status status) {
    /** What became of it. */
    public enum Status {
        /** It is a fact. */
        RECORDED,
        /** It was recorded before; nothing changed. */
        REPEATED
    }
}
