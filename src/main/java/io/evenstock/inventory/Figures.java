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
     * @param after the product id after which to go on; null: from the first
     */
    public List<Figure> ofFacility(int facilityKey, @Nullable String after, int limit) {
        return sql.list(
                """
                with page as materialized (
                    select p.product_key from product p
                    where p.product_id > ?
                      and (exists (select from snapshot_line l where l.facility_key = ? and l.product_key = p.product_key)
                        or exists (select from movement m where m.facility_key = ? and m.product_key = p.product_key)
                        or exists (select from shipment_item s where s.facility_key = ? and s.product_key = p.product_key)
                        or exists (select from shipment_item s
                                   where s.invoiced_facility_key = ? and s.product_key = p.product_key))
                    order by p.product_id limit ?)
                """ + COLUMNS + """
                from figures(array(select ?::integer from page), array(select product_key from page))
                join facility using (facility_key) join product using (product_key)
                order by product_id
                """,
                Figures::figure,
                after == null ? "" : after,
                facilityKey,
                facilityKey,
                facilityKey,
                facilityKey,
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
