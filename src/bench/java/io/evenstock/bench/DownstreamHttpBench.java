package io.evenstock.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.evenstock.lab.EmbeddedDatabase;
import io.evenstock.lab.EvenstockServer;
import io.evenstock.lab.Secrets;
import io.evenstock.lab.Undertaker;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import jakarta.json.JsonReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.StringReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/**
 * From the 2xx of a sale at UpdateInventory to those who are told it, by asking for changes every 20 ms and by a webhook, both
 * at once: at 100 and 1,000 sales a second, and while a run of 300,000 pairs is fed out to both. Then what asking for nothing
 * costs the database. The server is a child JVM on its own database. Correct: every sale is answered 2xx, and in the end both
 * know every figure.
 */
class DownstreamHttpBench {
    private static final int FACILITIES = 300;
    private static final int PRODUCTS = 1_000;
    private static final String SELLING = "F" + (FACILITIES + 1);
    private static final int FIRST_PART = 100;
    private static final int ROUNDS = 3;

    /** Sessions tell their statistics late. */
    private static final int REPORTED_AFTER = 12;

    private static final int CONNECTIONS = 32;
    private static final int PAGE = 1_000;
    private static final double SECONDS = Double.parseDouble(System.getProperty("bench.seconds", "10"));

    private final String key = Secrets.apiKey();
    private final Map<String, String> settings = new HashMap<>();
    private final Map<String, Samples> figures = new LinkedHashMap<>();
    private final Random dice = new Random(1);
    private final Told polling = new Told();
    private final Told webhook = new Told();
    private final AtomicBoolean over = new AtomicBoolean();
    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final Map<Long, Integer> products = new HashMap<>();
    private volatile String cursor = "";
    private long sold;

    @Test
    void fromASaleToThoseWhoAreToldIt() throws Exception {
        ExecutorService threads = Executors.newCachedThreadPool();
        HttpServer receiver = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        receiver.createContext("/", this::receive);
        receiver.setExecutor(threads);
        receiver.start();
        try (Undertaker undertaker = Undertaker.hire()) {
            Path folder = undertaker.newFolder("evenstock-bench-");
            EmbeddedDatabase database = EmbeddedDatabase.start(folder, undertaker);
            settings(database, folder);
            try (EvenstockServer server =
                    EvenstockServer.start(folder.resolve("node"), EvenstockServer.freePort(), settings, undertaker)) {
                catalog();
                call(
                        server,
                        "POST",
                        "/api/webhooks",
                        "{\"url\":\"http://localhost:" + receiver.getAddress().getPort() + "/\"}");
                threads.execute(() -> poll(server));
                measure(server);
                over.set(true);
                check();
                idle(server);
            }
        } finally {
            over.set(true);
            threads.shutdownNow();
            receiver.stop(0);
        }
    }

    private void measure(EvenstockServer server) throws Exception {
        Load load =
                new Load(server.baseAddress(), "/api/UpdateInventory", key, CONNECTIONS).whenSucceeded(this::answered);
        sell(load, 1_000, "warm-up, 1,000 sales/s");
        for (int round = 0; round < ROUNDS; round++) {
            sell(load, 100, "100 sales/s");
            sell(load, 1_000, "1,000 sales/s");
        }
        for (int run = 1; run <= ROUNDS; run++) {
            feedOut(load, run);
        }
        figures.forEach((what, samples) ->
                System.out.printf(Locale.ROOT, "%-70s min / median / max %s%n", what, samples.text(0)));
    }

    private void sell(Load load, int perSecond, String what) throws IOException, InterruptedException {
        begin();
        answered(what, load.open(perSecond, SECONDS, this::sale));
        awaitAll();
        tell(what);
    }

    private void feedOut(Load load, int run) throws Exception {
        load(run);
        begin();
        long pairs = (long) FACILITIES * PRODUCTS;
        long started = System.nanoTime();
        execute("update snapshot_run set state = 'APPLIED' where part = " + (FIRST_PART + run));
        String what = "100 sales/s while " + pairs + " pairs are fed out";
        answered(
                what,
                load.open(
                        100,
                        () -> (polling.others.get() < pairs || webhook.others.get() < pairs)
                                && System.nanoTime() - started < 180e9,
                        this::sale));
        awaitAll();
        note("changes/s fed out by polling, pages of " + PAGE, pairs / ((polling.lastOther - started) / 1e9));
        note("changes/s fed out by a webhook, messages of 500", pairs / ((webhook.lastOther - started) / 1e9));
        tell(what);
    }

    private void begin() {
        polling.begin();
        webhook.begin();
    }

    private void answered(String what, Load.Result result) {
        assertEquals(0, result.failed(), result::firstFailure);
        note(what + ": answer p99, ms", result.percentile(0.99));
    }

    private void awaitAll() throws InterruptedException {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        while ((!polling.knowsAll() || !webhook.knowsAll()) && System.nanoTime() - end < 0) {
            TimeUnit.MILLISECONDS.sleep(20);
        }
    }

    private void tell(String what) {
        Map.of("polling", polling, "webhook", webhook).forEach((name, told) -> {
            note(what + ": from the 2xx, " + name + ", p50, ms", told.quantile(0.5));
            note(what + ": from the 2xx, " + name + ", p99, ms", told.quantile(0.99));
        });
    }

    private void note(String what, double value) {
        figures.computeIfAbsent(what, name -> new Samples()).add(value);
    }

    private String sale(long number) {
        int product = dice.nextInt(PRODUCTS);
        products.put(number, product);
        return "{\"facilityId\":\"" + SELLING + "\",\"idType\":\"UPCA\",\"idValue\":\"0123456" + (100_000 + product)
                + "\",\"availableDelta\":-1,\"varianceReasonId\":\"POS_SALE\",\"eventId\":\"bench-" + sold++ + "\"}";
    }

    private void answered(long number) {
        long now = System.nanoTime();
        int product = products.getOrDefault(number, 0);
        polling.answered(product, now);
        webhook.answered(product, now);
    }

    private void poll(EvenstockServer server) {
        try {
            while (!over.get()) {
                JsonObject page =
                        object(call(server, "GET", "/api/inventory/changes?limit=" + PAGE + "&after=" + cursor, ""));
                polling.take(page.getJsonArray("items").getValuesAs(JsonObject.class));
                cursor = page.getString("next");
                if (page.getJsonArray("items").size() < PAGE) {
                    TimeUnit.MILLISECONDS.sleep(20);
                }
            }
        } catch (IOException | InterruptedException failure) {
            System.out.println("the consumer ended: " + failure);
        }
    }

    private void receive(HttpExchange exchange) throws IOException {
        try (exchange;
                InputStream body = exchange.getRequestBody();
                JsonReader reader = Json.createReader(body)) {
            webhook.take(reader.readObject()
                    .getJsonObject("data")
                    .getJsonArray("items")
                    .getValuesAs(JsonObject.class));
            exchange.sendResponseHeaders(204, -1);
        }
    }

    /** What one of those who are told knows, and how long after the 2xx it knew each sale. */
    private static final class Told {
        private final Map<Integer, Deque<Long>> answered = new HashMap<>();
        private final Map<Integer, Deque<Long>> early = new HashMap<>();
        private final Map<Integer, Long> units = new HashMap<>();
        private final Map<String, String> known = new HashMap<>();
        private final AtomicLong others = new AtomicLong();
        private Samples delays = new Samples();
        private long open;
        private volatile long lastOther;

        synchronized void begin() {
            delays = new Samples();
            others.set(0);
        }

        /** The next sale of a product is answered; it may be known already. */
        synchronized void answered(int product, long now) {
            open++;
            Deque<Long> known = early.getOrDefault(product, new ArrayDeque<>());
            if (known.isEmpty()) {
                answered.computeIfAbsent(product, each -> new ArrayDeque<>()).add(now);
            } else {
                add(known.remove() - now);
            }
        }

        synchronized void take(List<JsonObject> items) {
            long now = System.nanoTime();
            for (JsonObject item : items) {
                known.put(
                        item.getString("facilityId") + "/" + item.getString("productId"),
                        item.getInt("quantityOnHand") + "/" + item.getInt("availableToPromise"));
                if (item.getString("facilityId").equals(SELLING)) {
                    sold(
                            Integer.parseInt(item.getString("productId").substring(1)),
                            -item.getInt("quantityOnHand"),
                            now);
                } else {
                    others.incrementAndGet();
                    lastOther = now;
                }
            }
        }

        /** Each sale takes one unit. */
        private void sold(int product, long now, long at) {
            Deque<Long> waiting = answered.getOrDefault(product, new ArrayDeque<>());
            for (long before = units.getOrDefault(product, 0L); before < now; before++) {
                if (waiting.isEmpty()) {
                    early.computeIfAbsent(product, each -> new ArrayDeque<>()).add(at);
                } else {
                    add(at - waiting.remove());
                }
            }
            units.merge(product, now, Math::max);
        }

        private void add(long nanos) {
            delays.add(nanos / 1e6);
            open--;
        }

        synchronized boolean knowsAll() {
            return open == 0;
        }

        synchronized double quantile(double share) {
            return delays.quantile(share);
        }

        synchronized Map<String, String> known() {
            return Map.copyOf(known);
        }
    }

    private void check() throws SQLException {
        Map<String, String> exact = new HashMap<>();
        rows(
                """
                select facility_id, product_id, base + moved + shipped,
                       greatest(0, base + moved + shipped - withheld - safety_stock)
                from figures((select array_agg(facility_key order by facility_key, product_key) from facility, product),
                             (select array_agg(product_key order by facility_key, product_key) from facility, product)) g
                join facility using (facility_key) join product using (product_key) where base + moved + shipped <> 0
                """,
                row -> exact.put(row.getString(1) + "/" + row.getString(2), row.getString(3) + "/" + row.getString(4)));
        assertEquals(exact, polling.known());
        assertEquals(exact, webhook.known());
        assertEquals(sold, number("select count(*) from movement"));
    }

    /** Statements' time in the database: of a node that has nothing to do, and with those who ask ten times a second. */
    private void idle(EvenstockServer server) throws Exception {
        double node = activeMillis(() -> TimeUnit.SECONDS.sleep((long) SECONDS));
        AtomicLong asked = new AtomicLong();
        double polled = activeMillis(() -> {
            long end = System.nanoTime() + (long) (SECONDS * 1e9);
            while (System.nanoTime() - end < 0) {
                call(server, "GET", "/api/inventory/changes?limit=" + PAGE + "&after=" + cursor, "");
                asked.incrementAndGet();
                TimeUnit.MILLISECONDS.sleep(10);
            }
        });
        System.out.printf(
                Locale.ROOT,
                "nothing to do: a node's statements take %.1f ms a second; %.0f empty polls a second add %.1f ms: %.2f ms each%n",
                node / (SECONDS + REPORTED_AFTER),
                asked.get() / SECONDS,
                (polled - node) / SECONDS,
                (polled - node) / asked.get());
    }

    private double activeMillis(Work work) throws Exception {
        TimeUnit.SECONDS.sleep(REPORTED_AFTER);
        double before = active();
        work.run();
        TimeUnit.SECONDS.sleep(REPORTED_AFTER);
        return active() - before;
    }

    private double active() throws SQLException {
        return (double) number("select round(active_time) from pg_stat_database where datname = current_database()");
    }

    private interface Work {
        void run() throws Exception;
    }

    private interface Row {
        void read(ResultSet row) throws SQLException;
    }

    private void settings(EmbeddedDatabase database, Path folder) {
        settings.put("EVENSTOCK_DB_URL", database.url());
        settings.put("EVENSTOCK_DB_USER", database.user());
        settings.put("EVENSTOCK_DB_PASSWORD", database.password());
        settings.put("EVENSTOCK_BOOTSTRAP_KEY", key);
        settings.put("EVENSTOCK_SECRETS_KEY", Secrets.sealingKey());
        settings.put("EVENSTOCK_WORK_DIR", folder.resolve("work").toString());
        settings.put("EVENSTOCK_SCHEDULE_ENABLED", "false");
        settings.put("EVENSTOCK_FEED_ENABLED", "false");
        settings.put("EVENSTOCK_RATE_LIMIT_ENABLED", "false");
        settings.put("EVENSTOCK_DOWNSTREAM_WEBHOOK_ALLOWED_HOSTS", "localhost");
    }

    private void catalog() throws SQLException {
        execute("insert into facility (facility_id, name) select 'F' || n, 'F' from generate_series(1, "
                + (FACILITIES + 1) + ") n");
        execute("insert into product (product_id, name, active) select 'P' || n, 'P', true from generate_series(0, "
                + (PRODUCTS - 1) + ") n");
        execute("insert into identification select 'UPCA', '0123456' || (100000 + substr(product_id, 2)::integer),"
                + " product_key from product");
        execute("analyze");
    }

    private void load(int run) throws SQLException {
        int part = FIRST_PART + run;
        execute("create table lines_%1$d partition of snapshot_line for values in (%1$d)".formatted(part));
        execute("insert into snapshot_part (part, shared, lines) overriding system value values (%d, false, 0)"
                .formatted(part));
        execute("""
                insert into snapshot_run (kind, as_of, source_name, source_sha256, state, part)
                values ('FEED', clock_timestamp(), 'f', 'sha%1$d', 'PREPARED', %1$d)
                """.formatted(part));
        execute("""
                insert into snapshot_line (as_of, part, facility_key, product_key, run_id, quantity, line)
                select r.as_of, r.part, f, p.product_key, r.run_id, 10 + %1$d, 1
                from snapshot_run r, generate_series(1, %2$d) f, product p where r.part = %1$d
                """.formatted(part, FACILITIES));
        execute("analyze lines_" + part);
    }

    private String call(EvenstockServer server, String method, String path, String body)
            throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(server.baseAddress().resolve(path))
                .header("Authorization", "Bearer " + key)
                .header("Content-Type", "application/json")
                .method(
                        method,
                        body.isEmpty()
                                ? HttpRequest.BodyPublishers.noBody()
                                : HttpRequest.BodyPublishers.ofString(body))
                .build();
        HttpResponse<String> answer = client.send(request, HttpResponse.BodyHandlers.ofString());
        assertEquals(2, answer.statusCode() / 100, answer::body);
        return answer.body();
    }

    private static JsonObject object(String text) {
        try (JsonReader reader = Json.createReader(new StringReader(text))) {
            return reader.readObject();
        }
    }

    private void execute(String statement) throws SQLException {
        try (Connection connection = connect();
                Statement plain = connection.createStatement()) {
            plain.execute(statement);
        }
    }

    private long number(String query) throws SQLException {
        AtomicLong number = new AtomicLong();
        rows(query, row -> number.set(row.getLong(1)));
        return number.get();
    }

    private void rows(String query, Row each) throws SQLException {
        try (Connection connection = connect();
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(query)) {
            while (rows.next()) {
                each.read(rows);
            }
        }
    }

    private Connection connect() throws SQLException {
        return DriverManager.getConnection(
                settings.get("EVENSTOCK_DB_URL"),
                settings.get("EVENSTOCK_DB_USER"),
                settings.get("EVENSTOCK_DB_PASSWORD"));
    }
}
