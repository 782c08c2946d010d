package io.evenstock.database;

import static org.junit.jupiter.api.Assertions.assertFalse;

import io.evenstock.lab.EmbeddedDatabase;
import io.evenstock.lab.Undertaker;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.postgresql.ds.PGSimpleDataSource;

/** A node's clock may be wrong; ours is the database's. */
class DatabaseClockTest {
    @Test
    void aNodeWhoseClockIsADayOffGoesByTheDatabases() throws IOException, SQLException {
        try (Undertaker undertaker = Undertaker.hire()) {
            EmbeddedDatabase database = EmbeddedDatabase.start(undertaker.newFolder("evenstock-clock-"), undertaker);
            Sql sql = OneConnection.to(database.url(), database.user(), database.password());
            for (Duration off : new Duration[] {Duration.ofDays(1), Duration.ofDays(-1), Duration.ZERO}) {
                Clock clock = new DatabaseClock(sql, Clock.offset(Clock.systemUTC(), off), Runnable::run);
                // The correction is exact to half of the time that the answer took; so much and a second is granted.
                Instant before = now(sql).minusSeconds(1);
                Instant told = clock.instant();
                Instant after = now(sql).plusSeconds(1);
                assertFalse(told.isBefore(before), () -> told + " by a clock off by " + off + " is before " + before);
                assertFalse(told.isAfter(after), () -> told + " by a clock off by " + off + " is after " + after);
            }
        }
    }

    @Test
    void aWaitForTheAnswerIsNoErrorOfTheClockAndTheDatabaseIsAskedAgain() throws IOException, SQLException {
        try (Undertaker undertaker = Undertaker.hire()) {
            EmbeddedDatabase database = EmbeddedDatabase.start(undertaker.newFolder("evenstock-clock-"), undertaker);
            Sql sql = OneConnection.to(database.url(), database.user(), database.password());
            OwnClock own = new OwnClock();
            Sql crowded = new Sql();
            crowded.dataSource = new CrowdedPool(sql.dataSource, own);
            Clock clock = new DatabaseClock(crowded, own, Runnable::run);

            Instant before = now(sql).plus(CrowdedPool.WAIT);
            Instant told = clock.instant();
            assertFalse(told.isBefore(before), () -> told + " is before " + before + ": a wait was taken for an error");
            Instant right = clock.instant();
            Instant after = now(sql).plusSeconds(1);
            assertFalse(
                    right.isAfter(after), () -> right + " is after " + after + ": the database was not asked again");
        }
    }

    /** A node's clock, which a wait puts forward. */
    private static final class OwnClock extends Clock {
        private Duration ahead = Duration.ZERO;

        @Override
        public Instant instant() {
            return Clock.systemUTC().instant().plus(ahead);
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            throw new UnsupportedOperationException();
        }
    }

    /** Has a connection at once, but for the first time: then the node's clock goes on by so much before. */
    private static final class CrowdedPool extends PGSimpleDataSource {
        static final Duration WAIT = Duration.ofSeconds(10);

        private static final long serialVersionUID = 1L;

        private final transient DataSource pool;
        private final transient OwnClock own;

        CrowdedPool(DataSource pool, OwnClock own) {
            this.pool = pool;
            this.own = own;
        }

        @Override
        public Connection getConnection() throws SQLException {
            own.ahead = WAIT;
            return pool.getConnection();
        }
    }

    private static Instant now(Sql sql) {
        return sql.one("select clock_timestamp() as now", row -> Sql.instant(row, "now"));
    }
}
