package io.evenstock.database;

import java.sql.SQLException;
import java.util.Set;
import javax.transaction.xa.XAException;
import org.jspecify.annotations.Nullable;

/** The database refused or could not be reached; the transaction is lost as a whole. */
public final class DatabaseException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    // SQLSTATE classes: data, constraints, syntax, internal
    private static final Set<String> STATEMENTS = Set.of("22", "23", "42", "XX");

    public DatabaseException(SQLException cause) {
        super(cause.getMessage(), cause);
    }

    /**
     * Whether a failure may pass: one of the connection, the server or the pool, not of a statement or its data. Whoever
     * speaks to the database, JPA and JTA too, has its words in a cause.
     *
     * @return false also of what is no failure of the database
     */
    public static boolean passing(Throwable failure) {
        boolean passing = false;
        for (Throwable at = failure; at != null; at = at.getCause()) {
            if (at instanceof SQLException cause) {
                return passing(cause.getSQLState());
            }
            passing = passing || at instanceof DatabaseException || at instanceof XAException;
        }
        return passing;
    }

    private static boolean passing(@Nullable String state) {
        return state == null || !STATEMENTS.contains(state.substring(0, Math.min(2, state.length())));
    }
}
