package io.evenstock.inventory;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.IdClass;
import jakarta.persistence.Table;
import java.io.Serializable;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** What downstream was told last of a pair. Written by the publisher only; the exact figure is the equation's. */
@Entity
@Table(name = "published_inventory")
@IdClass(PublishedInventory.Key.class)
public class PublishedInventory {
    @Id
    @Column(name = "facility_key")
    private int facilityKey;

    @Id
    @Column(name = "product_key")
    private int productKey;

    @Column(name = "on_hand")
    private long onHand;

    private long withheld;

    private long available;

    private long version;

    private boolean bulk;

    @Column(name = "published_at")
    private Instant publishedAt;

    /** For JPA. */
    @SuppressWarnings("NullAway")
    protected PublishedInventory() {}

    /** Units physically there, may be negative. */
    public long onHand() {
        return onHand;
    }

    /** Units withheld by pending variance lines. */
    public long withheld() {
        return withheld;
    }

    /** Units that may be sold, never negative. */
    public long available() {
        return available;
    }

    /** Grows with every change. */
    public long version() {
        return version;
    }

    /** Whether it changed last by a whole file, and so in the slower of the two lanes. */
    public boolean bulk() {
        return bulk;
    }

    public Instant publishedAt() {
        return publishedAt;
    }

    /** Of a pair. */
    public static class Key implements Serializable {
        private static final long serialVersionUID = 1L;

        private int facilityKey;
        private int productKey;

        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof Key key && facilityKey == key.facilityKey && productKey == key.productKey;
        }

        @Override
        public int hashCode() {
            return 31 * facilityKey + productKey;
        }
    }
}
