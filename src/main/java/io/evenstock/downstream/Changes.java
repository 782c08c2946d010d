package io.evenstock.downstream;

import io.evenstock.database.Sql;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What was published, after a cursor: each pair once, with its newest figures. The urgent lane comes first, so that a sale is
 * told before the rest of a bulk.
 *
 * <p>Versions are given under a lock that is held until they are visible, so they become visible in their order; a pair that
 * changes gets a version beyond all that were visible. Hence nothing can appear behind a cursor.
 */
@ApplicationScoped
class Changes {
    private static final String LANE = """
            (select facility_key, product_key, on_hand, available, version, bulk, published_at
             from published_inventory
             where %s bulk and version > ? and (?::integer is null or facility_key in
                   (select facility_key from channel_facility where channel_key = ?))
             order by version limit ?)
            """;

    private static final String LANES =
            "select * from (" + LANE.formatted("not") + " union all " + LANE.formatted("") + ") lanes";

    private static final String PAIRS =
            "select facility_id, product_id, on_hand, available, version, bulk, published_at"
                    + " from (" + LANES + " order by bulk, version limit ?) page"
                    + " join facility using (facility_key) join product using (product_key) order by bulk, version";

    private static final String PRODUCTS =
            "with page as materialized (" + LANES + " order by bulk, version limit ?)" + """
            , ends as (select count(*) as n, max(version) filter (where not bulk) as urgent,
                              max(version) filter (where bulk) as bulk from page)
            select p.product_id, s.on_hand, s.version, s.published_at, e.n, e.urgent, e.bulk,
                   greatest(0, s.available - c.safety_units
                               - ceil(s.available * c.safety_percent / 100.0)::bigint) as available
            from (select product_key, coalesce(sum(on_hand) filter (where f.member), 0)::bigint as on_hand,
                         coalesce(sum(available) filter (where f.member), 0)::bigint as available,
                         max(version) as version, max(published_at) as published_at
                  from published_inventory i join channel_facility f using (facility_key)
                  where f.channel_key = ? and product_key in (select product_key from page)
                  group by product_key) s
            join product p using (product_key) join channel c on c.channel_key = ? cross join ends e
            order by s.version
            """;

    @Inject
    Sql sql;

    /**
     * A page.
     *
     * @param next the cursor behind it
     * @param full whether there may be more
     */
    record Page(List<Change> items, Cursor next, boolean full) {}

    /** The changes after a cursor, at most {@code limit}; of a channel's products, those of so many pairs. */
    Page after(Cursor cursor, int limit, @Nullable Integer channelKey) {
        // Read before the page: whatever is not in a page that is not full stands beyond these.
        Cursor ends = ends();
        return channelKey == null ? pairs(cursor, ends, limit) : products(cursor, ends, limit, channelKey);
    }

    /** The last version of each lane. */
    Cursor ends() {
        return sql.one("""
                select coalesce((select max(version) from published_inventory where not bulk), 0),
                       coalesce((select max(version) from published_inventory where bulk), 0)
                """, row -> new Cursor(row.getLong(1), row.getLong(2)));
    }

    private Page pairs(Cursor cursor, Cursor ends, int limit) {
        Cursor[] seen = {cursor};
        List<Change> items = sql.list(
                PAIRS,
                row -> {
                    seen[0] = seen(seen[0], row);
                    return change(row, row.getString("facility_id"));
                },
                arguments(cursor, limit, null));
        return page(items, items.size() == limit, cursor, seen[0], ends);
    }

    private Page products(Cursor cursor, Cursor ends, int limit, int channelKey) {
        Cursor[] seen = {cursor};
        boolean[] full = {false};
        List<@Nullable Object> arguments = new ArrayList<>(List.of(arguments(cursor, limit, channelKey)));
        arguments.add(channelKey);
        arguments.add(channelKey);
        List<Change> items = sql.list(
                PRODUCTS,
                row -> {
                    seen[0] = new Cursor(row.getLong("urgent"), row.getLong("bulk")).atLeast(cursor);
                    full[0] = row.getLong("n") == limit;
                    return change(row, null);
                },
                arguments.toArray());
        return page(items, full[0], cursor, seen[0], ends);
    }

    /** A full page ends within a lane: the urgent one is read to its end only if the page went on to the other. */
    private static Page page(List<Change> items, boolean full, Cursor cursor, Cursor seen, Cursor ends) {
        if (!full) {
            return new Page(items, seen.atLeast(ends), false);
        }
        return new Page(items, seen.bulk() > cursor.bulk() ? seen.atLeast(new Cursor(ends.urgent(), 0)) : seen, true);
    }

    private static Cursor seen(Cursor before, ResultSet row) throws SQLException {
        long version = row.getLong("version");
        return before.atLeast(row.getBoolean("bulk") ? new Cursor(0, version) : new Cursor(version, 0));
    }

    private static Change change(ResultSet row, @Nullable String facilityId) throws SQLException {
        return new Change(
                facilityId,
                row.getString("product_id"),
                row.getLong("on_hand"),
                row.getLong("available"),
                row.getLong("version"),
                Sql.instant(row, "published_at"));
    }

    private static @Nullable Object[] arguments(Cursor cursor, int limit, @Nullable Integer channelKey) {
        return new @Nullable Object[] {
            cursor.urgent(), channelKey, channelKey, limit, cursor.bulk(), channelKey, channelKey, limit, limit
        };
    }
}
