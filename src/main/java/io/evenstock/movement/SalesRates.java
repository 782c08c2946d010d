package io.evenstock.movement;

import io.evenstock.database.Sql;
import io.evenstock.settings.Settings;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Clock;
import java.time.Instant;
import java.util.List;

/**
 * Sales a minute of each facility against its usual, by when they came: so that one that tells nothing shows. The window is
 * the last hour; usual is the same hour of the same weekday, by the business's clock, of the last four weeks.
 */
@ApplicationScoped
public class SalesRates {
    public static final int WINDOW_MINUTES = 60;

    @Inject
    Sql sql;

    @Inject
    Settings settings;

    @Inject
    Clock clock;

    /** All facilities that sold in any of these hours, the one that lacks most sales first. */
    public List<SalesRate> now(int limit) {
        Instant now = clock.instant();
        return sql.list(
                """
                with w as (
                    select n as weeks_ago, ((?::timestamptz at time zone ?) - n * interval '7 days') at time zone ? as ends
                    from generate_series(0, 4) n),
                sold as (
                    select m.facility_id, w.weeks_ago, count(*) as sales
                    from w join lateral (
                        select facility_id from movement
                        where recorded_at > w.ends - ? * interval '1 minute' and recorded_at <= w.ends and quantity < 0
                    ) m on true
                    group by m.facility_id, w.weeks_ago)
                select facility_id,
                       coalesce(sum(sales) filter (where weeks_ago = 0), 0) as sales,
                       coalesce(sum(sales) filter (where weeks_ago > 0), 0) as before,
                       coalesce(max(weeks_ago), 0) as weeks
                from sold group by facility_id
                order by coalesce(sum(sales) filter (where weeks_ago > 0), 0)::double precision / greatest(1, max(weeks_ago))
                       - coalesce(sum(sales) filter (where weeks_ago = 0), 0) desc, facility_id
                limit ?
                """,
                row -> new SalesRate(
                        row.getString("facility_id"),
                        row.getLong("sales"),
                        (double) row.getLong("before") / Math.max(1, row.getInt("weeks")),
                        row.getInt("weeks"),
                        WINDOW_MINUTES),
                now,
                settings.zone().getId(),
                settings.zone().getId(),
                WINDOW_MINUTES,
                limit);
    }
}
