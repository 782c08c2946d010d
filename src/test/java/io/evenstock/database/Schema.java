package io.evenstock.database;

import org.flywaydb.core.Flyway;

/** The schema of this build. */
public final class Schema {
    private Schema() {}

    /**
     * Brings a database up to it, as a server does at its start.
     *
     * @param url a JDBC address
     */
    public static void migrate(String url, String user, String password) {
        Flyway.configure(Schema.class.getClassLoader())
                .dataSource(url, user, password)
                .load()
                .migrate();
    }
}
