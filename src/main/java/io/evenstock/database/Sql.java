package io.evenstock.database;

import jakarta.annotation.Resource;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * SQL on the connection of the running JTA transaction. Arguments are passed as parameters only: instants as
 * {@code timestamptz}, {@code String[]}, {@code Integer[]} … as arrays. Every failure is a {@link DatabaseException}.
 */
@ApplicationScoped
public class Sql {
    private static final int FETCH_ROWS = 1_000;

    @Resource(lookup = Migration.DATA_SOURCE)
    DataSource dataSource;

    /** Reads one row into a value. */
    @FunctionalInterface
    public interface RowMapper<T> {
        T map(ResultSet row) throws SQLException;
    }

    /** Works with a connection. */
    @FunctionalInterface
    public interface Work<T> {
        T apply(Connection connection) throws SQLException;
    }

    /** All rows of a query. */
    public <T> List<T> list(String query, RowMapper<T> mapper, @Nullable Object... arguments) {
        return with(connection -> {
            try (PreparedStatement statement = prepared(connection, query, arguments);
                    ResultSet rows = statement.executeQuery()) {
                List<T> all = new ArrayList<>();
                while (rows.next()) {
                    all.add(mapper.map(rows));
                }
                return all;
            }
        });
    }

    /** The first row of a query, if any. */
    public <T> Optional<T> first(String query, RowMapper<T> mapper, @Nullable Object... arguments) {
        return list(query, mapper, arguments).stream().findFirst();
    }

    /** The only row of a query that always has one. */
    public <T> T one(String query, RowMapper<T> mapper, @Nullable Object... arguments) {
        return first(query, mapper, arguments).orElseThrow(() -> new IllegalStateException("no row: " + query));
    }

    /** Runs a statement that changes rows. @return how many */
    public int update(String statement, @Nullable Object... arguments) {
        return with(connection -> {
            try (PreparedStatement prepared = prepared(connection, statement, arguments)) {
                return prepared.executeUpdate();
            }
        });
    }

    /** Whatever needs the connection itself. */
    public <T> T with(Work<T> work) {
        try (Connection connection = dataSource.getConnection()) {
            return work.apply(connection);
        } catch (SQLException failure) {
            throw new DatabaseException(failure);
        }
    }

    /** Whatever needs a transaction of its own, outside JTA's: done as a whole or not at all. */
    public <T> T inTransaction(Work<T> work) {
        return with(connection -> {
            boolean autoCommit = connection.getAutoCommit();
            connection.setAutoCommit(false);
            try {
                T result = work.apply(connection);
                connection.commit();
                return result;
            } catch (SQLException | RuntimeException failure) {
                connection.rollback();
                throw failure;
            } finally {
                connection.setAutoCommit(autoCommit);
            }
        });
    }

    /** An instant column; the column must not be null. */
    public static Instant instant(ResultSet row, String column) throws SQLException {
        return row.getObject(column, OffsetDateTime.class).toInstant();
    }

    /** An instant column that may be null. */
    public static @Nullable Instant optionalInstant(ResultSet row, String column) throws SQLException {
        OffsetDateTime value = row.getObject(column, OffsetDateTime.class);
        return value == null ? null : value.toInstant();
    }

    private static PreparedStatement prepared(Connection connection, String sql, @Nullable Object... arguments)
            throws SQLException {
        PreparedStatement statement = connection.prepareStatement(sql);
        statement.setFetchSize(FETCH_ROWS);
        for (int i = 0; i < arguments.length; i++) {
            statement.setObject(i + 1, jdbc(connection, arguments[i]));
        }
        return statement;
    }

    private static @Nullable Object jdbc(Connection connection, @Nullable Object argument) throws SQLException {
        if (argument instanceof Instant instant) {
            return instant.atOffset(ZoneOffset.UTC);
        } else if (argument instanceof String[] texts) {
            return array(connection, "text", texts);
        } else if (argument instanceof Integer[] numbers) {
            return array(connection, "integer", numbers);
        } else if (argument instanceof Long[] numbers) {
            return array(connection, "bigint", numbers);
        } else if (argument instanceof Boolean[] flags) {
            return array(connection, "boolean", flags);
        }
        return argument;
    }

    private static Array array(Connection connection, String type, @Nullable Object[] values) throws SQLException {
        return connection.createArrayOf(type, values);
    }
}
