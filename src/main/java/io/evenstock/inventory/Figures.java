package io.evenstock.inventory;

import io.evenstock.database.Sql;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The equation over the facts: the figures of any pairs, exact, in one statement. */
@ApplicationScoped
public class Figures {
    private static final String COLUMNS = """
            select facility_id, product_id, safety_stock, run_id, as_of, base, moved, shipped, withheld
            """;

    /**
     * The next products of a facility that have a fact: whatever has was published, or is marked to be, in the transaction of the
     * fact. So the whole catalogue is not gone through for a facility that has little of it.
     */
    private static final String PAGE = """
            with page as materialized (
                select product_key from (
                    (select p.product_id, p.product_key from product p
                     where p.product_id > ? and exists (select from published_inventory i
                                                        where i.facility_key = ? and i.product_key = p.product_key)
                     order by p.product_id limit ?)
                    union
                    (select p.product_id, p.product_key
                     from dirty_pair d, unnest(d.facility_keys, d.product_keys) u(facility_key, product_key)
                     join product p using (product_key)
                     where p.product_id > ? and u.facility_key = ?
                     order by p.product_id limit ?)
                    union
                    (select p.product_id, p.product_key
                     from dirty_bulk d join snapshot_run r on r.run_id = d.run_id
                     join snapshot_line l on l.part = coalesce(r.part, 0) and l.run_id = r.run_id
                     join product p using (product_key)
                     where p.product_id > ? and l.facility_key = ?
                     order by p.product_id limit ?)) u
                order by product_id limit ?)
            """;

    @Inject
    Sql sql;

    /** The figures of the pairs, in the order given; a pair that has no fact has figure 0. */
    public List<Figure> of(Collection<Pair> pairs) {
        return sql.list(
                COLUMNS + """
                from figures(?, ?) join facility using (facility_key) join product using (product_key)
                order by n
                """,
                Figures::figure,
                pairs.stream().map(Pair::facilityKey).toArray(Integer[]::new),
                pairs.stream().map(Pair::productKey).toArray(Integer[]::new));
    }

    /**
     * The pairs of a facility that have a fact, in the order of product ids.
     *
     * @param start the product id after which to go on; null: from the first
     */
    public List<Figure> ofFacility(int facilityKey, @Nullable String start, int limit) {
        String after = start == null ? "" : start;
        return sql.list(
                PAGE + COLUMNS + """
                from figures(array(select ?::integer from page), array(select product_key from page))
                join facility using (facility_key) join product using (product_key)
                order by product_id
                """,
                Figures::figure,
                after,
                facilityKey,
                limit,
                after,
                facilityKey,
                limit,
                after,
                facilityKey,
                limit,
                limit,
                facilityKey);
    }

    /** The figures of a product at every facility where it has a fact, in the order of facility ids. */
    public List<Figure> ofProduct(int productKey) {
        return sql.list(
                """
                with page as materialized (
                    select f.facility_key from facility f
                    where exists (select from snapshot_line l where l.facility_key = f.facility_key and l.product_key = ?)
                       or exists (select from movement m where m.facility_key = f.facility_key and m.product_key = ?)
                       or exists (select from shipment_item s where s.facility_key = f.facility_key and s.product_key = ?)
                       or exists (select from shipment_item s
                                  where s.invoiced_facility_key = f.facility_key and s.product_key = ?))
                """ + COLUMNS + """
                from figures(array(select facility_key from page), array(select ?::integer from page))
                join facility using (facility_key) join product using (product_key)
                order by facility_id
                """, Figures::figure, productKey, productKey, productKey, productKey, productKey);
    }

    private static Figure figure(ResultSet row) throws SQLException {
        long runId = row.getLong("run_id");
        Figure.Snapshot snapshot =
                row.wasNull() ? null : new Figure.Snapshot(runId, Sql.instant(row, "as_of"), row.getInt("base"));
        return new Figure(
                row.getString("facility_id"),
                row.getString("product_id"),
                snapshot,
                row.getLong("moved"),
                row.getLong("shipped"),
                row.getLong("withheld"),
                row.getInt("safety_stock"));
    }
}
