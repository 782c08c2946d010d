package io.evenstock.simulator;

import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** All that the OMS can be told. Records compare by content: an equal message is a repeat. */
public sealed interface Message {

    /** Hands this message to the method of its kind. */
    void tell(Receiver receiver);

    /** One short line for a report. */
    String brief();

    /** One method for each kind of message, so that no system can forget one. */
    interface Receiver {
        void facility(FacilityKnown message);

        void product(ProductKnown message);

        void movement(Movement message);

        void shipment(Shipment message);

        void correction(ItemCorrection message);

        void acknowledgement(Acknowledgement message);

        void list(ListStep message);

        void filter(FilterStep message);

        void reset(ResetStep message);

        void variance(VarianceStep message);

        void feed(Feed message);

        void undo(Undo message);
    }

    /** A name of a product; both parts are text, leading zeros count. */
    record Identification(String type, String value) {
        @Override
        public String toString() {
            return type + ":" + value;
        }
    }

    /** A line of a snapshot file, in units. */
    record Row(String facility, Identification identification, int quantity) {
        @Override
        public String toString() {
            return facility + " " + identification + "=" + quantity;
        }
    }

    /** A snapshot file; two are the same if as-of and rows are equal (R10). */
    record StockFile(Instant asOf, List<Row> rows) {
        public StockFile {
            rows = List.copyOf(rows);
        }
    }

    /** A facility by its external id, {@code <sbs_no>-<store_code>}. */
    record FacilityKnown(String facility) implements Message {
        @Override
        public void tell(Receiver receiver) {
            receiver.facility(this);
        }

        @Override
        public String brief() {
            return "facility " + facility;
        }
    }

    /** A product, in full: a later message repeats all identifications of the earlier one and may add some. */
    record ProductKnown(String product, List<Identification> identifications, boolean active, int safetyStock)
            implements Message {
        public ProductKnown {
            identifications = List.copyOf(identifications);
        }

        @Override
        public void tell(Receiver receiver) {
            receiver.product(this);
        }

        @Override
        public String brief() {
            return "product " + product + " " + identifications + (active ? "" : " inactive") + " safety "
                    + safetyStock;
        }
    }

    /**
     * A sale, return or adjustment.
     *
     * @param delta in units, negative for a sale
     * @param reason a variance reason: POS_SALE, RTN_ITM_RCPT, VAR_MANUAL
     * @param eventId unique within the facility (R8)
     * @param occurredAt absent: the time of receipt (R1)
     * @param bookedAt absent: {@code occurredAt} (R1)
     */
    record Movement(
            String facility,
            Identification identification,
            int delta,
            String reason,
            String eventId,
            @Nullable Instant occurredAt,
            @Nullable Instant bookedAt)
            implements Message {
        @Override
        public void tell(Receiver receiver) {
            receiver.movement(this);
        }

        @Override
        public String brief() {
            return reason + " " + facility + "/" + eventId + " " + identification + " " + delta + " occurred "
                    + occurredAt + (bookedAt == null ? "" : " booked " + bookedAt);
        }
    }

    /** An item of a shipment, in units. */
    record Item(String item, Identification identification, int quantity) {
        @Override
        public String toString() {
            return item + " " + identification + " x" + quantity;
        }
    }

    /** What the OMS shipped, each item in revision 1. */
    record Shipment(String shipment, String facility, Instant shippedAt, List<Item> items) implements Message {
        public Shipment {
            items = List.copyOf(items);
        }

        @Override
        public void tell(Receiver receiver) {
            receiver.shipment(this);
        }

        @Override
        public String brief() {
            return "shipment " + shipment + " from " + facility + " shipped " + shippedAt + " " + items;
        }
    }

    /**
     * A shipment item in revision 2 or more (R15), complete, so that it may overtake its shipment; facility, time
     * and identification never change. Its quantity is 0 exactly when it is cancelled.
     */
    record ItemCorrection(
            String shipment, String facility, Instant shippedAt, Item item, int revision, boolean cancelled)
            implements Message {
        @Override
        public void tell(Receiver receiver) {
            receiver.correction(this);
        }

        @Override
        public String brief() {
            return "correction " + shipment + "/" + item + " r" + revision + (cancelled ? " CANCELLED" : "") + " from "
                    + facility + " shipped " + shippedAt;
        }
    }

    /**
     * Retail Pro has taken a shipment item into its books.
     *
     * @param facility where it was invoiced (R14)
     * @param transferSlipAt absent: never, or not yet; may be set once with the same revision, later (R14)
     * @param quantity acknowledged, in units; absent: all of the item
     */
    record Acknowledgement(
            String shipment,
            String item,
            int revision,
            Instant acknowledgedAt,
            String facility,
            @Nullable Instant transferSlipAt,
            @Nullable Integer quantity,
            boolean withdrawn)
            implements Message {
        @Override
        public void tell(Receiver receiver) {
            receiver.acknowledgement(this);
        }

        @Override
        public String brief() {
            return "ack " + shipment + "/" + item + " r" + revision + (withdrawn ? " WITHDRAWN" : "") + " at "
                    + acknowledgedAt + " invoiced " + facility + (quantity == null ? "" : " x" + quantity)
                    + (transferSlipAt == null ? "" : " slip " + transferSlipAt);
        }
    }

    /** 01:00: the active products and their identifications, as they are known now. */
    record ListStep(LocalDate businessDate) implements Message {
        @Override
        public void tell(Receiver receiver) {
            receiver.list(this);
        }

        @Override
        public String brief() {
            return "LIST " + businessDate;
        }
    }

    /** 01:30: Retail Pro's file is there; its rows are filtered and the variance lines written. */
    record FilterStep(LocalDate businessDate, StockFile file) implements Message {
        @Override
        public void tell(Receiver receiver) {
            receiver.filter(this);
        }

        @Override
        public String brief() {
            return "FILTER " + businessDate + " as of " + file.asOf() + " " + file.rows();
        }
    }

    /** 02:00, or however late. */
    record ResetStep(LocalDate businessDate) implements Message {
        @Override
        public void tell(Receiver receiver) {
            receiver.reset(this);
        }

        @Override
        public String brief() {
            return "RESET " + businessDate;
        }
    }

    /** 03:00, or whenever it is asked for. Asked before its turn it is refused and not remembered (409). */
    record VarianceStep(LocalDate businessDate) implements Message {
        @Override
        public void tell(Receiver receiver) {
            receiver.variance(this);
        }

        @Override
        public String brief() {
            return "VARIANCE " + businessDate;
        }
    }

    /** A file of the frequent feed: reset straight away, without filter and variance. */
    record Feed(String name, StockFile file) implements Message {
        @Override
        public void tell(Receiver receiver) {
            receiver.feed(this);
        }

        @Override
        public String brief() {
            return "FEED " + name + " as of " + file.asOf() + " " + file.rows();
        }
    }

    /**
     * Takes an applied run back (R13).
     *
     * @param run the business date of a night ({@code 2026-03-02}) or the name of a feed
     */
    record Undo(String run) implements Message {
        @Override
        public void tell(Receiver receiver) {
            receiver.undo(this);
        }

        @Override
        public String brief() {
            return "UNDO " + run;
        }
    }
}
