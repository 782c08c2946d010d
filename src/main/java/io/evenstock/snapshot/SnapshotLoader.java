package io.evenstock.snapshot;

import io.evenstock.database.Sql;
import io.evenstock.settings.Settings;
import jakarta.ejb.Stateless;
import jakarta.ejb.TransactionAttribute;
import jakarta.ejb.TransactionAttributeType;
import jakarta.inject.Inject;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyIn;

/**
 * Loads a run's lines beside the traffic, in a transaction of their own and outside JTA: nothing reads them until the run
 * is applied. A big run gets a new part (a partition of snapshot_line), which is filled before anybody can see it; small
 * runs share one. An attempt that was killed leaves nothing behind.
 */
@Stateless
@TransactionAttribute(TransactionAttributeType.NOT_SUPPORTED)
public class SnapshotLoader {
    /** Runs with more lines than this have a part of their own. */
    static final int MAX_SHARING_LINES = 50_000;

    int maxSharingLines = MAX_SHARING_LINES;

    @Inject
    Sql sql;

    @Inject
    Parts parts;

    @Inject
    Settings settings;

    /** Loads the lines. @return how many of them are stale: not newer than their pair's base (R10), so without effect */
    public long load(long runId, Instant asOf, SnapshotContent content) {
        return sql.inTransaction(connection -> {
            parts.shareLayout(connection);
            requirePrepared(connection, runId);
            parts.clear(connection, runId);
            int part = load(connection, runId, asOf, content);
            update(connection, "update snapshot_run set part = ? where run_id = ?", part, runId);
            return stale(connection, part, runId, asOf);
        });
    }

    /** One loads at a time, and nobody what is in force already: a node that comes late changes nothing. */
    private static void requirePrepared(Connection connection, long runId) throws SQLException {
        String query = "select run_id from snapshot_run where run_id = ? and state = 'PREPARED' for no key update";
        try (PreparedStatement statement = prepared(connection, query, runId);
                ResultSet row = statement.executeQuery()) {
            if (!row.next()) {
                throw new IllegalStateException("Run " + runId + " is not to be loaded any more");
            }
        }
    }

    private int load(Connection connection, long runId, Instant asOf, SnapshotContent content) throws SQLException {
        long lines = content.good();
        if (lines <= maxSharingLines) {
            int part = parts.shared(connection, lines);
            copy(connection, Parts.table(part), "", part, runId, asOf, content);
            return part;
        }
        int part = parts.create(connection, false, lines);
        copy(connection, Parts.table(part), ", freeze", part, runId, asOf, content);
        parts.attach(connection, part);
        return part;
    }

    private void copy(
            Connection connection,
            String table,
            String freeze,
            int part,
            long runId,
            Instant asOf,
            SnapshotContent content)
            throws SQLException {
        CopyIn copy = connection
                .unwrap(PGConnection.class)
                .getCopyAPI()
                .copyIn("copy " + table + " (as_of, part, facility_key, product_key, run_id, quantity, line)"
                        + " from stdin (format binary" + freeze + ")");
        try {
            BinaryCopy rows = new BinaryCopy(copy, new Pace(settings.reset().linesPerSecond()));
            Lines lines = content.lines();
            for (int i = 0; i < lines.size(); i++) {
                if (!content.refused(i)) {
                    rows.row(7)
                            .timestamptz(asOf)
                            .int4(part)
                            .int4(lines.facilityKey(i))
                            .int4(lines.productKey(i))
                            .int4(Math.toIntExact(runId))
                            .int4(lines.quantity(i))
                            .int4(lines.fileLine(i));
                }
            }
            rows.end();
        } finally {
            if (copy.isActive()) {
                copy.cancelCopy();
            }
        }
    }

    /**
     * Stale lines are kept: should the newer run be undone, they are their pairs' base. They are looked for only if a run
     * that is not older is applied, or has left lines behind: as a rule there is none.
     */
    private static long stale(Connection connection, int part, long runId, Instant asOf) throws SQLException {
        OffsetDateTime time = asOf.atOffset(ZoneOffset.UTC);
        boolean newest =
                count(connection, "select count(*) from snapshot_run where state = 'APPLIED' and as_of >= ?", time)
                        == 0;
        return newest ? 0 : count(connection, """
                        select count(*) from snapshot_line n
                        where n.part = ? and n.run_id = ?
                          and exists (select from snapshot_line l join snapshot_run r using (run_id)
                                      where r.state = 'APPLIED' and l.facility_key = n.facility_key
                                        and l.product_key = n.product_key and l.as_of >= n.as_of)
                        """, part, runId);
    }

    private static long count(Connection connection, String query, Object... arguments) throws SQLException {
        try (PreparedStatement statement = prepared(connection, query, arguments);
                ResultSet row = statement.executeQuery()) {
            row.next();
            return row.getLong(1);
        }
    }

    private static void update(Connection connection, String statement, Object... arguments) throws SQLException {
        try (PreparedStatement prepared = prepared(connection, statement, arguments)) {
            prepared.executeUpdate();
        }
    }

    private static PreparedStatement prepared(Connection connection, String query, Object... arguments)
            throws SQLException {
        PreparedStatement statement = connection.prepareStatement(query);
        for (int i = 0; i < arguments.length; i++) {
            statement.setObject(i + 1, arguments[i]);
        }
        return statement;
    }
}
