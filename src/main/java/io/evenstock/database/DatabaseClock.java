package io.evenstock.database;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * The database's time on every node: the node's own clock, set right by what the database says each minute. While the
 * database does not answer, the last correction holds; so it does where the answer does not disprove it, however long that
 * took.
 */
final class DatabaseClock extends Clock {
    private static final Logger LOG = Logger.getLogger(DatabaseClock.class.getName());
    private static final long INTERVAL_NANOS = Duration.ofMinutes(1).toNanos();
    private static final Duration WORTH_TELLING = Duration.ofSeconds(2);
    private static final Duration PROMPT = Duration.ofSeconds(1);

    private final Sql sql;
    private final Clock own;
    private final Consumer<Runnable> bounded;
    private final AtomicLong due = new AtomicLong(System.nanoTime());
    private volatile Duration correction = Duration.ZERO;

    /** @param bounded runs a look into the database; it throws a {@link DatabaseException} instead of waiting for long */
    DatabaseClock(Sql sql, Clock own, Consumer<Runnable> bounded) {
        this.sql = sql;
        this.own = own;
        this.bounded = bounded;
    }

    @Override
    public Instant instant() {
        long now = System.nanoTime();
        long at = due.get();
        if (now - at >= 0 && due.compareAndSet(at, now + INTERVAL_NANOS)) {
            look();
        }
        return own.instant().plus(correction);
    }

    private void look() {
        try {
            bounded.accept(this::compare);
        } catch (DatabaseException unanswered) {
            LOG.log(Level.FINE, "The database did not tell its time", unanswered);
        }
    }

    private void compare() {
        Instant asked = own.instant();
        Instant database = sql.one("select clock_timestamp() as now", row -> Sql.instant(row, "now"));
        Instant answered = own.instant();
        correct(Duration.between(answered, database), Duration.between(asked, database));
        if (Duration.between(asked, answered).compareTo(PROMPT) > 0) {
            due.set(System.nanoTime());
        }
    }

    /** When the database looked at its clock, between question and answer, nobody knows: a wait is no error of ours. */
    private void correct(Duration least, Duration most) {
        Duration held = correction;
        Duration off = held.compareTo(least) < 0 ? least : held.compareTo(most) > 0 ? most : held;
        if (off.minus(held).abs().compareTo(WORTH_TELLING) > 0) {
            LOG.log(Level.WARNING, "This node's clock is off by " + off.negated() + "; the database's counts");
        }
        correction = off;
    }

    @Override
    public ZoneId getZone() {
        return own.getZone();
    }

    @Override
    public Clock withZone(ZoneId zone) {
        return own.getZone().equals(zone) ? this : new DatabaseClock(sql, own.withZone(zone), bounded);
    }
}
