package io.evenstock.fulfilment;

import jakarta.persistence.CascadeType;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.FetchType;
import jakarta.persistence.Id;
import jakarta.persistence.MapKey;
import jakarta.persistence.OneToMany;
import jakarta.persistence.Table;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the OMS shipped from a facility. It comes into being with the first message about it; its items follow the newest
 * revision of what is told of them, and of Retail Pro's acknowledgements.
 */
@Entity
@Table(name = "shipment")
public class Shipment {
    @Id
    @Column(name = "shipment_id")
    private String shipmentId;

    @Column(name = "facility_id")
    private String facilityId;

    @Column(name = "facility_key")
    private @Nullable Integer facilityKey;

    @Column(name = "shipped_at")
    private Instant shippedAt;

    @OneToMany(mappedBy = "shipment", cascade = CascadeType.PERSIST, fetch = FetchType.EAGER)
    @MapKey(name = "itemSeqId")
    private Map<String, ShipmentItem> items = new HashMap<>();

    /** For JPA. */
    @SuppressWarnings("NullAway")
    protected Shipment() {}

    Shipment(String shipmentId, String facilityId, @Nullable Integer facilityKey, Instant shippedAt) {
        this.shipmentId = shipmentId;
        this.facilityId = facilityId;
        this.facilityKey = facilityKey;
        this.shippedAt = shippedAt;
    }

    public String shipmentId() {
        return shipmentId;
    }

    public String facilityId() {
        return facilityId;
    }

    public Instant shippedAt() {
        return shippedAt;
    }

    @Nullable
    Integer facilityKey() {
        return facilityKey;
    }

    /** The item, made if it is new. */
    ShipmentItem item(String itemSeqId) {
        return items.computeIfAbsent(itemSeqId, id -> new ShipmentItem(this, id));
    }
}
