package io.evenstock.movement;

import io.evenstock.database.Sql;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;

/**
 * A till's own count, and what is missing in it.
 *
 * @param first the lowest sequence number received
 * @param last the highest
 * @param watchedFrom gaps below this number are no longer watched; 0: all are
 * @param toldAt when the last number was received
 * @param missing how many numbers between first and last were never received
 * @param missingRanges the newest of them, a JSON array of arrays [from, to], both inclusive
 */
public record TillReport(
        Position position,
        long first,
        long last,
        long watchedFrom,
        Instant toldAt,
        long missing,
        String missingRanges) {

    /** Which till. */
    public record Position(String facilityId, String tillId) {
        /** Before all tills. */
        public static final Position START = new Position("", "");
    }

    /** A till that has told nothing since. */
    public record Silent(Position position, Instant toldAt) {}

    static TillReport of(ResultSet row) throws SQLException {
        return new TillReport(
                new Position(row.getString("facility_id"), row.getString("till_id")),
                row.getLong("first"),
                row.getLong("last"),
                row.getLong("watched_from"),
                Sql.instant(row, "told_at"),
                row.getLong("missing"),
                row.getString("listed"));
    }
}
