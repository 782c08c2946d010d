package io.evenstock.stock;

import java.util.Comparator;

/** Names a shipment item. */
public record ItemId(String shipmentId, String shipmentItemSeqId) implements Comparable<ItemId> {

    private static final Comparator<ItemId> ORDER =
            Comparator.comparing(ItemId::shipmentId).thenComparing(ItemId::shipmentItemSeqId);

    @Override
    public int compareTo(ItemId other) {
        return ORDER.compare(this, other);
    }
}
