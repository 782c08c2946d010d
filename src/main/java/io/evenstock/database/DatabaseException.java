package io.evenstock.database;

import java.sql.SQLException;

/** The database refused or could not be reached; the transaction is lost as a whole. */
public final class DatabaseException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public DatabaseException(SQLException cause) {
        super(cause.getMessage(), cause);
    }
}
