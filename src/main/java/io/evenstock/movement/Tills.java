package io.evenstock.movement;

import io.evenstock.database.Sql;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The tills' own counts of their events. A till's row holds the numbers received as ranges, so it is as large as its
 * gaps are many; late numbers close them, repeated ones change nothing.
 */
@ApplicationScoped
public class Tills {
    private static final int MAX_GAPS = 1_000;

    @Inject
    Sql sql;

    /** Takes the sequence numbers of movements that have just been recorded; those without are passed over. */
    void told(Collection<Movement> recorded) {
        List<Movement> counted =
                recorded.stream().filter(movement -> movement.till() != null).toList();
        if (!counted.isEmpty() && receive(counted) > 0) {
            giveUpTooManyGaps(counted);
        }
    }

    private int receive(List<Movement> counted) {
        return sql.update(
                """
                insert into till as t (facility_id, till_id, received)
                select facility_id, till_id, range_agg(int8range(sequence, sequence, '[]'))
                from unnest(?::text[], ?::text[], ?::bigint[]) as c(facility_id, till_id, sequence)
                group by facility_id, till_id order by facility_id collate "C", till_id collate "C"
                on conflict (facility_id, till_id) do update
                set received = (t.received + excluded.received) * int8multirange(int8range(t.watched_from, null)),
                    told_at = excluded.told_at
                """,
                facilities(counted),
                tills(counted),
                counted.stream().map(movement -> till(movement).sequence()).toArray(Long[]::new));
    }

    /** Somebody who counts in steps of two would make the row grow for ever. */
    private void giveUpTooManyGaps(List<Movement> counted) {
        sql.update("""
                update till t
                set received = t.received * int8multirange(int8range(k.lowest, null)), watched_from = k.lowest
                from (select facility_id, till_id, min(lower(range)) as lowest, count(*) as ranges
                      from (select facility_id, till_id, range,
                                   row_number() over (partition by facility_id, till_id order by range desc) as newest
                            from till join (select distinct * from unnest(?::text[], ?::text[]) as c(facility_id, till_id)) c
                                      using (facility_id, till_id), unnest(received) as range) r
                      where newest <= ? group by facility_id, till_id) k
                where t.facility_id = k.facility_id and t.till_id = k.till_id and k.ranges = ?
                  and lower(t.received) < k.lowest
                """, facilities(counted), tills(counted), MAX_GAPS + 1, MAX_GAPS + 1);
    }

    /**
     * The tills, in the order of facility and till.
     *
     * @param facilityId only this facility's; null: all
     * @param after the facility and till after which to go on; empty: from the first
     * @param ranges how many missing ranges of each are listed, the newest
     */
    public List<TillReport> list(@Nullable String facilityId, TillReport.Position after, int ranges, int limit) {
        return sql.list("""
                select facility_id, till_id, lower(received) as first, upper(received) - 1 as last, watched_from, told_at,
                       missing, listed
                from till
                cross join lateral (
                    select coalesce(sum(upper(gap) - lower(gap)), 0)::bigint as missing,
                           coalesce(json_agg(json_build_array(lower(gap), upper(gap) - 1) order by gap)
                                    filter (where newest <= ?), '[]')::text as listed
                    from (select gap, row_number() over (order by gap desc) as newest
                          from unnest(int8multirange(range_merge(received)) - received) as gap) g) m
                where (facility_id = ? or ?::text is null) and (facility_id, till_id) > (?, ?)
                order by facility_id, till_id limit ?
                """, TillReport::of, ranges, facilityId, facilityId, after.facilityId(), after.tillId(), limit);
    }

    /** Tills that told something lately, but have been silent for a while; the longest silence first. */
    public List<TillReport.Silent> silent(Duration silence, Duration lately, int limit) {
        return sql.list(
                """
                select facility_id, till_id, told_at from till
                where told_at < clock_timestamp() - ?::interval and told_at > clock_timestamp() - ?::interval
                order by told_at limit ?
                """,
                row -> new TillReport.Silent(
                        new TillReport.Position(row.getString(1), row.getString(2)), Sql.instant(row, "told_at")),
                silence.toString(),
                lately.toString(),
                limit);
    }

    private static String[] facilities(List<Movement> counted) {
        return counted.stream().map(Movement::facilityId).toArray(String[]::new);
    }

    private static String[] tills(List<Movement> counted) {
        return counted.stream().map(movement -> till(movement).tillId()).toArray(String[]::new);
    }

    private static TillSequence till(Movement movement) {
        return Objects.requireNonNull(movement.till());
    }
}
