package io.evenstock.snapshot;

import io.evenstock.database.Sql;
import io.evenstock.settings.Settings;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Gives up the lines that no figure will ever need again, so that few parts stay attached however many runs there are.
 *
 * <p>A run under {@code undo.depth} newer applied ones is final: it cannot be undone. Of a part whose runs are all final or
 * without effect, only the lines of those pairs matter that no newer final run has, as a rule none; they are kept aside, with
 * their run and its as-of, and the part is dropped. Undoing all other runs still leaves each pair its base.
 *
 * <p>No transaction here is JTA's: a partition is detached concurrently, beside its readers, and so outside any. Killed
 * between two of its steps, the next tidying goes on from there.
 */
@ApplicationScoped
class Retention {
    /**
     * Parts that are closed, and whose runs are all without effect or final; but for the newest final run's, and for those
     * whose pairs are still to be published.
     */
    private static final String RIPE = """
            with newest as (select run_id from snapshot_run where state = 'APPLIED' and final
                            order by as_of desc, run_id limit 1)
            select part from snapshot_part p
            where not (%s)
              and not exists (select from snapshot_run r
                              where r.part = p.part
                                and (r.state in ('PREPARED', 'HELD') or r.state in ('APPLIED', 'UNDONE') and not r.final
                                     or r.run_id in (select run_id from newest)
                                     or exists (select from dirty_bulk d where d.run_id = r.run_id)))
            order by part
            """.formatted(Parts.OPEN);

    /** What tidying did. */
    record Tidied(int parts, long linesKept) {}

    /** Well beyond the time between two statements. */
    Duration longestSilence = Duration.ofSeconds(25);

    @Inject
    Sql sql;

    @Inject
    Parts parts;

    @Inject
    Settings settings;

    /**
     * Gives up what can be given up; does nothing while somebody loads lines, or another node is at it. Detaching waits for
     * every transaction that has read the lines, say of a backup; as nobody can load meanwhile, it waits for seconds only,
     * and the next round goes on.
     */
    Tidied tidy() {
        return alone(this::tidy).orElse(new Tidied(0, 0));
    }

    /**
     * Works while nobody loads or tidies. The lock is the session's, and the session ends when the node has said nothing for
     * a while: one that freezes here holds up no load for longer.
     *
     * @return empty: somebody loads or tidies
     */
    <T> Optional<T> alone(Sql.Work<T> work) {
        return sql.with(connection -> {
            try {
                update(connection, "set idle_session_timeout = " + longestSilence.toMillis());
                update(connection, "set lock_timeout = '5s'");
                return parts.lockLayout(connection) ? Optional.of(locked(connection, work)) : Optional.empty();
            } finally {
                update(connection, "reset lock_timeout");
                update(connection, "reset idle_session_timeout");
            }
        });
    }

    private <T> T locked(Connection connection, Sql.Work<T> work) throws SQLException {
        try {
            return work.apply(connection);
        } finally {
            parts.unlockLayout(connection);
        }
    }

    private Tidied tidy(Connection connection) throws SQLException {
        finishDetaching(connection);
        closeRuns(connection);
        long kept = 0;
        List<Integer> ripe = numbers(connection, RIPE);
        for (int part : ripe) {
            kept += keepAside(connection, part);
            drop(connection, part);
        }
        forgetFiles(connection);
        return new Tidied(ripe.size(), kept);
    }

    /** A server that was killed while it detached a partition left it half detached. */
    private static void finishDetaching(Connection connection) throws SQLException {
        for (String table : texts(connection, """
                select inhrelid::regclass from pg_inherits
                where inhparent = 'snapshot_line'::regclass and inhdetachpending
                """)) {
            update(connection, "alter table snapshot_line detach partition " + table + " finalize");
        }
    }

    private void closeRuns(Connection connection) throws SQLException {
        update(connection, """
                update snapshot_run set final = true
                where state in ('APPLIED', 'UNDONE') and not final
                  and as_of < (select as_of from snapshot_run where state = 'APPLIED'
                               order by as_of desc offset %d limit 1)
                """.formatted(settings.undoDepth() - 1));
    }

    private static long keepAside(Connection connection, int part) throws SQLException {
        long kept = update(connection, """
                insert into snapshot_line_kept as k (part, facility_key, product_key, run_id, as_of, quantity, line)
                select distinct on (l.facility_key, l.product_key)
                       0, l.facility_key, l.product_key, l.run_id, l.as_of, l.quantity, l.line
                from snapshot_line l join snapshot_run r on r.run_id = l.run_id
                                             and r.state = 'APPLIED' and r.final
                where l.part = %1$d
                  and not exists (select from snapshot_line n join snapshot_run f on f.run_id = n.run_id
                                       and f.final and f.state = 'APPLIED'
                                  where n.part in (%2$s) and n.facility_key = l.facility_key
                                    and n.product_key = l.product_key
                                    and (n.as_of > l.as_of or n.as_of = l.as_of
                                         and (f.applied_at, n.run_id) < (r.applied_at, l.run_id)))
                order by l.facility_key, l.product_key, l.as_of desc, r.applied_at, l.run_id
                on conflict (facility_key, product_key) do update
                set run_id = excluded.run_id, as_of = excluded.as_of, quantity = excluded.quantity, line = excluded.line
                """.formatted(part, partsWithFinalRuns(connection, part)));
        update(connection, "update snapshot_run set part = null where part = " + part);
        return kept;
    }

    private static String partsWithFinalRuns(Connection connection, int but) throws SQLException {
        List<String> all = texts(
                connection,
                "select distinct part from snapshot_run where part is not null and final and state = 'APPLIED'"
                        + " and part <> " + but);
        return all.isEmpty() ? "0" : "0, " + String.join(", ", all);
    }

    private static void drop(Connection connection, int part) throws SQLException {
        String table = Parts.table(part);
        if (!texts(connection, "select 1 from pg_inherits where inhrelid = to_regclass('" + table + "')")
                .isEmpty()) {
            update(connection, "alter table snapshot_line detach partition " + table + " concurrently");
        }
        update(connection, "drop table if exists " + table);
        update(connection, "delete from snapshot_part where part = " + part);
    }

    /** The recorded files and rejects of old runs whose lines are given up. */
    private void forgetFiles(Connection connection) throws SQLException {
        for (String table : List.of("snapshot_file", "snapshot_reject")) {
            update(connection, """
                    delete from %s where run_id in (
                        select run_id from snapshot_run
                        where part is null and state not in ('PREPARED', 'HELD')
                          and created_at < now() - interval '%d days')
                    """.formatted(table, settings.reset().keepDays()));
        }
    }

    private static long update(Connection connection, String statement) throws SQLException {
        try (Statement one = connection.createStatement()) {
            return one.executeUpdate(statement);
        }
    }

    private static List<Integer> numbers(Connection connection, String query) throws SQLException {
        return texts(connection, query).stream().map(Integer::valueOf).toList();
    }

    private static List<String> texts(Connection connection, String query) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(query)) {
            List<String> all = new ArrayList<>();
            while (rows.next()) {
                all.add(rows.getString(1));
            }
            return all;
        }
    }
}
