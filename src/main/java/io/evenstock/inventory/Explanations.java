package io.evenstock.inventory;

import io.evenstock.database.Sql;
import io.evenstock.inventory.Explanation.BaseEntry;
import io.evenstock.inventory.Explanation.FileRef;
import io.evenstock.inventory.Explanation.MovementEntry;
import io.evenstock.inventory.Explanation.ShippedItem;
import io.evenstock.inventory.Explanation.Sum;
import io.evenstock.stock.ItemId;
import io.evenstock.stock.Variance;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Why a pair's figure is what it is: read in one statement, so that every term is of the same moment. */
@ApplicationScoped
public class Explanations {
    private static final String FACTS = """
            with asked as materialized (
                select ?::integer as facility_key, ?::integer as product_key, ?::integer as most),
            base as materialized (
                select b.*, r.source_name, r.source_sha256, r.filtered_name, r.filtered_sha256, r.applied_at
                from asked a, pair_base(a.facility_key, a.product_key) b join snapshot_run r using (run_id)),
            t0 as materialized (
                select coalesce((select as_of from base), '-infinity') as as_of),
            told as not materialized (
                select entry_id, event_id, reason, quantity, occurred_at, booked_at, recorded_at, comments
                from movement
                where facility_key = (select facility_key from asked) and product_key = (select product_key from asked)),
            since as not materialized (
                select * from told where booked_at > (select as_of from t0)),
            absorbed as not materialized (
                select * from told
                where booked_at <= (select as_of from t0) and recorded_at > (select applied_at from base)),
            shipped as materialized (
                select s.shipment_id, s.item_seq_id, s.shipped_at, sum(s.quantity) as quantity,
                       bool_or(v.run_id is not null) as lined,
                       bool_or(v.run_id is not null) and (select variance from base) is not distinct from 'PENDING'
                           as pending
                from shipped_not_acknowledged s
                left join variance_line v
                       on v.run_id = (select run_id from base) and v.shipment_id = s.shipment_id
                      and v.item_seq_id = s.item_seq_id and v.facility_key = s.facility_key
                where s.facility_key = (select facility_key from asked)
                  and s.product_key = (select product_key from asked)
                  and s.from_at <= (select as_of from t0) and (select as_of from t0) < s.until_at
                group by s.shipment_id, s.item_seq_id, s.shipped_at)
            select facility_id, product_id, safety_stock, base.*,
                   (select coalesce(json_agg(e), '[]')
                    from (select * from since order by booked_at desc, entry_id desc
                          limit (select most from asked)) e) as since_read,
                   (select coalesce(json_agg(e), '[]')
                    from (select * from absorbed order by booked_at desc, entry_id desc
                          limit (select most from asked)) e) as absorbed_read,
                   (select coalesce(json_agg(e), '[]')
                    from (select o.lined, i.shipment_id, i.item_seq_id, h.facility_id, i.quantity, i.shipped_at,
                                 case when i.invoiced_facility_id is null or i.invoiced_facility_key is not null
                                      then i.acknowledged_at end as acknowledged_at,
                                 i.acknowledged_quantity, i.invoiced_facility_id, i.transfer_slip_at
                          from (select * from shipped order by shipped_at desc, shipment_id desc, item_seq_id desc
                                limit (select most from asked)) o
                          join shipment_item i using (shipment_id, item_seq_id)
                          join shipment h using (shipment_id)) e) as shipped_read,
                   since_count, since_quantity, absorbed_count, shipped_count, shipped_quantity, shipped_withheld
            from asked
            join facility using (facility_key)
            join product using (product_key)
            left join base on true
            cross join lateral (
                select count(*) as since_count, coalesce(sum(quantity), 0) as since_quantity
                from (select quantity from since order by booked_at desc, entry_id desc offset asked.most) o) m
            cross join lateral (select greatest(0, count(*) - asked.most) as absorbed_count from absorbed) l
            cross join lateral (
                select count(*) as shipped_count,
                       coalesce(sum(quantity) filter (where not pending), 0) as shipped_quantity,
                       coalesce(-sum(quantity) filter (where pending and quantity < 0), 0) as shipped_withheld
                from (select * from shipped order by shipped_at desc, shipment_id desc, item_seq_id desc
                      offset asked.most) o) s
            """;

    @Inject
    Sql sql;

    /**
     * Explains the figure of a pair.
     *
     * @param most entries of each term; those beyond are counted and summed up
     */
    public Explanation of(Pair pair, int most) {
        return of(pair, most, sql);
    }

    static Explanation of(Pair pair, int most, Sql sql) {
        return sql.one(FACTS, Explanations::facts, pair.facilityKey(), pair.productKey(), most)
                .explained();
    }

    private static PairFacts facts(ResultSet row) throws SQLException {
        String shipped = row.getString("shipped_read");
        return new PairFacts(
                row.getString("facility_id"),
                row.getString("product_id"),
                row.getInt("safety_stock"),
                base(row),
                progress(row.getString("variance")),
                read(row, "since", new Sum(row.getLong("since_count"), row.getLong("since_quantity"), 0)),
                read(row, "absorbed", new Sum(row.getLong("absorbed_count"), 0, 0)),
                new PairFacts.Read<>(
                        JsonRow.list(shipped, Explanations::shippedItem),
                        new Sum(
                                row.getLong("shipped_count"),
                                row.getLong("shipped_quantity"),
                                row.getLong("shipped_withheld"))),
                lined(shipped));
    }

    private static @Nullable BaseEntry base(ResultSet row) throws SQLException {
        long runId = row.getLong("run_id");
        if (row.wasNull()) {
            return null;
        }
        FileRef source = new FileRef(row.getString("source_name"), row.getString("source_sha256"));
        String filtered = row.getString("filtered_name");
        return new BaseEntry(
                runId,
                Sql.instant(row, "as_of"),
                row.getInt("quantity"),
                filtered == null ? source : new FileRef(filtered, row.getString("filtered_sha256")),
                row.getInt("line"),
                source,
                Sql.instant(row, "applied_at"));
    }

    static Variance.@Nullable Progress progress(@Nullable String variance) {
        if (variance == null) {
            return null;
        }
        return switch (variance) {
            case "PENDING" -> Variance.Progress.OPEN;
            case "RECORDED" -> Variance.Progress.DONE;
            default -> Variance.Progress.DROPPED;
        };
    }

    private static PairFacts.Read<MovementEntry> read(ResultSet row, String term, Sum omitted) throws SQLException {
        return new PairFacts.Read<>(JsonRow.list(row.getString(term + "_read"), Explanations::movement), omitted);
    }

    private static MovementEntry movement(JsonRow row) {
        return new MovementEntry(
                row.number("entry_id"),
                row.text("event_id"),
                row.text("reason"),
                row.integer("quantity"),
                row.instant("occurred_at"),
                row.instant("booked_at"),
                row.instant("recorded_at"),
                row.optionalText("comments"));
    }

    private static ShippedItem shippedItem(JsonRow row) {
        return new ShippedItem(
                row.text("shipment_id"),
                row.text("item_seq_id"),
                row.text("facility_id"),
                row.integer("quantity"),
                row.instant("shipped_at"),
                row.optionalInstant("acknowledged_at"),
                row.integer("acknowledged_quantity"),
                row.optionalText("invoiced_facility_id"),
                row.optionalInstant("transfer_slip_at"));
    }

    private static Set<ItemId> lined(String shipped) {
        return JsonRow.list(shipped, row -> row).stream()
                .filter(row -> row.flag("lined"))
                .map(row -> new ItemId(row.text("shipment_id"), row.text("item_seq_id")))
                .collect(Collectors.toSet());
    }
}
