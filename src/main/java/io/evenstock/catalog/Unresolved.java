package io.evenstock.catalog;

import io.evenstock.database.Sql;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;

/**
 * What waits in quarantine under one name: facts that cannot count while their facility or product is not known.
 *
 * @param events how many
 * @param since when the oldest of them took place
 */
public record Unresolved(String facilityId, Identification identification, long events, Instant since) {

    /** From a row with the columns facility_id, id_type, id_value, events and since. */
    public static Unresolved of(ResultSet row) throws SQLException {
        return new Unresolved(
                row.getString("facility_id"),
                new Identification(row.getString("id_type"), row.getString("id_value")),
                row.getLong("events"),
                Sql.instant(row, "since"));
    }
}
