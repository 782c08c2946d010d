package io.evenstock.fulfilment;

import io.evenstock.database.Fingerprint;
import io.evenstock.database.Sql;
import io.evenstock.http.ProblemException;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The log of fulfilment messages: append-only, each (shipment, item, kind, revision) once. */
@ApplicationScoped
class FulfilmentFacts {
    private static final String SHIPPED = "SHIPPED";
    private static final String ACKNOWLEDGED = "ACKNOWLEDGED";
    private static final String TRANSFER_SLIP = "TRANSFER_SLIP";

    /**
     * Of one kind of message the highest revision whose product and facility are known; if those of none are, the highest.
     * Waiting: one in quarantine would count instead.
     */
    private static final String COUNTING = """
            select distinct on (f.shipment_id, f.item_seq_id)
                   f.shipment_id, f.item_seq_id, f.revision, f.facility_id, f.id_type, f.id_value, f.quantity, f.at,
                   s.at as transfer_slip_at,
                   coalesce(max(f.revision) filter (where not f.known) over item > f.revision, false)
                   or not f.known and count(*) over item > 1 as waiting
            from (select f.*, out_of_quarantine(f) as known from fulfilment_fact f
                  where f.kind = ? and f.shipment_id = any (?)) f
            left join fulfilment_fact s on s.kind = 'TRANSFER_SLIP' and s.shipment_id = f.shipment_id
                 and s.item_seq_id = f.item_seq_id and s.revision = f.revision and f.kind = 'ACKNOWLEDGED'
            window item as (partition by f.shipment_id, f.item_seq_id)
            order by f.shipment_id, f.item_seq_id, f.known desc, f.revision desc
            """;

    @Inject
    Sql sql;

    /**
     * Messages about one shipment are taken one after the other, whichever node they reach. Shipments share 1,024 locks: the
     * server has room for some thousands, and a batch, or all that waits in quarantine, may be more.
     */
    void lock(Collection<String> shipmentIds) {
        sql.list("""
                select pg_advisory_xact_lock(hashtextextended('shipments', slot))
                from (select distinct hashtextextended(id, 0) & 1023 as slot from unnest(?::text[]) as i(id)
                      order by slot) slots
                """, row -> true, (Object) shipmentIds.toArray(String[]::new));
    }

    /** @throws ProblemException (409) if one was recorded with other content */
    List<Receipt> recordShipped(List<ShippedItem> items) {
        List<Fact> facts = new ArrayList<>();
        for (ShippedItem item : items) {
            facts.add(new Fact(
                    new Id(item.shipmentId(), item.itemSeqId(), SHIPPED, item.revision()),
                    item.fingerprint(),
                    item.facilityId(),
                    item.identification().idType(),
                    item.identification().idValue(),
                    item.quantity(),
                    item.shippedAt(),
                    item.pointer()));
        }
        return record(facts);
    }

    /** @throws ProblemException (409) if one was recorded with other content */
    List<Receipt> recordAcknowledged(List<Acknowledgement> acknowledgements) {
        List<Fact> facts = new ArrayList<>();
        List<Fact> slips = new ArrayList<>();
        for (Acknowledgement acknowledgement : acknowledgements) {
            facts.add(fact(acknowledgement));
            if (acknowledgement.transferSlipAt() != null) {
                slips.add(slip(acknowledgement, acknowledgement.transferSlipAt()));
            }
        }
        List<Receipt> receipts = record(facts);
        Set<Id> newSlips = new HashSet<>();
        List<Receipt> slipReceipts = record(slips);
        for (int i = 0; i < slips.size(); i++) {
            if (slipReceipts.get(i).status() == Receipt.Status.RECORDED) {
                newSlips.add(slips.get(i).id.as(ACKNOWLEDGED));
            }
        }
        return withSlips(facts, receipts, newSlips);
    }

    private static List<Receipt> withSlips(List<Fact> facts, List<Receipt> receipts, Set<Id> newSlips) {
        List<Receipt> all = new ArrayList<>();
        for (int i = 0; i < receipts.size(); i++) {
            Receipt receipt = receipts.get(i);
            boolean newSlip = receipt.status() == Receipt.Status.REPEATED && newSlips.contains(facts.get(i).id);
            all.add(newSlip ? facts.get(i).receipt(Receipt.Status.RECORDED) : receipt);
        }
        return all;
    }

    /** The revisions of what was shipped that count now (R11, R15), by (shipment, item). */
    Map<ItemId, Shipped> shipped(Collection<String> shipmentIds) {
        Map<ItemId, Shipped> counting = new HashMap<>();
        sql.list(
                COUNTING,
                row -> counting.put(
                        new ItemId(row.getString(1), row.getString(2)),
                        new Shipped(
                                row.getInt("revision"),
                                row.getBoolean("waiting"),
                                row.getString("facility_id"),
                                row.getString("id_type"),
                                row.getString("id_value"),
                                row.getInt("quantity"),
                                Sql.instant(row, "at"))),
                SHIPPED,
                shipmentIds.toArray(String[]::new));
        return counting;
    }

    /** The acknowledgements that count now (R11, R15), by (shipment, item), each with its transfer slip. */
    Map<ItemId, Acknowledged> acknowledged(Collection<String> shipmentIds) {
        Map<ItemId, Acknowledged> counting = new HashMap<>();
        sql.list(
                COUNTING,
                row -> counting.put(
                        new ItemId(row.getString(1), row.getString(2)),
                        new Acknowledged(
                                row.getInt("revision"),
                                row.getBoolean("waiting"),
                                row.getString("facility_id"),
                                row.getObject("quantity", Integer.class),
                                Sql.optionalInstant(row, "at"),
                                Sql.optionalInstant(row, "transfer_slip_at"))),
                ACKNOWLEDGED,
                shipmentIds.toArray(String[]::new));
        return counting;
    }

    /** The shipments of items of which another revision counts now, since what it names has become known. */
    Set<String> outOfQuarantine() {
        return new TreeSet<>(sql.list("""
                select distinct i.shipment_id from shipment_item i join fulfilment_fact f using (shipment_id, item_seq_id)
                where i.waiting and out_of_quarantine(f)
                  and (f.kind = 'SHIPPED'
                       and (f.revision > i.revision or i.facility_key is null or i.product_key is null)
                    or f.kind = 'ACKNOWLEDGED'
                       and (f.revision > i.acknowledgement_revision
                            or i.invoiced_facility_id is not null and i.invoiced_facility_key is null))
                """, row -> row.getString(1)));
    }

    private List<Receipt> record(List<Fact> facts) {
        Map<Id, String> known = facts.isEmpty() ? Map.of() : fingerprints(facts);
        Map<Id, String> seen = new HashMap<>(known);
        Set<Fact> fresh = new LinkedHashSet<>();
        for (Fact fact : facts) {
            String before = seen.putIfAbsent(fact.id, fact.fingerprint);
            if (before == null) {
                fresh.add(fact);
            } else if (!before.equals(fact.fingerprint)) {
                throw ProblemException.conflict(fact.pointer, fact.id + " was recorded with other content");
            }
        }
        Set<Id> waiting = insert(List.copyOf(fresh));
        return facts.stream()
                .map(fact -> fact.receipt(status(fresh.contains(fact), waiting.contains(fact.id))))
                .toList();
    }

    private static Receipt.Status status(boolean fresh, boolean waiting) {
        if (!fresh) {
            return Receipt.Status.REPEATED;
        }
        return waiting ? Receipt.Status.QUARANTINED : Receipt.Status.RECORDED;
    }

    /** Safe beside other writers: the shipments are locked. */
    private Map<Id, String> fingerprints(List<Fact> facts) {
        Map<Id, String> known = new HashMap<>();
        sql.list(
                """
                select shipment_id, item_seq_id, kind, revision, fingerprint from fulfilment_fact
                where (shipment_id, item_seq_id) in (select * from unnest(?::text[], ?::text[]))
                """,
                row -> known.put(
                        new Id(row.getString(1), row.getString(2), row.getString(3), row.getInt(4)), row.getString(5)),
                texts(facts, fact -> fact.id.shipmentId),
                texts(facts, fact -> fact.id.itemSeqId));
        return known;
    }

    /** @return those that name something unknown */
    private Set<Id> insert(List<Fact> facts) {
        if (facts.isEmpty()) {
            return Set.of();
        }
        Set<Id> waiting = new HashSet<>();
        sql.list(
                """
                insert into fulfilment_fact (shipment_id, item_seq_id, kind, revision, fingerprint, facility_id,
                                             id_type, id_value, quantity, at)
                select * from unnest(?::text[], ?::text[], ?::text[], ?::integer[], ?::uuid[], ?::text[], ?::text[],
                                     ?::text[], ?::integer[], ?::timestamptz[])
                returning shipment_id, item_seq_id, kind, revision, out_of_quarantine(fulfilment_fact) as known
                """,
                row -> row.getBoolean("known")
                        || waiting.add(new Id(row.getString(1), row.getString(2), row.getString(3), row.getInt(4))),
                texts(facts, fact -> fact.id.shipmentId),
                texts(facts, fact -> fact.id.itemSeqId),
                texts(facts, fact -> fact.id.kind),
                facts.stream().map(fact -> fact.id.revision).toArray(Integer[]::new),
                texts(facts, Fact::fingerprint),
                texts(facts, Fact::facilityId),
                texts(facts, Fact::idType),
                texts(facts, Fact::idValue),
                facts.stream().map(Fact::quantity).toArray(Integer[]::new),
                texts(facts, fact -> fact.at == null ? null : fact.at.toString()));
        return waiting;
    }

    private static Fact fact(Acknowledgement acknowledgement) {
        return new Fact(
                new Id(
                        acknowledgement.shipmentId(),
                        acknowledgement.itemSeqId(),
                        ACKNOWLEDGED,
                        acknowledgement.revision()),
                acknowledgement.fingerprint(),
                acknowledgement.facilityId(),
                null,
                null,
                acknowledgement.quantity(),
                acknowledgement.acknowledgedAt(),
                acknowledgement.pointer());
    }

    private static Fact slip(Acknowledgement acknowledgement, Instant transferSlipAt) {
        return new Fact(
                fact(acknowledgement).id.as(TRANSFER_SLIP),
                Fingerprint.of(transferSlipAt),
                null,
                null,
                null,
                null,
                transferSlipAt,
                acknowledgement.pointer());
    }

    private static @Nullable String[] texts(List<Fact> facts, Function<Fact, @Nullable String> text) {
        return facts.stream().map(text).toArray(String[]::new);
    }

    /** A shipment item. */
    record ItemId(String shipmentId, String itemSeqId) {}

    /** What was shipped, by the revision that counts. */
    record Shipped(
            int revision,
            boolean waiting,
            String facilityId,
            String idType,
            String idValue,
            int quantity,
            Instant shippedAt) {}

    /** What was acknowledged, by the revision that counts. */
    record Acknowledged(
            int revision,
            boolean waiting,
            @Nullable String facilityId,
            @Nullable Integer quantity,
            @Nullable Instant acknowledgedAt,
            @Nullable Instant transferSlipAt) {}

    private record Id(String shipmentId, String itemSeqId, String kind, int revision) {
        Id as(String otherKind) {
            return new Id(shipmentId, itemSeqId, otherKind, revision);
        }

        @Override
        public String toString() {
            return kind + " of shipment " + shipmentId + ", item " + itemSeqId + ", revision " + revision;
        }
    }

    private record Fact(
            Id id,
            String fingerprint,
            @Nullable String facilityId,
            @Nullable String idType,
            @Nullable String idValue,
            @Nullable Integer quantity,
            @Nullable Instant at,
            String pointer) {
        Receipt receipt(Receipt.Status status) {
            return new Receipt(id.shipmentId, id.itemSeqId, status);
        }
    }
}
