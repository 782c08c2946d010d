package io.evenstock.snapshot;

import io.evenstock.database.Sql;
import jakarta.ejb.Stateless;
import jakarta.ejb.TransactionAttribute;
import jakarta.ejb.TransactionAttributeType;
import jakarta.inject.Inject;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyIn;

/**
 * Loads a run's lines into a partition of their own, outside any JTA transaction: no reader minds it until the run is
 * applied. What an attempt that was killed left behind is dropped first.
 */
@Stateless
@TransactionAttribute(TransactionAttributeType.NOT_SUPPORTED)
public class SnapshotLoader {
    @Inject
    Sql sql;

    /** Loads the lines. @return how many of them are stale: not newer than their pair's base (R10), so without effect */
    public long load(long runId, Instant asOf, SnapshotContent content) {
        return sql.with(connection -> {
            boolean autoCommit = connection.getAutoCommit();
            connection.setAutoCommit(false);
            try {
                long stale = load(connection, runId, asOf, content);
                connection.commit();
                return stale;
            } catch (SQLException | RuntimeException failure) {
                connection.rollback();
                throw failure;
            } finally {
                connection.setAutoCommit(autoCommit);
            }
        });
    }

    private static long load(Connection connection, long runId, Instant asOf, SnapshotContent content)
            throws SQLException {
        String table = "snapshot_line_" + runId;
        try (Statement statement = connection.createStatement()) {
            statement.execute("drop table if exists " + table);
            connection.commit();
            statement.execute("set local max_parallel_maintenance_workers = 0");
            statement.execute("create table " + table + " (like snapshot_line, check (run_id = " + runId + "))");
            copy(connection, table, runId, asOf, content);
            statement.execute("alter table " + table + " add primary key (facility_key, product_key, run_id)");
            statement.execute("analyze " + table);
            long stale = stale(statement, table, asOf);
            connection.commit();
            statement.execute("alter table snapshot_line attach partition " + table + " for values in (" + runId + ")");
            return stale;
        }
    }

    private static void copy(Connection connection, String table, long runId, Instant asOf, SnapshotContent content)
            throws SQLException {
        CopyIn copy = connection
                .unwrap(PGConnection.class)
                .getCopyAPI()
                .copyIn(
                        "copy " + table
                                + " (facility_key, product_key, run_id, quantity, line, as_of) from stdin (format binary, freeze)");
        try {
            BinaryCopy rows = new BinaryCopy(copy);
            Lines lines = content.lines();
            for (int i = 0; i < lines.size(); i++) {
                if (!content.refused(i)) {
                    rows.row(6)
                            .int4(lines.facilityKey(i))
                            .int4(lines.productKey(i))
                            .int8(runId)
                            .int4(lines.quantity(i))
                            .int4(lines.fileLine(i))
                            .timestamptz(asOf);
                }
            }
            rows.end();
        } finally {
            if (copy.isActive()) {
                copy.cancelCopy();
            }
        }
    }

    /** Stale lines are kept: should the newer run be undone, they are their pairs' base. */
    private static long stale(Statement statement, String table, Instant asOf) throws SQLException {
        String runs = runsNotOlder(statement, asOf);
        if (runs.isEmpty()) {
            return 0;
        }
        try (ResultSet row = statement.executeQuery("""
                select count(*) from %s n
                where exists (select from snapshot_line l
                              where l.run_id in (%s) and l.facility_key = n.facility_key
                                and l.product_key = n.product_key and l.as_of >= n.as_of)
                """.formatted(table, runs))) {
            return row.next() ? row.getLong(1) : 0;
        }
    }

    /** The applied runs of which a line may be as new as the loaded ones; none, as a rule. */
    private static String runsNotOlder(Statement statement, Instant asOf) throws SQLException {
        String query = "select string_agg(run_id::text, ',') from snapshot_run where state = 'APPLIED' and as_of >= '"
                + asOf + "'";
        try (ResultSet row = statement.executeQuery(query)) {
            String runs = row.next() ? row.getString(1) : null;
            return runs == null ? "" : runs;
        }
    }
}
