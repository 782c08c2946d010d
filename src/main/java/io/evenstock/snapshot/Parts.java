package io.evenstock.snapshot;

import jakarta.enterprise.context.ApplicationScoped;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The parts of snapshot_line, partitions of it: opened here, each within its load's transaction; given up by
 * {@link Retention}. Whoever opens shares a lock that the one who gives up needs alone, or PostgreSQL would find them in a
 * deadlock.
 */
@ApplicationScoped
class Parts {
    /** A shared part is closed when it has so many lines, or is a day old. */
    static final int MAX_SHARED_LINES = 1_000_000;

    static final String OPEN = "shared and lines < " + MAX_SHARED_LINES + " and opened_at > now() - interval '1 day'";

    private static final String LAYOUT = "hashtextextended('layout of snapshot_line', 0)";

    static String table(int part) {
        return "snapshot_line_" + part;
    }

    /** Until the transaction's end no part is given up. */
    void shareLayout(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("select pg_advisory_xact_lock_shared(" + LAYOUT + ")");
        }
    }

    /** For the session, until it is released. @return whether nobody opens or gives up parts now */
    boolean lockLayout(Connection connection) throws SQLException {
        return number(connection, "select pg_try_advisory_lock(" + LAYOUT + ")::integer") == 1;
    }

    void unlockLayout(Connection connection) throws SQLException {
        number(connection, "select pg_advisory_unlock(" + LAYOUT + ")::integer");
    }

    /** Removes what an earlier attempt has loaded of a run that is not applied yet. */
    void clear(Connection connection, long runId) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(
                "delete from snapshot_line where run_id = ? and part = (select part from snapshot_run where run_id = ?)")) {
            statement.setLong(1, runId);
            statement.setLong(2, runId);
            statement.executeUpdate();
        }
    }

    /** A part for a small run: the open shared one, or a new one. */
    int shared(Connection connection, long lines) throws SQLException {
        Optional<Integer> open = first(
                connection,
                "select part from snapshot_part where " + OPEN + " order by part desc limit 1 for update",
                null);
        if (open.isPresent()) {
            first(
                    connection,
                    "update snapshot_part set lines = lines + ? where part = " + open.get() + " returning part",
                    lines);
            return open.get();
        }
        int part = create(connection, true, lines);
        attach(connection, part);
        return part;
    }

    /** A new part, not attached yet. */
    int create(Connection connection, boolean shared, long lines) throws SQLException {
        int part = first(
                        connection,
                        "insert into snapshot_part (shared, lines) values (" + shared + ", ?) returning part",
                        lines)
                .orElseThrow();
        try (Statement statement = connection.createStatement()) {
            statement.execute("create table " + table(part) + " (like snapshot_line, check (part = " + part + "))");
        }
        return part;
    }

    void attach(Connection connection, int part) throws SQLException {
        String table = table(part);
        try (Statement statement = connection.createStatement()) {
            statement.execute("set local max_parallel_maintenance_workers = 0");
            statement.execute("create index on " + table + " (facility_key, product_key, as_of desc)");
            statement.execute("analyze " + table);
            statement.execute("alter table snapshot_line attach partition " + table + " for values in (" + part + ")");
        }
    }

    private static int number(Connection connection, String query) throws SQLException {
        return first(connection, query, null).orElseThrow();
    }

    private static Optional<Integer> first(Connection connection, String query, @Nullable Long argument)
            throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(query)) {
            if (argument != null) {
                statement.setLong(1, argument);
            }
            try (ResultSet row = statement.executeQuery()) {
                return row.next() ? Optional.of(row.getInt(1)) : Optional.empty();
            }
        }
    }
}
