package io.evenstock.catalog;

import io.evenstock.access.Actor;
import io.evenstock.access.Audit;
import io.evenstock.database.Sql;
import io.evenstock.http.ProblemException;
import jakarta.ejb.Stateless;
import jakarta.enterprise.event.Event;
import jakarta.inject.Inject;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;

/** Products, their identifications, and facilities. Written in batches, each one transaction. */
@Stateless
public class Catalog {
    @Inject
    Sql sql;

    @Inject
    Event<CatalogChanged> changes;

    @Inject
    Audit audit;

    /** Makes the facilities known, or renames them. The last of two with the same id counts. */
    public void putFacilities(Collection<Facility> facilities) {
        List<Facility> distinct = List.copyOf(lastById(facilities, Facility::facilityId));
        sql.update("""
                insert into facility (facility_id, name)
                select * from unnest(?::text[], ?::text[]) as f(facility_id, name) order by facility_id
                on conflict (facility_id) do update set name = excluded.name where facility.name <> excluded.name
                """, texts(distinct, Facility::facilityId), texts(distinct, Facility::name));
        changes.fire(new CatalogChanged());
    }

    /** Makes the products known, or replaces what was known of them, identifications included. */
    public void putProducts(Collection<Product> products) {
        List<Product> distinct = List.copyOf(lastById(products, Product::productId));
        upsertProducts(distinct);
        replaceIdentifications(distinct);
        changes.fire(new CatalogChanged());
    }

    /** Somebody has made a facility known by hand. */
    public void makeKnown(Facility facility, Actor by) {
        putFacilities(List.of(facility));
        audit.record(by, "facility made known", "facility " + facility.facilityId(), facility.name());
    }

    /** From now on a value names a product, too: somebody says so. @throws ProblemException 404 if there is no such product */
    public void identify(String productId, Identification identification, Actor by) {
        Found found =
                product(productId).orElseThrow(() -> ProblemException.notFound("There is no product " + productId));
        sql.update(
                "insert into identification (id_type, id_value, product_key) values (?, ?, ?) on conflict do nothing",
                identification.idType(),
                identification.idValue(),
                found.productKey());
        audit.record(by, "identification added", "product " + productId, identification.toString());
        changes.fire(new CatalogChanged());
    }

    /** The product that a value names; empty: unknown. @throws AmbiguousException if it names several */
    public Optional<Integer> productKey(Identification identification) {
        return Optional.ofNullable(lookUp(List.of(identification)).get(identification))
                .map(named -> named.productKey(identification));
    }

    /** What each of the values names; a value that names nothing is not in the map. */
    public Map<Identification, Named> lookUp(Collection<Identification> identifications) {
        Map<Identification, Named> found = new HashMap<>();
        sql.list(
                """
                select id_type, id_value, min(product_key), count(*)
                from identification join unnest(?::text[], ?::text[]) as wanted(id_type, id_value) using (id_type, id_value)
                group by id_type, id_value
                """,
                row -> found.put(
                        new Identification(row.getString(1), row.getString(2)),
                        new Named(row.getInt(3), row.getLong(4) > 1)),
                texts(identifications, Identification::idType),
                texts(identifications, Identification::idValue));
        return found;
    }

    /** A product as people look for it. */
    public record Found(int productKey, Product product) {}

    /**
     * Products that somebody may mean: by any identification's value, by id, or by a part of the name; what is named
     * exactly comes first, then what is sold online.
     */
    public List<Found> search(String text, int limit) {
        return sql.list("""
                select p.product_key, p.product_id, p.name, p.active, p.safety_stock, p.unit_price,
                       array(select id_type from identification i where i.product_key = p.product_key
                             order by id_type, id_value) as types,
                       array(select id_value from identification i where i.product_key = p.product_key
                             order by id_type, id_value) as values
                from (select product_key, min(rank) as rank
                      from (select product_key, 0 as rank from identification where id_value = ?
                            union all
                            select product_key, 1 from product where product_id = ?
                            union all
                            (select product_key, 2 from product where position(lower(?) in lower(name)) > 0 limit ?)) m
                      group by product_key) f
                join product p using (product_key)
                order by rank, p.active desc, p.name, p.product_id limit ?
                """, Catalog::found, text, text, text, limit, limit);
    }

    /** A product with its identifications; empty: there is none of that id. */
    public Optional<Found> product(String productId) {
        return sql.first("""
                select p.product_key, p.product_id, p.name, p.active, p.safety_stock, p.unit_price,
                       array(select id_type from identification i where i.product_key = p.product_key
                             order by id_type, id_value) as types,
                       array(select id_value from identification i where i.product_key = p.product_key
                             order by id_type, id_value) as values
                from product p where product_id = ?
                """, Catalog::found, productId);
    }

    /** The names of all facilities by external id. */
    public Map<String, String> facilityNames() {
        Map<String, String> names = new HashMap<>();
        sql.list("select facility_id, name from facility", row -> names.put(row.getString(1), row.getString(2)));
        return names;
    }

    /** The key of a facility by its external id; empty: unknown. */
    public Optional<Integer> facilityKey(String facilityId) {
        return sql.first("select facility_key from facility where facility_id = ?", row -> row.getInt(1), facilityId);
    }

    /** All facilities' keys by external id. */
    public Map<String, Integer> facilityKeys() {
        Map<String, Integer> keys = new HashMap<>();
        sql.list("select facility_id, facility_key from facility", row -> keys.put(row.getString(1), row.getInt(2)));
        return keys;
    }

    /**
     * The next identifications of active products (sold online) in the order of product ids, whole products only.
     *
     * @param after the product id after which to go on; empty: from the first
     */
    public List<ActiveIdentification> active(String after, int products) {
        return sql.list(
                """
                select product_id, id_type, id_value
                from (select product_id, product_key from product where active and product_id > ?
                      order by product_id limit ?) p
                join identification using (product_key)
                order by product_id, id_type, id_value
                """,
                row -> new ActiveIdentification(
                        row.getString(1), new Identification(row.getString(2), row.getString(3))),
                after,
                products);
    }

    private void upsertProducts(List<Product> products) {
        sql.update(
                """
                insert into product (product_id, name, active, safety_stock, unit_price)
                select * from unnest(?::text[], ?::text[], ?::boolean[], ?::integer[], ?::text[]::numeric[])
                       as p(product_id, name, active, safety_stock, unit_price) order by product_id
                on conflict (product_id) do update
                set name = excluded.name, active = excluded.active, safety_stock = excluded.safety_stock,
                    unit_price = excluded.unit_price
                """,
                texts(products, Product::productId),
                texts(products, Product::name),
                products.stream().map(Product::active).toArray(Boolean[]::new),
                products.stream().map(Product::safetyStock).toArray(Integer[]::new),
                products.stream()
                        .map(product -> Objects.toString(product.unitPrice(), null))
                        .toArray(String[]::new));
    }

    private void replaceIdentifications(List<Product> products) {
        List<String> owners = new ArrayList<>();
        List<Identification> identifications = new ArrayList<>();
        for (Product product : products) {
            for (Identification identification : product.identifications()) {
                owners.add(product.productId());
                identifications.add(identification);
            }
        }
        Object[] wanted = {
            owners.toArray(String[]::new),
            texts(identifications, Identification::idType),
            texts(identifications, Identification::idValue)
        };
        sql.update("""
                delete from identification i using product p
                where p.product_key = i.product_key and p.product_id = any (?)
                  and (p.product_id, i.id_type, i.id_value) not in (select * from unnest(?::text[], ?::text[], ?::text[]))
                """, texts(products, Product::productId), wanted[0], wanted[1], wanted[2]);
        sql.update("""
                insert into identification (id_type, id_value, product_key)
                select w.id_type, w.id_value, p.product_key
                from unnest(?::text[], ?::text[], ?::text[]) as w(product_id, id_type, id_value)
                join product p using (product_id)
                order by 1, 2
                on conflict do nothing
                """, wanted);
    }

    private static Found found(ResultSet row) throws SQLException {
        String[] types = (String[]) row.getArray("types").getArray();
        String[] values = (String[]) row.getArray("values").getArray();
        List<Identification> identifications = new ArrayList<>();
        for (int i = 0; i < types.length; i++) {
            identifications.add(new Identification(types[i], values[i]));
        }
        return new Found(
                row.getInt("product_key"),
                new Product(
                        row.getString("product_id"),
                        row.getString("name"),
                        row.getBoolean("active"),
                        row.getInt("safety_stock"),
                        row.getBigDecimal("unit_price"),
                        identifications));
    }

    private static <T> Collection<T> lastById(Collection<T> all, Function<T, String> id) {
        Map<String, T> byId = new LinkedHashMap<>();
        all.forEach(each -> byId.put(id.apply(each), each));
        return byId.values();
    }

    private static <T> String[] texts(Collection<T> all, Function<T, String> text) {
        return all.stream().map(text).toArray(String[]::new);
    }
}
