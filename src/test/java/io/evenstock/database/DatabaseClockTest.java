package io.evenstock.database;

import static org.junit.jupiter.api.Assertions.assertFalse;

import io.evenstock.lab.EmbeddedDatabase;
import io.evenstock.lab.Undertaker;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

/** A node's clock may be wrong; ours is the database's. */
class DatabaseClockTest {
    @Test
    void aNodeWhoseClockIsADayOffGoesByTheDatabases() throws IOException, SQLException {
        try (Undertaker undertaker = Undertaker.hire()) {
            EmbeddedDatabase database = EmbeddedDatabase.start(undertaker.newFolder("evenstock-clock-"), undertaker);
            Sql sql = OneConnection.to(database.url(), database.user(), database.password());
            for (Duration off : new Duration[] {Duration.ofDays(1), Duration.ofDays(-1), Duration.ZERO}) {
                Clock clock = new DatabaseClock(sql, Clock.offset(Clock.systemUTC(), off));
                // The correction is exact to half of the time that the answer took; so much and a second is granted.
                Instant before = now(sql).minusSeconds(1);
                Instant told = clock.instant();
                Instant after = now(sql).plusSeconds(1);
                assertFalse(told.isBefore(before), () -> told + " by a clock off by " + off + " is before " + before);
                assertFalse(told.isAfter(after), () -> told + " by a clock off by " + off + " is after " + after);
            }
        }
    }

    private static Instant now(Sql sql) {
        return sql.one("select clock_timestamp() as now", row -> Sql.instant(row, "now"));
    }
}
