package io.evenstock.downstream;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.evenstock.bench.Samples;
import java.io.IOException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/**
 * From a sale to a consumer that polls the change feed: at 100 and 1,000 sales a second, and while a run of
 * 300,000 pairs is fed out. Then what asking for nothing costs, and what a sale pays for its mark. Correct: in the end the
 * consumer knows every figure.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class DownstreamBench {
    private static final int FACILITIES = 300;
    private static final int PRODUCTS = 1_000;
    private static final int SELLING = FACILITIES + 1;
    private static final int SECONDS = 20;
    private static final int CHUNK = 1_000;
    private static final long POLL_MILLIS = 100;
    private static final long CONSUMER_POLL_MILLIS = 20;

    private final Map<String, Sales> waiting = new ConcurrentHashMap<>();
    private final Random random = new Random(1);
    private final AtomicBoolean over = new AtomicBoolean();
    private PublishedDatabase.Server server;
    private PublishedDatabase database;
    private volatile Samples delays = new Samples();
    private final AtomicLong received = new AtomicLong();
    private int run;

    @BeforeAll
    void start() throws IOException, SQLException {
        server = new PublishedDatabase.Server();
        database = server.fresh(SELLING, PRODUCTS);
    }

    @AfterAll
    void stop() throws IOException {
        server.close();
    }

    @Test
    void fromTheSaleToTheConsumer() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(2);
        PublishedDatabase.Consumer consumer = new PublishedDatabase.Consumer(database.changes(), CHUNK);
        try (Connection connection = database.connect()) {
            Future<?> publishing = threads.submit(this::publish);
            Future<?> consuming = threads.submit(() -> consume(consumer));
            sell(connection, 100, 5, "warm-up");
            sell(connection, 100, SECONDS, "1. 100 sales/s");
            sell(connection, 1_000, SECONDS, "2. 1,000 sales/s");
            feedOut(connection, "3. first run of 300,000 pairs, 100 sales/s");
            feedOut(connection, "4. next run of 300,000 pairs, all changed, 100 sales/s");
            over.set(true);
            publishing.get();
            consuming.get();
        } finally {
            threads.shutdownNow();
        }
        consumer.assertKnows(database.figures());
        idle();
        marks();
    }

    private void feedOut(Connection connection, String what) throws Exception {
        load(connection);
        received.set(0);
        delays = new Samples();
        long started = System.nanoTime();
        PublishedDatabase.execute(connection, "update snapshot_run set state = 'APPLIED' where part = " + run);
        int sales = 0;
        while (received.get() < (long) FACILITIES * PRODUCTS + sales && System.nanoTime() - started < 120e9) {
            sell(connection, 100, 1, null);
            sales += 100;
            if (waits(connection) == 0 && received.get() >= (long) FACILITIES * PRODUCTS) {
                break;
            }
        }
        double seconds = (System.nanoTime() - started) / 1e9;
        System.out.printf(
                Locale.ROOT,
                "%s: fed out to its end in %.1f s, %.0f changes/s%n   from a sale to the consumer: p50 %.0f"
                        + " ms, p99 %.0f ms, max %.0f ms%n",
                what,
                seconds,
                received.get() / seconds,
                delays.median(),
                delays.quantile(0.99),
                delays.quantile(1));
    }

    private static long waits(Connection connection) throws SQLException {
        try (var statement = connection.createStatement();
                var row = statement.executeQuery("select count(*) from dirty_bulk")) {
            row.next();
            return row.getLong(1);
        }
    }

    private void load(Connection connection) throws SQLException {
        run++;
        PublishedDatabase.execute(
                connection, "create table lines_%1$d partition of snapshot_line for values in (%1$d)".formatted(run));
        PublishedDatabase.execute(connection, """
                insert into snapshot_part (part, shared, lines) overriding system value values (%d, false, 0)
                """.formatted(run));
        PublishedDatabase.execute(connection, """
                insert into snapshot_run (kind, as_of, source_name, source_sha256, state, part)
                values ('FEED', clock_timestamp(), 'f', 'sha%1$d', 'PREPARED', %1$d)
                """.formatted(run));
        PublishedDatabase.execute(connection, """
                insert into snapshot_line (as_of, part, facility_key, product_key, run_id, quantity, line)
                select r.as_of, r.part, f, p, r.run_id, 10 + %1$d, 1
                from snapshot_run r, generate_series(1, %2$d) f, generate_series(1, %3$d) p where r.part = %1$d
                """.formatted(run, FACILITIES, PRODUCTS));
        PublishedDatabase.execute(connection, "analyze lines_" + run);
    }

    /** Ten batches of sales a second at least, each a transaction, at an even pace. */
    private void sell(Connection connection, int perSecond, int seconds, @Nullable String what) throws Exception {
        if (what != null) {
            delays = new Samples();
        }
        int batch = Math.max(1, perSecond / 100);
        long pause = TimeUnit.SECONDS.toNanos(1) * batch / perSecond;
        long next = System.nanoTime();
        for (int sold = 0; sold < perSecond * seconds; sold += batch) {
            int[] products = random.ints(batch, 1, PRODUCTS + 1).sorted().toArray();
            sell(connection, products);
            next += pause;
            TimeUnit.NANOSECONDS.sleep(Math.max(0, next - System.nanoTime()));
        }
        if (what != null) {
            TimeUnit.SECONDS.sleep(2);
            System.out.printf(
                    Locale.ROOT,
                    "%s: from a sale to the consumer p50 %.0f ms, p99 %.0f ms, max %.0f ms%n",
                    what,
                    delays.median(),
                    delays.quantile(0.99),
                    delays.quantile(1));
        }
    }

    /** Noted before the statement: the delays have the sale's own time in them. */
    private void sell(Connection connection, int[] products) throws SQLException {
        long now = System.nanoTime();
        for (int product : products) {
            waiting.computeIfAbsent(String.format(Locale.ROOT, "P%06d", product), key -> new Sales())
                    .add(now);
        }
        insert(connection, products);
    }

    private static void insert(Connection connection, int[] products) throws SQLException {
        Integer[] keys = Arrays.stream(products).boxed().toArray(Integer[]::new);
        try (PreparedStatement statement = connection.prepareStatement("""
                with recorded as (
                    insert into movement (facility_id, event_id, fingerprint, id_type, id_value, facility_key,
                                          product_key, quantity, reason, occurred_at, booked_at, first_status)
                    select 'F%1$d', gen_random_uuid()::text, gen_random_uuid(), 'SKU', 'S', %1$d, product, -1,
                           'POS_SALE', clock_timestamp(), clock_timestamp(), 'APPLIED'
                    from unnest(?::integer[]) product
                    returning *)
                insert into movement_sum as s (facility_key, product_key, hour, quantity)
                select facility_key, product_key, date_trunc('hour', booked_at, 'UTC'), sum(quantity)
                from recorded group by 1, 2, 3 order by 1, 2, 3
                on conflict (facility_key, product_key, hour) do update set quantity = s.quantity + excluded.quantity
                """.formatted(SELLING))) {
            statement.setArray(1, connection.createArrayOf("integer", keys));
            statement.executeUpdate();
        }
    }

    private Void publish() throws SQLException, InterruptedException {
        Publisher publisher = database.publisher();
        boolean more = false;
        while (!over.get() || more) {
            if (!more) {
                TimeUnit.MILLISECONDS.sleep(POLL_MILLIS);
            }
            more = publisher.round(CHUNK, CHUNK).orElseThrow().more();
        }
        return null;
    }

    private Void consume(PublishedDatabase.Consumer consumer) throws InterruptedException {
        while (!over.get()) {
            var page = consumer.read();
            long now = System.nanoTime();
            for (Change change : page) {
                received.incrementAndGet();
                Sales sales = waiting.get(change.productId());
                if (sales != null && ("F" + SELLING).equals(change.facilityId())) {
                    sales.told(-change.onHand(), now, delays);
                }
            }
            if (page.size() < CHUNK) {
                TimeUnit.MILLISECONDS.sleep(CONSUMER_POLL_MILLIS);
            }
        }
        return null;
    }

    /** The sales of a pair that the consumer does not know yet; each takes one unit. */
    private static final class Sales {
        private final Deque<Long> begun = new ArrayDeque<>();
        private long told;

        synchronized void add(long now) {
            begun.add(now);
        }

        synchronized void told(long units, long now, Samples delays) {
            for (; told < units; told++) {
                delays.add((now - begun.remove()) / 1e6);
            }
        }
    }

    private void idle() throws SQLException {
        Publisher publisher = database.publisher();
        Samples micros = new Samples();
        for (int n = 0; n < 2_000; n++) {
            long started = System.nanoTime();
            assertEquals(0, publisher.round(CHUNK, CHUNK).orElseThrow().changed());
            micros.add((System.nanoTime() - started) / 1e3);
        }
        System.out.printf(
                Locale.ROOT,
                "5. asking for nothing: %s µs, at ten times a second %.2f %% of a core%n",
                micros.text(0),
                micros.median() * 10 / 1e6 * 100);
    }

    private void marks() throws SQLException {
        Samples with = new Samples();
        Samples without = new Samples();
        try (Connection connection = database.connect()) {
            connection.setAutoCommit(false);
            for (int round = 0; round < 300; round++) {
                PublishedDatabase.execute(
                        connection,
                        "alter table movement " + (round % 2 == 0 ? "enable" : "disable") + " trigger user");
                int[] products = random.ints(100, 1, PRODUCTS + 1).sorted().toArray();
                insert(connection, products);
                long started = System.nanoTime();
                insert(connection, random.ints(100, 1, PRODUCTS + 1).sorted().toArray());
                double millis = (System.nanoTime() - started) / 1e6;
                if (round > 20) {
                    (round % 2 == 0 ? with : without).add(millis);
                }
                PublishedDatabase.execute(connection, "alter table movement enable trigger user");
                connection.commit();
            }
        }
        System.out.printf(
                Locale.ROOT,
                "6. a batch of 100 sales: with marks %s ms, without %s ms, ratio of medians %.2f%n",
                with.text(2),
                without.text(2),
                with.median() / without.median());
    }
}
