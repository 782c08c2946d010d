package io.evenstock.catalog;

import io.evenstock.database.Sql;

/** The catalogue without a server: to read only. */
public final class Catalogs {
    private Catalogs() {}

    /** What a database knows. */
    @SuppressWarnings("UnnecessaryAssignment") // no container is here to inject
    public static Catalog of(Sql sql) {
        Catalog catalog = new Catalog();
        catalog.sql = sql;
        return catalog;
    }
}
