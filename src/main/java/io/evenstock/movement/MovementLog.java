package io.evenstock.movement;

import io.evenstock.database.Sql;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The movements as they were recorded, page by page. */
@ApplicationScoped
class MovementLog {
    private static final String COLUMNS = """
            select entry_id, facility_id, id_type, id_value, (select product_id from product p
                   where p.product_key = m.product_key and m.facility_key is not null) as product_id,
                   quantity, reason, comments, event_id, till_id, sequence, occurred_at, booked_at, recorded_at,
                   first_status
            from movement m
            where entry_id > ? and facility_id = ? and occurred_at >= ? and occurred_at < ?
            """;

    @Inject
    Sql sql;

    /**
     * Which movements.
     *
     * @param after the entry after which to go on; 0: from the first
     * @param from the earliest time at which they occurred
     * @param to the first time at which they did not
     */
    record Page(String facilityId, long after, Instant from, Instant to, int limit) {}

    /**
     * An entry of the log.
     *
     * @param productId null: in quarantine
     */
    record Entry(
            long entryId,
            String facilityId,
            String idType,
            String idValue,
            @Nullable String productId,
            int quantity,
            String reason,
            @Nullable String comments,
            String eventId,
            @Nullable TillSequence till,
            Instant occurredAt,
            Instant bookedAt,
            Instant recordedAt,
            Outcome.Status firstStatus) {}

    /** A facility's movements, known or not. */
    List<Entry> ofFacility(Page page) {
        return list(page, "");
    }

    /** A product's movements at a facility, by whichever of its identifications they were told. */
    List<Entry> ofProduct(Page page, int productKey) {
        return list(page, """
                and product_key = ? and facility_key = (select facility_key from facility f where f.facility_id = m.facility_id)
                """, productKey);
    }

    /** What waits in quarantine under an identification. */
    List<Entry> ofUnknown(Page page, String idType, String idValue) {
        return list(page, """
                and id_type = ? and id_value = ? and (facility_key is null or product_key is null)
                """, idType, idValue);
    }

    private List<Entry> list(Page page, String condition, Object... arguments) {
        Object[] all = new Object[5 + arguments.length];
        all[0] = page.after();
        all[1] = page.facilityId();
        all[2] = page.from();
        all[3] = page.to();
        System.arraycopy(arguments, 0, all, 4, arguments.length);
        all[all.length - 1] = page.limit();
        return sql.list(COLUMNS + condition + " order by entry_id limit ?", MovementLog::entry, all);
    }

    private static Entry entry(ResultSet row) throws SQLException {
        String tillId = row.getString("till_id");
        return new Entry(
                row.getLong("entry_id"),
                row.getString("facility_id"),
                row.getString("id_type"),
                row.getString("id_value"),
                row.getString("product_id"),
                row.getInt("quantity"),
                row.getString("reason"),
                row.getString("comments"),
                row.getString("event_id"),
                tillId == null ? null : new TillSequence(tillId, row.getLong("sequence")),
                Sql.instant(row, "occurred_at"),
                Sql.instant(row, "booked_at"),
                Sql.instant(row, "recorded_at"),
                Outcome.Status.valueOf(row.getString("first_status")));
    }
}
