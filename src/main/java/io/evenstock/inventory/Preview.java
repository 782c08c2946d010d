package io.evenstock.inventory;

import io.evenstock.database.Sql;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.List;

/** What a loaded run would do to the figures, were it applied: the same equation, with the run as a candidate. */
@ApplicationScoped
public class Preview {
    private static final String EFFECTS = """
            with pairs as materialized (
                select array_agg(facility_key order by facility_key, product_key) as facilities,
                       array_agg(product_key order by facility_key, product_key) as products
                from snapshot_line
                where part = (select part from snapshot_run where run_id = ?) and run_id = ?),
            effect as materialized (
                select n.facility_key, n.product_key, n.base + n.moved + n.shipped as after,
                       b.base + b.moved + b.shipped as before
                from figures((select facilities from pairs), (select products from pairs), ?) n
                join figures((select facilities from pairs), (select products from pairs)) b using (n))
            """;

    @Inject
    Sql sql;

    /**
     * Units gained and lost at a facility.
     *
     * @param pairs how many pairs change
     */
    public record FacilityEffect(String facilityId, long gained, long lost, long pairs) {}

    /** A pair's quantity on hand now and with the run. */
    public record PairEffect(String facilityId, String productId, long before, long after) {}

    /** By facility, in the order of their ids. */
    public List<FacilityEffect> byFacility(long runId) {
        return sql.list(
                EFFECTS + """
                select facility_id, coalesce(sum(after - before) filter (where after > before), 0),
                       coalesce(sum(before - after) filter (where after < before), 0),
                       count(*) filter (where after <> before)
                from effect join facility using (facility_key) group by facility_id order by facility_id
                """,
                row -> new FacilityEffect(row.getString(1), row.getLong(2), row.getLong(3), row.getLong(4)),
                runId,
                runId,
                runId);
    }

    /** The pairs that change most. */
    public List<PairEffect> topMovers(long runId, int limit) {
        return pairs(runId, "after <> before order by abs(after - before) desc, facility_id, product_id", limit);
    }

    /** The pairs that would go negative. */
    public List<PairEffect> goingNegative(long runId, int limit) {
        return pairs(runId, "after < 0 and before >= 0 order by after, facility_id, product_id", limit);
    }

    /** Products sold online of which the file has no row at all. */
    public List<String> lacking(long runId, int limit) {
        return sql.list("""
                select product_id from product p
                where active and not exists (select from snapshot_line l
                                             where l.part = (select part from snapshot_run where run_id = ?)
                                               and l.run_id = ? and l.product_key = p.product_key)
                order by product_id limit ?
                """, row -> row.getString(1), runId, runId, limit);
    }

    private List<PairEffect> pairs(long runId, String which, int limit) {
        return sql.list(
                EFFECTS + """
                select facility_id, product_id, before, after
                from effect join facility using (facility_key) join product using (product_key)
                where %s limit ?
                """.formatted(which),
                row -> new PairEffect(row.getString(1), row.getString(2), row.getLong(3), row.getLong(4)),
                runId,
                runId,
                runId,
                limit);
    }
}
