package io.evenstock.fulfilment;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.IdClass;
import jakarta.persistence.JoinColumn;
import jakarta.persistence.ManyToOne;
import jakarta.persistence.Table;
import java.io.Serializable;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The word that counts on one item of a shipment: what was shipped (0 units: cancelled), and what of it Retail Pro has in its
 * books, since when and where. The equation reads this row; the messages behind it stay in the facts' log.
 */
@Entity
@Table(name = "shipment_item")
@IdClass(ShipmentItem.Key.class)
public class ShipmentItem {
    @Id
    @ManyToOne
    @JoinColumn(name = "shipment_id")
    private Shipment shipment;

    @Id
    @Column(name = "item_seq_id")
    private String itemSeqId;

    @Column(name = "id_type")
    private String idType = "";

    @Column(name = "id_value")
    private String idValue = "";

    @Column(name = "facility_key")
    private @Nullable Integer facilityKey;

    @Column(name = "product_key")
    private @Nullable Integer productKey;

    @Column(name = "shipped_at")
    private Instant shippedAt;

    private int quantity;

    private int revision;

    @Column(name = "acknowledged_at")
    private @Nullable Instant acknowledgedAt;

    @Column(name = "acknowledged_quantity")
    private int acknowledgedQuantity;

    @Column(name = "invoiced_facility_id")
    private @Nullable String invoicedFacilityId;

    @Column(name = "invoiced_facility_key")
    private @Nullable Integer invoicedFacilityKey;

    @Column(name = "transfer_slip_at")
    private @Nullable Instant transferSlipAt;

    @Column(name = "acknowledgement_revision")
    private @Nullable Integer acknowledgementRevision;

    @Column(name = "waiting")
    private boolean waiting;

    /** For JPA. */
    @SuppressWarnings("NullAway")
    protected ShipmentItem() {}

    ShipmentItem(Shipment shipment, String itemSeqId) {
        this.shipment = shipment;
        this.itemSeqId = itemSeqId;
        this.shippedAt = shipment.shippedAt();
        this.facilityKey = shipment.facilityKey();
    }

    public String itemSeqId() {
        return itemSeqId;
    }

    public int quantity() {
        return quantity;
    }

    /** The revision of what was shipped that counts now. */
    public int revision() {
        return revision;
    }

    public int acknowledgedQuantity() {
        return acknowledgedQuantity;
    }

    /** Takes over the revision that counts of what was shipped. */
    void ship(FulfilmentFacts.Shipped shipped, @Nullable Integer namedProduct) {
        // What was shipped stays what it was, whatever product its identification names by now.
        boolean same = productKey != null && revision == shipped.revision();
        idType = shipped.idType();
        idValue = shipped.idValue();
        productKey = same ? productKey : namedProduct;
        shippedAt = shipped.shippedAt();
        quantity = shipped.quantity();
        revision = shipped.revision();
        waiting = shipped.waiting();
        acknowledgedQuantity = Math.min(acknowledgedQuantity, quantity);
    }

    /** Takes over the revision that counts of the acknowledgement: never more than was shipped. */
    void acknowledge(FulfilmentFacts.Acknowledged acknowledged, @Nullable Integer facilityInvoiced) {
        boolean withdrawn = acknowledged.acknowledgedAt() == null;
        Integer told = acknowledged.quantity();
        boolean elsewhere = !withdrawn
                && acknowledged.facilityId() != null
                && !acknowledged.facilityId().equals(shipment.facilityId());
        acknowledgedAt = acknowledged.acknowledgedAt();
        acknowledgedQuantity = withdrawn ? 0 : told == null ? quantity : Math.min(told, quantity);
        invoicedFacilityId = elsewhere ? acknowledged.facilityId() : null;
        invoicedFacilityKey = elsewhere ? facilityInvoiced : null;
        transferSlipAt = elsewhere ? acknowledged.transferSlipAt() : null;
        acknowledgementRevision = acknowledged.revision();
        waiting |= acknowledged.waiting();
    }

    /** Of a shipment item. */
    public static class Key implements Serializable {
        private static final long serialVersionUID = 1L;

        private String shipment = "";
        private String itemSeqId = "";

        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof Key key && shipment.equals(key.shipment) && itemSeqId.equals(key.itemSeqId);
        }

        @Override
        public int hashCode() {
            return 31 * shipment.hashCode() + itemSeqId.hashCode();
        }
    }
}
