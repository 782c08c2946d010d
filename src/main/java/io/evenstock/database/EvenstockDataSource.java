package io.evenstock.database;

import io.evenstock.settings.Environment;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.Optional;
import javax.sql.XAConnection;
import org.postgresql.Driver;
import org.postgresql.PGProperty;
import org.postgresql.xa.PGXADataSource;

/**
 * PostgreSQL as the environment names it, the same on every server: {@code evenstock.db.url}, {@code .user},
 * {@code .password} (or {@code .password.file}). What a server itself would set (Payara: {@code serverName=localhost};
 * WildFly: an empty user) is ignored.
 */
public final class EvenstockDataSource extends PGXADataSource {
    private static final long serialVersionUID = 1L;
    private static final int LONGEST_ANSWER_SECONDS = 600;
    private static final int LONGEST_PAUSE_SECONDS = 25;

    /** Reads its settings. @throws IllegalArgumentException if the URL is none of PostgreSQL's */
    public EvenstockDataSource() {
        String url = Environment.direct("evenstock.db.url").orElse("jdbc:postgresql://localhost:5432/evenstock");
        setURL(url);
        // setURL hands the database's name to the setter below, which takes none.
        super.setDatabaseName(PGProperty.PG_DBNAME.getOrDefault(Driver.parseURL(url, null)));
        super.setUser(Environment.direct("evenstock.db.user").orElse("evenstock"));
        super.setPassword(password().orElse(""));
        setReWriteBatchedInserts(true);
        boundWaits();
    }

    /** A peer that vanished must hold nobody up for ever; what the URL says of it counts. */
    private void boundWaits() {
        setTcpKeepAlive(true);
        if (getSocketTimeout() == 0) {
            setSocketTimeout(LONGEST_ANSWER_SECONDS);
        }
        if (getOptions() == null) {
            setOptions("-c idle_in_transaction_session_timeout=" + LONGEST_PAUSE_SECONDS + "s");
        }
    }

    private static Optional<String> password() {
        return Environment.direct("evenstock.db.password.file")
                .map(EvenstockDataSource::read)
                .or(() -> Environment.direct("evenstock.db.password"));
    }

    private static String read(String file) {
        try {
            return Files.readString(Path.of(file)).strip();
        } catch (IOException unreadable) {
            throw new UncheckedIOException("evenstock.db.password.file cannot be read: " + file, unreadable);
        }
    }

    @Override
    public XAConnection getXAConnection(String user, String password) throws SQLException {
        return super.getXAConnection(getUser(), getPassword());
    }

    @Deprecated // as it is in the driver
    @Override
    public void setServerName(String serverName) {}

    @Deprecated // as it is in the driver
    @Override
    public void setPortNumber(int portNumber) {}

    @Override
    public void setDatabaseName(String databaseName) {}

    @Override
    public void setUser(String user) {}

    @Override
    public void setPassword(String password) {}
}
