package io.evenstock.inventory;

import io.evenstock.database.Sql;
import jakarta.ejb.Stateless;
import jakarta.ejb.TransactionAttribute;
import jakarta.ejb.TransactionAttributeType;
import jakarta.inject.Inject;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.List;

/** Compares the nights that were applied, each once, in a transaction of its own outside JTA: it may take a minute. */
@Stateless
@TransactionAttribute(TransactionAttributeType.NOT_SUPPORTED)
public class DriftRecorder {
    private static final int NIGHTS_WITH_PAIRS = 30;

    /** Of nights that are in force and not yet compared; the lines of others may be gone. */
    private static final String UNRECORDED = """
            select r.run_id from snapshot_run r
            where r.state = 'APPLIED' and r.kind = 'NIGHTLY' and not r.final and r.part is not null
              and not exists (select from drift_run d where d.run_id = r.run_id)
            order by r.as_of
            """;

    private static final String RECORD = """
            with run as materialized (select * from snapshot_run where run_id = ?),
            compared as materialized (
                select l.facility_key, l.product_key, l.quantity, b.as_of as since, s.shipped,
                       b.quantity + m.moved - s.shipped as expected
                from run r
                join snapshot_line l on l.part = (select part from run) and l.run_id = r.run_id
                left join lateral (
                    select o.quantity, o.as_of
                    from snapshot_line o join snapshot_run a on a.run_id = o.run_id
                    where o.facility_key = l.facility_key and o.product_key = l.product_key and o.as_of < r.as_of
                      and a.state = 'APPLIED' and a.applied_at <= r.applied_at
                    order by o.as_of desc, a.applied_at, o.run_id limit 1) b on true
                cross join lateral (
                    select coalesce(sum(m.quantity), 0) as moved from movement m
                    where m.facility_key = l.facility_key and m.product_key = l.product_key
                      and m.booked_at > b.as_of and m.booked_at <= r.as_of and m.recorded_at <= r.applied_at) m
                cross join lateral (
                    select coalesce(sum(v.quantity) filter (where v.from_at <= r.as_of and r.as_of < v.until_at), 0)
                         - coalesce(sum(v.quantity) filter (where v.from_at <= b.as_of and b.as_of < v.until_at), 0) as shipped
                    from shipped_not_acknowledged v
                    where v.facility_key = l.facility_key and v.product_key = l.product_key) s
                where not exists (
                    select from snapshot_run n
                    where n.state = 'APPLIED' and n.as_of >= r.as_of and n.run_id <> r.run_id
                      and n.applied_at <= r.applied_at
                      and exists (select from snapshot_line o
                                  where o.run_id = n.run_id and o.facility_key = l.facility_key
                                    and o.product_key = l.product_key and o.as_of = n.as_of))),
            largest as (
                insert into drift_pair (run_id, facility_key, product_key, quantity, expected, since, shipped)
                select (select run_id from run), facility_key, product_key, quantity, expected, since, shipped
                from (select *, row_number() over (partition by facility_key
                                                   order by abs(quantity - expected) desc, product_key) as place
                      from compared where quantity <> expected) c
                where place <= ?)
            insert into drift (run_id, facility_key, pairs, first_pairs, differing, units_more, units_less)
            select (select run_id from run), facility_key, count(since), count(*) - count(since),
                   count(*) filter (where quantity <> expected),
                   coalesce(sum(quantity - expected) filter (where quantity > expected), 0),
                   coalesce(sum(expected - quantity) filter (where quantity < expected), 0)
            from compared group by facility_key
            """;

    @Inject
    Sql sql;

    /** Records the nights that have been applied since. @return how many */
    public int record() {
        List<Long> runs = sql.list(UNRECORDED, row -> row.getLong(1));
        int recorded = 0;
        for (long run : runs) {
            recorded += sql.inTransaction(connection -> recorded(connection, run)) ? 1 : 0;
        }
        return recorded;
    }

    /** Of two nodes the second waits for the first, and finds it done. */
    private static boolean recorded(Connection connection, long runId) throws SQLException {
        boolean mine = update(connection, """
                        insert into drift_run (run_id)
                        select run_id from snapshot_run
                        where run_id = ? and state = 'APPLIED' and not final for share on conflict do nothing
                        """, runId) == 1;
        if (mine) {
            update(connection, RECORD, runId, Drift.PAIRS_KEPT);
            update(
                    connection,
                    "delete from drift_pair where run_id < (select min(run_id) from"
                            + " (select run_id from drift_run order by run_id desc limit ?) n)",
                    NIGHTS_WITH_PAIRS);
        }
        return mine;
    }

    private static int update(Connection connection, String statement, Object... arguments) throws SQLException {
        try (PreparedStatement prepared = connection.prepareStatement(statement)) {
            for (int i = 0; i < arguments.length; i++) {
                prepared.setObject(i + 1, arguments[i]);
            }
            return prepared.executeUpdate();
        }
    }
}
