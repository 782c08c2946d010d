package io.evenstock.fulfilment;

import io.evenstock.catalog.Catalog;
import io.evenstock.catalog.CatalogChanged;
import io.evenstock.catalog.Identification;
import io.evenstock.catalog.Named;
import io.evenstock.catalog.Unresolved;
import io.evenstock.database.Sql;
import io.evenstock.http.ProblemException;
import jakarta.ejb.Stateless;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import jakarta.persistence.EntityManager;
import jakarta.persistence.PersistenceContext;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Shipments and acknowledgements, taken in batches: each batch one transaction, all or nothing. */
@Stateless
public class Fulfilment {
    /** Items in quarantine of which more is known by now than their row says, with all that is known. */
    private static final String KNOWN = """
            select q.shipment_id, q.item_seq_id, f.facility_key, coalesce(q.product_key, p.product_key) as product_key,
                   l.facility_key as invoiced_key
            from shipment_item q
            join shipment s using (shipment_id)
            left join facility f on f.facility_id = s.facility_id
            left join facility l on l.facility_id = q.invoiced_facility_id
            left join lateral (select min(product_key) as product_key from identification d
                               where d.id_type = q.id_type and d.id_value = q.id_value
                               having count(*) = 1) p on true
            where (q.facility_key is null or q.product_key is null
                   or q.invoiced_facility_id is not null and q.invoiced_facility_key is null)
              and (q.facility_key, q.product_key, q.invoiced_facility_key)
                  is distinct from (f.facility_key, coalesce(q.product_key, p.product_key), l.facility_key)
            """;

    @PersistenceContext(unitName = "evenstock")
    EntityManager entities;

    @Inject
    Sql sql;

    @Inject
    FulfilmentFacts facts;

    @Inject
    Catalog catalog;

    /** Takes the batch. @return a receipt for each, in the order given */
    public List<Receipt> ship(List<ShippedItem> items) {
        Set<String> shipments =
                items.stream().map(ShippedItem::shipmentId).collect(Collectors.toCollection(TreeSet::new));
        facts.lock(shipments);
        requireOneFacility(items, find(shipments));
        List<Receipt> receipts = facts.recordShipped(items);
        bringUpToDate(shipments);
        return receipts;
    }

    /** Takes the batch. @return a receipt for each, in the order given */
    public List<Receipt> acknowledge(List<Acknowledgement> acknowledgements) {
        Set<String> shipments = acknowledgements.stream()
                .map(Acknowledgement::shipmentId)
                .collect(Collectors.toCollection(TreeSet::new));
        facts.lock(shipments);
        List<Receipt> receipts = facts.recordAcknowledged(acknowledgements);
        bringUpToDate(shipments);
        return receipts;
    }

    /** A shipment leaves one facility; a message that says otherwise would be half taken. */
    private static void requireOneFacility(List<ShippedItem> items, Map<String, Shipment> known) {
        Map<String, String> facilities = new HashMap<>();
        known.forEach((id, shipment) -> facilities.put(id, shipment.facilityId()));
        for (ShippedItem item : items) {
            String before = facilities.putIfAbsent(item.shipmentId(), item.facilityId());
            if (before != null && !before.equals(item.facilityId())) {
                throw ProblemException.conflict(
                        item.pointer(), "Shipment " + item.shipmentId() + " was recorded from facility " + before);
            }
        }
    }

    /** How many shipment items wait in quarantine for their product or a facility. */
    public long inQuarantine() {
        return sql.one("""
                select count(*) from shipment_item
                where facility_key is null or product_key is null
                   or (invoiced_facility_id is not null and invoiced_facility_key is null)
                """, row -> row.getLong(1));
    }

    /**
     * What waits in quarantine, by facility and identification, most items first, at most so many. The facility is the one
     * invoiced where that is what is not known.
     */
    public List<Unresolved> unresolved(int limit) {
        return sql.list("""
                select case when i.facility_key is null or i.product_key is null
                            then s.facility_id else i.invoiced_facility_id end as facility_id,
                       i.id_type, i.id_value, count(*) as events, min(i.shipped_at) as since
                from shipment_item i join shipment s using (shipment_id)
                where i.facility_key is null or i.product_key is null
                   or (i.invoiced_facility_id is not null and i.invoiced_facility_key is null)
                group by 1, 2, 3 order by events desc, 1, 2, 3 limit ?
                """, Unresolved::of, limit);
    }

    /**
     * Facts in quarantine take effect as soon as product and facilities are known (R11). What is to be released is looked up
     * again under the lock: a correction may have been first.
     */
    public void release(@Observes CatalogChanged changed) {
        Set<String> revised = facts.outOfQuarantine();
        Set<String> shipments = new TreeSet<>(revised);
        shipments.addAll(sql.list("select distinct shipment_id from (%s) k".formatted(KNOWN), row -> row.getString(1)));
        if (!shipments.isEmpty()) {
            facts.lock(shipments);
            resolve(shipments.toArray(String[]::new));
        }
        if (!revised.isEmpty()) {
            bringUpToDate(revised);
        }
    }

    private void resolve(String[] shipments) {
        sql.update("""
                update shipment s set facility_key = f.facility_key from facility f
                where s.facility_key is null and f.facility_id = s.facility_id and s.shipment_id = any (?)
                """, (Object) shipments);
        sql.update("""
                update shipment_item i
                set facility_key = k.facility_key, product_key = k.product_key, invoiced_facility_key = k.invoiced_key
                from (%s) k
                where i.shipment_id = k.shipment_id and i.item_seq_id = k.item_seq_id and i.shipment_id = any (?)
                """.formatted(KNOWN), (Object) shipments);
    }

    private void bringUpToDate(Set<String> shipmentIds) {
        Map<FulfilmentFacts.ItemId, FulfilmentFacts.Shipped> shipped = facts.shipped(shipmentIds);
        Map<FulfilmentFacts.ItemId, FulfilmentFacts.Acknowledged> acknowledged = facts.acknowledged(shipmentIds);
        Map<String, Integer> facilities = catalog.facilityKeys();
        Map<Identification, Named> products = catalog.lookUp(shipped.values().stream()
                .map(each -> new Identification(each.idType(), each.idValue()))
                .distinct()
                .toList());
        Map<String, Shipment> shipments = find(shipmentIds);
        shipped.forEach((id, each) -> {
            Shipment shipment = shipments.computeIfAbsent(id.shipmentId(), key -> open(key, each, facilities));
            ShipmentItem item = shipment.item(id.itemSeqId());
            item.ship(each, productKey(products.get(new Identification(each.idType(), each.idValue()))));
            FulfilmentFacts.Acknowledged acknowledgement = acknowledged.get(id);
            if (acknowledgement != null) {
                item.acknowledge(acknowledgement, facilities.get(acknowledgement.facilityId()));
            }
        });
    }

    private Map<String, Shipment> find(Set<String> shipmentIds) {
        Map<String, Shipment> found = new HashMap<>();
        entities.createQuery("select s from Shipment s where s.shipmentId in :ids", Shipment.class)
                .setParameter("ids", shipmentIds)
                .getResultList()
                .forEach(shipment -> found.put(shipment.shipmentId(), shipment));
        return found;
    }

    private Shipment open(String shipmentId, FulfilmentFacts.Shipped shipped, Map<String, Integer> facilities) {
        Shipment shipment = new Shipment(
                shipmentId, shipped.facilityId(), facilities.get(shipped.facilityId()), shipped.shippedAt());
        entities.persist(shipment);
        return shipment;
    }

    /** An ambiguous identification leaves the item in quarantine: the product that is meant is not known. */
    private static @Nullable Integer productKey(@Nullable Named named) {
        return named == null || named.ambiguous() ? null : named.key();
    }
}
