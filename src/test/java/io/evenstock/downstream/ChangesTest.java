package io.evenstock.downstream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.evenstock.database.Sql;
import io.evenstock.downstream.PublishedDatabase.Consumer;
import java.io.IOException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** Who keeps a cursor over the changes misses nothing, whatever commits when. {@code -Devenstock.seed=N} replays. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ChangesTest {
    private static final int WRITERS = 8;
    private static final int TRANSACTIONS = 60;

    private final long seed = Long.getLong("evenstock.seed", System.nanoTime());
    private PublishedDatabase.Server server;
    private PublishedDatabase database;

    @BeforeAll
    void start() throws IOException {
        server = new PublishedDatabase.Server();
    }

    @BeforeEach
    void fresh() throws SQLException {
        database = server.fresh(6, 200);
    }

    @AfterAll
    void stop() throws IOException {
        server.close();
    }

    @Test
    void consumersEndWithTheFiguresThoughTransactionsCommitLateAndInAnyOrder() throws Exception {
        System.out.println("changes: -Devenstock.seed=" + seed);
        AtomicBoolean written = new AtomicBoolean();
        AtomicBoolean published = new AtomicBoolean();
        List<Consumer> consumers = List.of(
                new Consumer(database.changes(), 1),
                new Consumer(database.changes(), 7),
                new Consumer(database.changes(), 500));
        ExecutorService threads = Executors.newCachedThreadPool();
        try {
            List<Future<?>> writers = new ArrayList<>();
            for (int n = 0; n < WRITERS; n++) {
                Random random = new Random(seed + n);
                writers.add(threads.submit(task(() -> write(random))));
            }
            writers.add(threads.submit(task(() -> run(new Random(seed - 1)))));
            List<Future<?>> publishers = List.of(
                    threads.submit(task(() -> publish(written, new Random(seed - 2)))),
                    threads.submit(task(() -> publish(written, new Random(seed - 3)))));
            List<Future<?>> reading = consumers.stream()
                    .<Future<?>>map(consumer -> threads.submit(() -> read(consumer, published)))
                    .toList();
            join(writers);
            written.set(true);
            join(publishers);
            published.set(true);
            join(reading);
        } finally {
            threads.shutdownNow();
        }
        Map<String, String> figures = database.figures();
        assertTrue(figures.size() > 500, "only " + figures.size() + " pairs");
        consumers.forEach(consumer -> consumer.assertKnows(figures));
    }

    @Test
    void aPairThatChangedAHundredTimesIsToldOnce() throws SQLException {
        try (Connection connection = database.connect()) {
            for (int n = 0; n < 100; n++) {
                database.move(connection, 1, 1, -1);
                database.publisher().round(10, 10);
            }
        }
        Changes.Page page = database.changes().after(Cursor.START, 1_000, null);
        assertEquals(1, page.items().size());
        assertEquals(-100, page.items().get(0).onHand());
        assertEquals(0, page.items().get(0).available());
        assertEquals(
                List.of(), database.changes().after(page.next(), 1_000, null).items());
    }

    @Test
    void aSaleOvertakesABulk() throws SQLException {
        try (Connection connection = database.connect()) {
            long run = database.load(connection, 1, 10);
            database.state(connection, run, "APPLIED");
            database.publisher().round(10, 20);
            Consumer consumer = new Consumer(database.changes(), 5);
            assertEquals(5, consumer.read().size());
            database.move(connection, 3, 7, -1);
            assertTrue(database.publisher().round(10, 20).orElseThrow().more(), "the bulk goes on");
            Change first = consumer.read().get(0);
            assertEquals("F3/P000007", first.facilityId() + "/" + first.productId());
            assertEquals(9, first.onHand());
            database.publishAll();
            consumer.assertKnows(database.figures());
        }
    }

    @Test
    void anUndoneRunIsRecomputedAndASafetyStockReachesAllPairs() throws SQLException {
        try (Connection connection = database.connect()) {
            long run = database.load(connection, 2, 10);
            database.state(connection, run, "APPLIED");
            database.publishAll();
            Consumer consumer = new Consumer(database.changes(), 50);
            consumer.assertKnows(database.figures());
            database.state(connection, run, "UNDONE");
            PublishedDatabase.execute(connection, "update product set safety_stock = 3");
            database.publishAll();
            assertEquals(Map.of(), database.figures(), "without the run there is no fact");
            consumer.assertKnows(Map.of());
        }
    }

    @Test
    void aCorrectedShipmentReachesThePairsThatItLeavesAndThoseWhereItIsNow() throws SQLException {
        try (Connection connection = database.connect()) {
            String shipment = database.ship(connection, 1, 1, 2);
            database.state(connection, database.load(connection, 1, 10), "APPLIED");
            database.publishAll();
            Consumer consumer = new Consumer(database.changes(), 500);
            for (List<String> correction : List.of(
                    List.of("product_key = 2", "F1/P000002", "8/8"),
                    List.of("facility_key = 2", "F2/P000002", "8/8"),
                    List.of(
                            "invoiced_facility_id = 'F3', invoiced_facility_key = 3, acknowledged_quantity = 2,"
                                    + " acknowledged_at = clock_timestamp() - interval '1 hour'",
                            "F3/P000002",
                            "12/12"),
                    List.of("invoiced_facility_id = 'F4', invoiced_facility_key = 4", "F4/P000002", "12/12"),
                    List.of("product_key = null", "F4/P000002", "10/10"))) {
                PublishedDatabase.execute(
                        connection,
                        "update shipment_item set " + correction.get(0) + " where shipment_id = '" + shipment + "'");
                database.publishAll();
                Map<String, String> figures = database.figures();
                assertEquals(correction.get(2), figures.get(correction.get(1)), correction::toString);
                consumer.assertKnows(figures);
            }
        }
    }

    @Test
    void afterAFailoverEveryPairIsToldAnewFarBeyondAllOldVersions() throws SQLException {
        try (Connection connection = database.connect()) {
            database.move(connection, 1, 1, 5);
            database.move(connection, 2, 2, 5);
            database.publishAll();
            Changes changes = database.changes();
            Cursor before = changes.after(Cursor.START, 100, null).next();
            // What a consumer may have been told, had the lost part of the history gone on.
            Cursor lost = new Cursor(before.urgent() + 1_000_000, before.bulk() + 1_000_000);
            PublishedDatabase.execute(connection, "update publication set cluster = 'another'");
            database.publishAll();
            assertEquals(2, changes.after(lost, 100, null).items().size());
            database.publishAll();
            assertEquals(2, changes.after(lost, 100, null).items().size(), "once is enough");
        }
    }

    /** Server and timeline are the same: pg_restore --clean made the tables anew, or the whole database is another. */
    @Test
    void afterARestoreIntoTheSameServerEveryPairIsToldAnew() throws SQLException {
        try (Connection connection = database.connect()) {
            database.move(connection, 1, 1, 5);
            database.publishAll();
            Consumer consumer = new Consumer(database.changes(), 10);
            assertEquals(1, consumer.read().size());
            PublishedDatabase.execute(connection, """
                    create table restored (like publication including all);
                    insert into restored select * from publication;
                    drop table publication;
                    alter table restored rename to publication""");
            database.publishAll();
            assertEquals(1, consumer.read().size(), "the table is another");
            database.publishAll();
            assertEquals(0, consumer.read().size(), "once is enough");
        }
        Cursor before = database.changes().after(Cursor.START, 10, null).next();
        PublishedDatabase copy = database.copied();
        copy.publishAll();
        assertEquals(1, copy.changes().after(before, 10, null).items().size(), "the database is another");
    }

    @Test
    @SuppressWarnings("UnnecessaryAssignment") // no container is here to inject
    void aChannelSumsItsFacilitiesAndKeepsItsSafetyStockBack() throws SQLException {
        Sql sql = database.sql();
        Channels channels = new Channels();
        channels.sql = sql;
        channels.put(new Channel("web", List.of("F1", "F2"), 1, 10));
        assertEquals(List.of(new Channel("web", List.of("F1", "F2"), 1, 10)), channels.all());
        int key = channels.key("web");
        try (Connection connection = database.connect()) {
            database.move(connection, 1, 1, 7);
            database.move(connection, 2, 1, 8);
            database.move(connection, 3, 1, 100);
            database.publishAll();
            Changes changes = database.changes();
            Changes.Page page = changes.after(Cursor.START, 100, key);
            assertEquals(1, page.items().size());
            Change change = page.items().get(0);
            assertNull(change.facilityId());
            assertEquals("15/12", change.onHand() + "/" + change.available());
            assertFalse(page.full());
            assertEquals(List.of(), changes.after(page.next(), 100, key).items());

            channels.put(new Channel("web", List.of("F1"), 0, 0));
            assertEquals(List.of(new Channel("web", List.of("F1"), 0, 0)), channels.all());
            database.publishAll();
            Change changed = changes.after(page.next(), 100, key).items().get(0);
            assertEquals("7/7", changed.onHand() + "/" + changed.available());
            assertTrue(changed.version() > change.version());
        }
    }

    private void write(Random random) throws SQLException {
        try (Connection connection = database.connect()) {
            connection.setAutoCommit(false);
            List<String> shipments = new ArrayList<>();
            for (int n = 0; n < TRANSACTIONS; n++) {
                // In one order, as the product writes them: nobody waits for each other in a circle.
                int[] pairs = random.ints(1 + random.nextInt(4), 0, database.facilities() * database.products())
                        .sorted()
                        .toArray();
                for (int pair : pairs) {
                    record(
                            connection,
                            random,
                            shipments,
                            1 + pair / database.products(),
                            1 + pair % database.products());
                }
                PublishedDatabase.execute(connection, "select pg_sleep(" + random.nextInt(60) / 1_000.0 + ")");
                if (random.nextInt(8) == 0) {
                    connection.rollback();
                    shipments.clear();
                } else {
                    connection.commit();
                }
            }
        }
    }

    private void record(Connection connection, Random random, List<String> shipments, int facility, int product)
            throws SQLException {
        switch (random.nextInt(10)) {
            case 0 -> shipments.add(database.ship(connection, facility, product, 1 + random.nextInt(3)));
            case 1 -> {
                if (!shipments.isEmpty()) {
                    PublishedDatabase.execute(
                            connection,
                            "update shipment_item set acknowledged_at = now() - interval '1 hour',"
                                    + " acknowledged_quantity = quantity where shipment_id = '"
                                    + shipments.remove(0) + "'");
                }
            }
            default -> database.move(connection, facility, product, random.nextBoolean() ? -1 : 2);
        }
    }

    /** Runs and safety stocks, by one thread: two of them would wait for each other's rows. */
    private void run(Random random) throws SQLException {
        try (Connection connection = database.connect()) {
            connection.setAutoCommit(false);
            for (int n = 0; n < 6; n++) {
                long run = database.load(connection, 5 + random.nextInt(30), random.nextInt(50));
                connection.commit();
                database.state(connection, run, "APPLIED");
                PublishedDatabase.execute(connection, "select pg_sleep(0.1)");
                connection.commit();
                if (random.nextBoolean()) {
                    database.state(connection, run, "UNDONE");
                }
                PublishedDatabase.execute(
                        connection,
                        "update product set safety_stock = %d where product_key %% 5 = %d"
                                .formatted(random.nextInt(4), n % 5));
                PublishedDatabase.execute(connection, "select pg_sleep(0.1)");
                connection.commit();
            }
        }
    }

    /** Slowly, too: its versions stay invisible for a while after they were given. */
    private void publish(AtomicBoolean written, Random random) throws SQLException {
        try (Connection connection = database.connect()) {
            connection.setAutoCommit(false);
            boolean more = true;
            while (more) {
                boolean last = written.get();
                try (Statement statement = connection.createStatement();
                        ResultSet round = statement.executeQuery("select more from publish(9, 11)")) {
                    more = !round.next() || round.getBoolean(1) || !last;
                }
                PublishedDatabase.execute(connection, "select pg_sleep(" + random.nextInt(20) / 1_000.0 + ")");
                connection.commit();
            }
        }
    }

    private static void read(Consumer consumer, AtomicBoolean published) {
        while (!published.get()) {
            consumer.read();
        }
    }

    private interface Task {
        void run() throws Exception;
    }

    private static Callable<Void> task(Task task) {
        return () -> {
            task.run();
            return null;
        };
    }

    private static void join(List<Future<?>> futures) throws InterruptedException, ExecutionException {
        for (Future<?> future : futures) {
            future.get();
        }
    }
}
