package io.evenstock.movement;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.evenstock.catalog.CatalogChanged;
import io.evenstock.database.DatabaseException;
import io.evenstock.database.OneConnection;
import io.evenstock.database.Schema;
import io.evenstock.database.Sql;
import io.evenstock.lab.EmbeddedDatabase;
import io.evenstock.lab.Undertaker;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** Several nodes record the same events at the same time, while products become known. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class MovementsTest {
    private static final int NODES = 4;
    private static final int BATCHES = 60;
    private static final int EVENTS = 4_000;
    private static final Instant TIME = Instant.parse("2026-03-01T05:55:00Z");

    private final long seed = Long.getLong("evenstock.seed", System.nanoTime());
    private Undertaker undertaker;
    private EmbeddedDatabase database;
    private Sql sql;

    @BeforeAll
    void start() throws IOException, SQLException {
        System.out.println("movements: -Devenstock.seed=" + seed);
        undertaker = Undertaker.hire();
        database = EmbeddedDatabase.start(undertaker.newFolder("evenstock-movements-"), undertaker);
        Schema.migrate(database.url(), database.user(), database.password());
        sql = connect();
    }

    @AfterAll
    void stop() throws IOException {
        undertaker.close();
    }

    @Test
    void everyEventOnceAndTheHoursAreTheSumsOfTheirMovements() throws Exception {
        ExecutorService nodes = Executors.newFixedThreadPool(NODES + 1);
        Map<String, Long> entries = new ConcurrentHashMap<>();
        AtomicInteger fresh = new AtomicInteger();
        List<Future<?>> ends = new ArrayList<>();
        for (int node = 0; node < NODES; node++) {
            Random dice = new Random(seed + node);
            Movements movements = movements(connect());
            ends.add(nodes.submit(() -> record(movements, dice, entries, fresh)));
        }
        ends.add(nodes.submit(this::learnTheCatalog));
        awaitAll(ends);
        nodes.shutdown();
        movements(sql).release(new CatalogChanged());

        assertEquals(entries.size(), fresh.get(), "each event is told once as new");
        assertEquals(entries.size(), number("select count(*) from movement"));
        assertEquals(0, number("select count(*) from movement where (facility_key is null or product_key is null)"));
        assertTrue(number("select count(*) from movement where first_status = 'QUARANTINED'") > 10, "seed " + seed);
        assertEquals(List.of(), sql.list("""
                        select coalesce(s.facility_key, m.facility_key) || ' ' || coalesce(s.product_key, m.product_key) || ' '
                               || coalesce(s.hour, m.hour) || ': ' || coalesce(s.quantity::text, 'none') || ', not '
                               || coalesce(m.quantity::text, 'none')
                        from movement_sum s
                        full join (select facility_key, product_key, date_trunc('hour', booked_at, 'UTC') as hour,
                                          sum(quantity) as quantity
                                   from movement where facility_id <> 'tills' group by 1, 2, 3) m using (facility_key, product_key, hour)
                        where s.quantity is distinct from m.quantity
                        """, row -> row.getString(1)));
        assertTrue(sql.one("select count(*) from movement_sum", row -> row.getLong(1)) > 50);
    }

    @Test
    void aTillsGapIsSeenAndClosedByTheLateNumber() {
        Movements movements = movements(sql);
        movements.record(List.of(counted("A", 5), counted("A", 7), counted("B", 1)));
        assertEquals("1 missing [[6, 6]]", missing("A"));
        movements.record(List.of(counted("A", 12), counted("A", 7)));
        assertEquals("5 missing [[6, 6], [8, 11]]", missing("A"));
        movements.record(List.of(counted("A", 10), counted("A", 6)));
        assertEquals("3 missing [[8, 9], [11, 11]]", missing("A"));
        movements.record(List.of(counted("A", 8), counted("A", 9), counted("A", 11)));
        assertEquals("0 missing []", missing("A"));
        assertEquals("0 missing []", missing("B"));
    }

    @Test
    void aTillThatSkipsEveryOtherNumberKeepsItsNewestGaps() {
        Movements movements = movements(sql);
        List<Movement> odd = new ArrayList<>();
        for (int i = 0; i < 1_500; i++) {
            odd.add(counted("odd", 2L * i));
        }
        movements.record(odd);
        TillReport report = report("odd");
        assertEquals(1_000, report.missing());
        assertEquals(2 * 499, report.watchedFrom());
        assertEquals(2 * 1_499, report.last());
        movements.record(List.of(counted("odd", 1), counted("odd", 2 * 1_499 - 1)));
        assertEquals(999, report("odd").missing(), "below what is watched nothing counts any more");
    }

    /** No foreign key looks after the keys of movements: what they name must not go. */
    @Test
    void facilitiesAndProductsStay() {
        for (String change : List.of(
                "delete from facility",
                "delete from product",
                "update facility set facility_key = default",
                "truncate product cascade")) {
            DatabaseException refused = assertThrows(DatabaseException.class, () -> sql.update(change), change);
            assertEquals(
                    "23001",
                    assertInstanceOf(SQLException.class, refused.getCause()).getSQLState(),
                    change);
        }
    }

    private void record(Movements movements, Random dice, Map<String, Long> entries, AtomicInteger fresh) {
        for (int i = 0; i < BATCHES; i++) {
            List<Movement> batch = new ArrayList<>();
            for (int n = 1 + dice.nextInt(60); n > 0; n--) {
                batch.add(event(dice.nextInt(EVENTS)));
            }
            List<Outcome> outcomes = movements.record(batch);
            for (int n = 0; n < batch.size(); n++) {
                Outcome.Recorded recorded = assertInstanceOf(Outcome.Recorded.class, outcomes.get(n));
                Long first = entries.putIfAbsent(
                        batch.get(n).facilityId() + batch.get(n).eventId(), recorded.entryId());
                assertTrue(first == null || first == recorded.entryId(), "one entry an event");
                fresh.addAndGet(recorded.repeated() ? 0 : 1);
            }
        }
    }

    /** Facility and product by and by, each followed by the release of what waited for it; some at two nodes at once. */
    private void learnTheCatalog() {
        Movements movements = movements(connectUnchecked());
        for (int i = 0; i < 10; i++) {
            sql.update("insert into facility (facility_id, name) values (?, 'f')", "f" + i);
            sql.update("insert into product (product_id, name, active) values (?, 'p', true)", "p" + i);
            sql.update("""
                    insert into identification select 'UPCA', product_id, product_key from product where product_id = ?
                    """, "p" + i);
            movements.release(new CatalogChanged());
        }
    }

    /** Always the same content for the same number. */
    private Movement event(int number) {
        Random dice = new Random(31L * seed + number);
        Instant booked = TIME.plus(dice.nextInt(6 * 60), ChronoUnit.MINUTES);
        return Movement.told(
                "f" + number % 10,
                "UPCA",
                "p" + dice.nextInt(10),
                dice.nextBoolean() ? 1 + dice.nextInt(5) : -1 - dice.nextInt(5),
                "POS_SALE",
                null,
                "e" + number,
                null,
                booked,
                null,
                TIME);
    }

    private static Movement counted(String till, long sequence) {
        String id = till + "-" + sequence;
        return Movement.told(
                "tills", "UPCA", "x", 1, "POS_SALE", null, id, new TillSequence(till, sequence), TIME, null, TIME);
    }

    private String missing(String till) {
        TillReport report = report(till);
        return report.missing() + " missing " + report.missingRanges();
    }

    private TillReport report(String till) {
        Map<String, TillReport> reports = new HashMap<>();
        tills(sql)
                .list("tills", TillReport.Position.START, 100, 100)
                .forEach(report -> reports.put(report.position().tillId(), report));
        assertTrue(reports.containsKey(till), () -> Set.copyOf(reports.keySet()) + " lack " + till);
        return Objects.requireNonNull(reports.get(till));
    }

    private long number(String query) {
        return sql.one(
                query + (query.contains(" where ") ? " and" : " where") + " facility_id <> 'tills'",
                row -> row.getLong(1));
    }

    private static void awaitAll(List<Future<?>> ends) throws InterruptedException, ExecutionException {
        for (Future<?> end : ends) {
            end.get();
        }
    }

    /** There is no container here to do it. */
    @SuppressWarnings("UnnecessaryAssignment")
    private static Movements movements(Sql sql) {
        Movements movements = new Movements();
        movements.sql = sql;
        movements.tills = tills(sql);
        return movements;
    }

    @SuppressWarnings("UnnecessaryAssignment")
    private static Tills tills(Sql sql) {
        Tills tills = new Tills();
        tills.sql = sql;
        return tills;
    }

    private Sql connect() throws SQLException {
        return OneConnection.to(database.url(), database.user(), database.password());
    }

    private Sql connectUnchecked() {
        try {
            return connect();
        } catch (SQLException failure) {
            throw new IllegalStateException(failure);
        }
    }
}
