package io.evenstock.inventory;

import io.evenstock.database.Sql;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The difference between a night's file and what the facts known by then made us expect of it: by night, by facility, and pair
 * by pair with its likely cause. The rule: docs/decisions/0013. All quantities are units.
 */
@ApplicationScoped
public class Drift {
    /** So many of a facility's differences are kept, the largest. */
    public static final int PAIRS_KEPT = 200;

    /** Of so few pairs a share says nothing. */
    private static final int FEWEST_PAIRS = 100;

    private static final String SUMS = """
            count(*) as facilities, sum(d.pairs) as pairs, sum(d.first_pairs) as first_pairs,
            sum(d.differing) as differing, sum(d.units_more) as units_more, sum(d.units_less) as units_less
            """;

    private static final String DIFFERENCES = """
            with night as (
                select r.run_id, r.as_of, r.applied_at, f.facility_key, f.facility_id
                from snapshot_run r, facility f
                where r.run_id = ? and f.facility_id = ?),
            told as (
                select p.product_id, d.quantity, d.expected, d.quantity - d.expected as difference,
                       m.late, s.shipped - d.shipped as acknowledged, m.twice, s.open, s.items, t.missing,
                       d.quantity - d.expected - m.late + s.shipped - d.shipped as rest
                from night n
                join drift_pair d on d.run_id = n.run_id and d.facility_key = n.facility_key
                join product p on p.product_key = d.product_key
                cross join lateral (
                    select coalesce(sum(k.units) filter (where k.late), 0) as late,
                           coalesce(-sum(k.units - k.quantity) filter (where not k.late), 0) as twice
                    from (select m.recorded_at > n.applied_at as late, m.quantity, sum(m.quantity) as units
                          from movement m
                          where m.facility_key = d.facility_key and m.product_key = d.product_key
                            and m.booked_at > d.since and m.booked_at <= n.as_of
                          group by m.recorded_at > n.applied_at, m.occurred_at, m.quantity, m.reason) k) m
                cross join lateral (
                    select coalesce(sum(v.quantity) filter (where v.from_at <= n.as_of and n.as_of < v.until_at), 0)
                         - coalesce(sum(v.quantity) filter (where v.from_at <= d.since and d.since < v.until_at), 0) as shipped,
                           coalesce(sum(v.quantity) filter (where v.quantity < 0 and v.until_at = 'infinity'
                                                              and v.shipped_at <= n.as_of), 0) as open,
                           array_agg(v.quantity::bigint) filter (where v.quantity < 0 and v.until_at = 'infinity'
                                                                   and v.shipped_at <= n.as_of) as items
                    from shipped_not_acknowledged v
                    where v.facility_key = d.facility_key and v.product_key = d.product_key) s
                cross join lateral (
                    select exists (select from till k
                                   where k.facility_id = n.facility_id
                                     and not isempty(int8multirange(range_merge(k.received)) - k.received)) as missing) t)
            select product_id, quantity, expected, difference, late, acknowledged, rest,
                   case when rest = 0 then
                            case when abs(late) >= abs(acknowledged) then 'LATE_SALE' else 'LATE_ACKNOWLEDGEMENT' end
                        when rest < 0 and (rest = open or rest = any(items)) then 'MISSING_ACKNOWLEDGEMENT'
                        when rest = twice then 'DUPLICATE'
                        when rest > 0 then 'RECEIPT'
                        when missing then 'MISSED_SALE'
                        else 'UNKNOWN' end as cause
            from told order by abs(difference) desc, product_id limit ?
            """;

    @Inject
    Sql sql;

    /**
     * Of a night, or of one of its facilities.
     *
     * @param pairs compared
     * @param firstPairs that no file had before, so not compared
     * @param differing pairs whose quantity was not the expected one
     * @param more units that the file had more, 0 or more
     * @param less units that it had less, 0 or more
     */
    public record Sums(long pairs, long firstPairs, long differing, long more, long less) {
        /** All in all, signed. */
        public long net() {
            return more - less;
        }
    }

    /** A night that was compared. */
    public record Night(LocalDate businessDate, long runId, Instant asOf, long facilities, Sums sums) {}

    /** A facility in a night. */
    public record OfFacility(String facilityId, Sums sums) {}

    /**
     * A pair whose quantity in the file was not the expected one.
     *
     * @param lateMoved units of movements that came since
     * @param lateShipped units of shipments' effects that came, or ended, since
     * @param rest what is left of the difference by now
     */
    public record Difference(
            String productId,
            long quantity,
            long expected,
            long difference,
            long lateMoved,
            long lateShipped,
            long rest,
            DriftCause cause) {}

    /**
     * The newest nights, the newest first.
     *
     * @param facilityId only this one's; null: all together
     */
    public List<Night> nights(@Nullable String facilityId, int limit) {
        return sql.list("""
                select r.business_date, r.run_id, r.as_of, %s
                from drift_run n
                join snapshot_run r on r.run_id = n.run_id and r.state = 'APPLIED'
                join drift d on d.run_id = n.run_id
                where ?::text is null or d.facility_key = (select facility_key from facility where facility_id = ?)
                group by r.run_id order by r.business_date desc, r.run_id desc limit ?
                """.formatted(SUMS), Drift::night, facilityId, facilityId, limit);
    }

    /**
     * Nights in force that were compared lately, and in which too much differed; the newest first.
     *
     * @param percent of the pairs compared may differ; of fewer than {@value #FEWEST_PAIRS} pairs any share
     * @param units may differ, more and less together; 0: any number
     * @param lately compared no longer ago than this, by the database's clock
     */
    public List<Night> beyond(int percent, long units, Duration lately, int limit) {
        return sql.list("""
                select r.business_date, r.run_id, r.as_of, %s
                from drift_run n
                join snapshot_run r on r.run_id = n.run_id and r.state = 'APPLIED'
                join drift d on d.run_id = n.run_id
                where n.recorded_at > clock_timestamp() - ? * interval '1 millisecond'
                group by r.run_id
                having sum(d.pairs) >= ? and sum(d.differing) * 100 > sum(d.pairs) * ?
                    or sum(d.units_more + d.units_less) > nullif(?, 0)
                order by r.business_date desc, r.run_id desc limit ?
                """.formatted(SUMS), Drift::night, lately.toMillis(), FEWEST_PAIRS, percent, units, limit);
    }

    private static Night night(ResultSet row) throws SQLException {
        return new Night(
                row.getObject("business_date", LocalDate.class),
                row.getLong("run_id"),
                Sql.instant(row, "as_of"),
                row.getLong("facilities"),
                sums(row));
    }

    /** The night of that date; empty: it was not compared, or is not in force. */
    public Optional<Night> night(LocalDate businessDate) {
        return sql.first("""
                select r.business_date, r.run_id, r.as_of, %s
                from snapshot_run r join drift d on d.run_id = r.run_id
                where r.business_date = ? and r.state = 'APPLIED'
                group by r.run_id order by r.run_id desc limit 1
                """.formatted(SUMS), Drift::night, businessDate);
    }

    /** A night's facilities, the one with most units of difference first. */
    public List<OfFacility> facilities(long runId, int limit) {
        return sql.list("""
                select f.facility_id, d.* from drift d join facility f using (facility_key) where d.run_id = ?
                order by d.units_more + d.units_less desc, f.facility_id limit ?
                """, row -> new OfFacility(row.getString("facility_id"), sums(row)), runId, limit);
    }

    /** A facility's largest differences in a night, the largest first; none of nights that are long past. */
    public List<Difference> differences(long runId, String facilityId, int limit) {
        return sql.list(
                DIFFERENCES,
                row -> new Difference(
                        row.getString("product_id"),
                        row.getLong("quantity"),
                        row.getLong("expected"),
                        row.getLong("difference"),
                        row.getLong("late"),
                        row.getLong("acknowledged"),
                        row.getLong("rest"),
                        DriftCause.valueOf(row.getString("cause"))),
                runId,
                facilityId,
                limit);
    }

    private static Sums sums(ResultSet row) throws SQLException {
        return new Sums(
                row.getLong("pairs"),
                row.getLong("first_pairs"),
                row.getLong("differing"),
                row.getLong("units_more"),
                row.getLong("units_less"));
    }
}
