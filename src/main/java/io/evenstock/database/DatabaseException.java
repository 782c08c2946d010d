package io.evenstock.database;

import java.sql.SQLException;
import java.util.Set;

/** The database refused or could not be reached; the transaction is lost as a whole. */
public final class DatabaseException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    // SQLSTATE classes: data, constraints, syntax, internal
    private static final Set<String> STATEMENTS = Set.of("22", "23", "42", "XX");

    public DatabaseException(SQLException cause) {
        super(cause.getMessage(), cause);
    }

    /** Whether it may pass: the connection, the server or the pool, not the statement or its data. */
    public boolean passing() {
        String state = getCause() instanceof SQLException cause ? cause.getSQLState() : null;
        return state == null || !STATEMENTS.contains(state.substring(0, Math.min(2, state.length())));
    }
}
