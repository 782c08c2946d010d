package io.evenstock.fulfilment;

import io.evenstock.database.Sql;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.math.BigDecimal;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What was shipped, but is not acknowledged: what Retail Pro's figures lack. */
@ApplicationScoped
public class OpenShipments {
    private static final String LINES = """
            select i.shipment_id, i.item_seq_id, s.facility_id, i.id_type, i.id_value, p.product_id, i.shipped_at,
                   i.quantity, i.acknowledged_quantity, i.acknowledged_at,
                   p.unit_price * (i.quantity - i.acknowledged_quantity) as value
            from shipment_item i join shipment s using (shipment_id) left join product p using (product_key)
            """;

    @Inject
    Sql sql;

    /**
     * A facility's open items by how long ago they were shipped, in units.
     *
     * @param facilityId known or not
     * @param value of the units whose price is known, in the retailer's currency
     * @param unpriced units whose product has no price, or is not known
     */
    public record FacilityAges(
            String facilityId,
            long items,
            long units,
            long day,
            long threeDays,
            long week,
            long older,
            BigDecimal value,
            long unpriced,
            Instant oldest) {}

    /**
     * An item of a shipment.
     *
     * @param productId null: not known, in quarantine
     * @param value of what is open, in the retailer's currency; null: no price is known
     */
    public record Line(
            String shipmentId,
            String itemSeqId,
            String facilityId,
            String idType,
            String idValue,
            @Nullable String productId,
            Instant shippedAt,
            int shipped,
            int acknowledged,
            @Nullable Instant acknowledgedAt,
            @Nullable BigDecimal value) {
        /** Units that Retail Pro has not acknowledged. */
        public int open() {
            return shipped - acknowledged;
        }
    }

    /** All facilities that have open items, the one with most units first. */
    public List<FacilityAges> byFacility() {
        return sql.list(
                """
                select facility_id, count(*) as items, sum(open) as units,
                       coalesce(sum(open) filter (where age < interval '1 day'), 0) as day,
                       coalesce(sum(open) filter (where age >= interval '1 day' and age < interval '3 days'), 0) as three,
                       coalesce(sum(open) filter (where age >= interval '3 days' and age < interval '7 days'), 0) as week,
                       coalesce(sum(open) filter (where age >= interval '7 days'), 0) as older,
                       coalesce(sum(open * unit_price), 0) as value,
                       coalesce(sum(open) filter (where unit_price is null), 0) as unpriced,
                       min(shipped_at) as oldest
                from (select s.facility_id, i.quantity - i.acknowledged_quantity as open, p.unit_price, i.shipped_at,
                             clock_timestamp() - i.shipped_at as age
                      from shipment_item i join shipment s using (shipment_id) left join product p using (product_key)
                      where i.acknowledged_quantity < i.quantity) o
                group by facility_id order by units desc, facility_id
                """,
                row -> new FacilityAges(
                        row.getString("facility_id"),
                        row.getLong("items"),
                        row.getLong("units"),
                        row.getLong("day"),
                        row.getLong("three"),
                        row.getLong("week"),
                        row.getLong("older"),
                        row.getBigDecimal("value"),
                        row.getLong("unpriced"),
                        Sql.instant(row, "oldest")));
    }

    /** A facility's open items, the oldest first; some are passed over. */
    public List<Line> ofFacility(String facilityId, int passed, int limit) {
        return sql.list(LINES + """
                where s.facility_id = ? and i.acknowledged_quantity < i.quantity
                order by i.shipped_at, i.shipment_id, i.item_seq_id offset ? limit ?
                """, OpenShipments::line, facilityId, passed, limit);
    }

    /** All items of a shipment, open or not; none: there is no such shipment. */
    public List<Line> ofShipment(String shipmentId) {
        return sql.list(LINES + "where i.shipment_id = ? order by i.item_seq_id", OpenShipments::line, shipmentId);
    }

    private static Line line(ResultSet row) throws SQLException {
        return new Line(
                row.getString("shipment_id"),
                row.getString("item_seq_id"),
                row.getString("facility_id"),
                row.getString("id_type"),
                row.getString("id_value"),
                row.getString("product_id"),
                Sql.instant(row, "shipped_at"),
                row.getInt("quantity"),
                row.getInt("acknowledged_quantity"),
                Sql.optionalInstant(row, "acknowledged_at"),
                row.getBigDecimal("value"));
    }
}
