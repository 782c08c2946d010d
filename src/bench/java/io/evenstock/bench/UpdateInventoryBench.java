package io.evenstock.bench;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.evenstock.container.BuiltWar;
import io.evenstock.lab.EmbeddedDatabase;
import io.evenstock.lab.EmbeddedSftp;
import io.evenstock.lab.EvenstockServer;
import io.evenstock.lab.Secrets;
import io.evenstock.lab.Undertaker;
import io.evenstock.pos.BenchUpdateInventory;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongFunction;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jboss.shrinkwrap.api.exporter.ZipExporter;
import org.junit.jupiter.api.Test;

/**
 * Sales per second by UpdateInventory, against pgbench with the same transaction on the same database, and against the
 * server's own ceiling. {@code EVENSTOCK_TEST_DB_…} names another database than the embedded one; {@code
 * -Dbench.seconds} scales every measurement, {@code -Dbench.pgbench} names the program.
 */
class UpdateInventoryBench {
    private static final int FACILITIES = 100;
    private static final int PRODUCTS = 10_000;
    private static final int CONNECTIONS = 128;
    private static final int ARRAY = 100;
    private static final int ROUNDS = 3;
    private static final int FEWEST_WARM_UPS = 10;
    private static final int MOST_WARM_UPS = 20;
    private static final double STEADY = 1.05;
    private static final String SALE = "POS_SALE";
    private static final int[] CLIENTS = {1, 8, 32, 128};
    private static final double SECONDS = Double.parseDouble(System.getProperty("bench.seconds", "4"));
    private static final String PGBENCH = System.getProperty("bench.pgbench", "/usr/lib/postgresql/15/bin/pgbench");
    private static final Pattern TPS = Pattern.compile("tps = ([0-9.]+)");

    private final Map<String, List<Double>> figures = new LinkedHashMap<>();
    private final Random dice = new Random(1);
    private final Instant now = Instant.now(Clock.systemUTC()).truncatedTo(ChronoUnit.SECONDS);
    private final Map<String, String> settings = new HashMap<>();
    private final String key = Secrets.apiKey();
    private String url = "";
    private Path folder = Path.of("target");
    private long adjustments;
    private long bodies;
    private ProcessHandle process = ProcessHandle.current();
    private Duration cpu = Duration.ZERO;

    @Test
    void sales() throws Exception {
        try (Undertaker undertaker = Undertaker.hire()) {
            folder = undertaker.newFolder("evenstock-bench-");
            surroundings(undertaker);
            System.setProperty("evenstock.war", benchWar().toString());
            try (EvenstockServer server =
                    EvenstockServer.start(folder.resolve("node"), EvenstockServer.freePort(), settings, undertaker)) {
                process = server.process();
                catalog();
                measure(server.baseAddress());
            }
        }
    }

    private void measure(URI server) throws Exception {
        Load load = new Load(server, "/api/UpdateInventory", key, CONNECTIONS);
        warmUp(load);
        for (int round = 0; round < ROUNDS; round++) {
            rates(load);
        }
        report();
        double rate = Math.min(median("group commit, uniform") / 2, median("one transaction a request, uniform"));
        for (int round = 0; round < ROUNDS; round++) {
            latency("one transaction a request", load.open(rate, 2 * SECONDS, uniform(BenchUpdateInventory.ONE)));
            latency("group commit", load.open(rate, 2 * SECONDS, uniform(SALE)));
        }
        for (int round = 1; round <= ROUNDS; round++) {
            reset(load, rate, round);
        }
        ratioOfLatencies("group commit", "one transaction a request");
        ratioOfLatencies("during a reset", "no reset");
        check();
    }

    private void rates(Load load) throws Exception {
        cpu = cpu();
        rate("ceiling, no database", load.closed(SECONDS, uniform(BenchUpdateInventory.NOTHING)), 0);
        rate("one transaction a request, hot", load.closed(SECONDS, hot(BenchUpdateInventory.ONE)), 1);
        rate("one transaction a request, uniform", load.closed(SECONDS, uniform(BenchUpdateInventory.ONE)), 1);
        rate("group commit, hot", load.closed(SECONDS, hot(SALE)), 1);
        rate("group commit, uniform", load.closed(SECONDS, uniform(SALE)), 1);
        rate("arrays of 100, uniform", load.closed(SECONDS, this::array), ARRAY);
        check();
        pgbench("pgbench, hot", "0", "0");
        pgbench("pgbench, uniform", "random(0, " + (FACILITIES - 1) + ")", "random(0, " + (PRODUCTS - 1) + ")");
    }

    /** Until neither the server alone nor its group commit has become faster twice running; on two cores compiling takes long. */
    private void warmUp(Load load) throws IOException, SQLException {
        double ceiling = 0;
        double sales = 0;
        int steady = 0;
        for (int i = 1; i <= FEWEST_WARM_UPS || (i <= MOST_WARM_UPS && steady < 2); i++) {
            Load.Result nothing = load.closed(SECONDS, uniform(BenchUpdateInventory.NOTHING));
            Load.Result sold = load.closed(SECONDS, uniform(SALE));
            count(nothing, 0);
            count(sold, 1);
            count(load.closed(SECONDS / 2, uniform(BenchUpdateInventory.ONE)), 1);
            count(load.closed(SECONDS / 2, this::array), ARRAY);
            boolean faster = nothing.perSecond() > STEADY * ceiling || sold.perSecond() > STEADY * sales;
            steady = faster ? 0 : steady + 1;
            ceiling = Math.max(ceiling, nothing.perSecond());
            sales = Math.max(sales, sold.perSecond());
            System.out.printf(Locale.ROOT, "warm-up %d: %,.0f and %,.0f/s%n", i, nothing.perSecond(), sold.perSecond());
        }
        check();
    }

    /** A frequent feed's file of a million rows is loaded and applied while sales go on. */
    private void reset(Load load, double rate, int number) throws Exception {
        String applied = "select count(*) from snapshot_run where state = 'APPLIED' and lines = 1000000";
        latency("no reset", load.open(rate, 2 * SECONDS, uniform(SALE)));
        put(feedFile(number));
        AtomicBoolean going = new AtomicBoolean(true);
        long start = System.nanoTime();
        CompletableFuture<Void> end = CompletableFuture.runAsync(() -> await().atMost(Duration.ofMinutes(2))
                        .pollInterval(Duration.ofMillis(200))
                        .until(() -> number(applied) == number))
                .whenComplete((none, failure) -> going.set(false));
        latency("during a reset", load.open(rate, going::get, uniform(SALE)));
        end.join();
        System.out.printf(
                Locale.ROOT, "from the file's arrival to applied: %.1f s%n", (System.nanoTime() - start) / 1e9);
        latency("no reset", load.open(rate, 2 * SECONDS, uniform(SALE)));
    }

    private void rate(String what, Load.Result result, int each) {
        count(result, each);
        double perSecond = result.perSecond() * Math.max(1, each);
        figures.computeIfAbsent(what, name -> new ArrayList<>()).add(perSecond);
        System.out.printf(
                Locale.ROOT,
                "%-36s %,10.0f/s   p50 %.1f ms, p99 %.1f ms, the server's CPU %.0f us a request%n",
                what,
                perSecond,
                result.percentile(0.5),
                result.percentile(0.99),
                (cpu().toNanos() - cpu.toNanos()) / 1e3 / result.succeeded());
        cpu = cpu();
    }

    private Duration cpu() {
        return process.info().totalCpuDuration().orElse(Duration.ZERO);
    }

    private void latency(String what, Load.Result result) {
        count(result, 1);
        figures.computeIfAbsent(p99(what), name -> new ArrayList<>()).add(result.percentile(0.99));
        System.out.printf(
                Locale.ROOT,
                "open, %,.0f/s: %-34s p50 %.1f ms, p99 %.1f ms, longest %.1f ms%n",
                result.perSecond(),
                what,
                result.percentile(0.5),
                result.percentile(0.99),
                result.percentile(1));
    }

    private void count(Load.Result result, int each) {
        assertEquals(0, result.failed(), result::firstFailure);
        adjustments += result.succeeded() * each;
    }

    /** Ledger rows = distinct adjustments answered 2xx; the hours = the sums of their movements. */
    private void check() throws SQLException {
        assertEquals(adjustments, number("select count(*) from movement where event_id like 'bench-%'"));
        assertEquals(
                number("select coalesce(sum(quantity), 0) from movement"),
                number("select coalesce(sum(quantity), 0) from movement_sum"));
        assertEquals(0, number("""
                        select count(*) from movement_sum s
                        full join (select facility_key, product_key, date_trunc('hour', booked_at, 'UTC') as hour,
                                          sum(quantity) as quantity
                                   from movement group by 1, 2, 3) m using (facility_key, product_key, hour)
                        where s.quantity is distinct from m.quantity
                        """));
    }

    private void report() {
        System.out.printf(Locale.ROOT, "%n%-36s %10s %10s %10s%n", "per second", "min", "median", "max");
        figures.forEach((what, all) -> System.out.printf(
                Locale.ROOT,
                "%-36s %,10.0f %,10.0f %,10.0f%n",
                what,
                all.stream().mapToDouble(each -> each).min().orElse(0),
                median(what),
                all.stream().mapToDouble(each -> each).max().orElse(0)));
        ratio("group commit, hot", "pgbench, hot");
        ratio("group commit, uniform", "pgbench, uniform");
        ratio("group commit, uniform", "ceiling, no database");
        ratio("arrays of 100, uniform", "pgbench, uniform");
        ratio("group commit, hot", "one transaction a request, hot");
        ratio("group commit, uniform", "one transaction a request, uniform");
    }

    private static String p99(String what) {
        return what + ", p99 in ms";
    }

    private void ratioOfLatencies(String ours, String anchor) {
        List.of(ours, anchor).forEach(what -> System.out.println(p99(what) + ": " + figures.get(p99(what))));
        ratio(p99(ours), p99(anchor));
    }

    private void ratio(String ours, String anchor) {
        System.out.printf(Locale.ROOT, "%s : %s = %.2f%n", ours, anchor, median(ours) / median(anchor));
    }

    private double median(String what) {
        double[] sorted = figures.getOrDefault(what, List.of(0.0)).stream()
                .mapToDouble(each -> each)
                .sorted()
                .toArray();
        return sorted[sorted.length / 2];
    }

    private LongFunction<String> hot(String reason) {
        return n -> sale(new StringBuilder(250), 0, 0, reason).toString();
    }

    private LongFunction<String> uniform(String reason) {
        return n -> sale(new StringBuilder(250), dice.nextInt(FACILITIES), dice.nextInt(PRODUCTS), reason)
                .toString();
    }

    private String array(long ignored) {
        StringBuilder body = new StringBuilder(250 * ARRAY);
        for (int i = 0; i < ARRAY; i++) {
            sale(body.append(i == 0 ? '[' : ','), dice.nextInt(FACILITIES), dice.nextInt(PRODUCTS), SALE);
        }
        return body.append(']').toString();
    }

    private StringBuilder sale(StringBuilder body, int facility, int product, String reason) {
        return body.append("{\"facilityId\":\"F-")
                .append(facility)
                .append("\",\"idType\":\"UPCA\",\"idValue\":\"0123456")
                .append(100_000 + product)
                .append("\",\"availableDelta\":-1,\"varianceReasonId\":\"")
                .append(reason)
                .append("\",\"eventId\":\"bench-")
                .append(bodies++)
                .append("\",\"occurredAt\":\"")
                .append(now)
                .append("\"}");
    }

    /** The product's own statement for one sale. The best of all numbers of clients counts. */
    private void pgbench(String what, String facility, String product) throws Exception {
        Path script = Files.writeString(folder.resolve("sale.sql"), """
                \\set f %s
                \\set p %s
                \\set e random(1, 9000000000000000000)
                with recorded as (
                    insert into movement (facility_id, event_id, fingerprint, id_type, id_value, facility_key, product_key,
                                          quantity, reason, occurred_at, booked_at, first_status)
                    select 'F-' || :f, 'pgbench-' || :e, '00000000-0000-0000-0000-000000000000', 'UPCA',
                           '0123456' || (100000 + :p), f.facility_key, i.product_key, -1, 'POS_SALE', '%s', '%s',
                           case when b.as_of >= '%s' then 'ABSORBED' else 'APPLIED' end
                    from facility f, identification i left join lateral pair_base(1, i.product_key) b on true
                    where f.facility_id = 'F-' || :f and i.id_type = 'UPCA' and i.id_value = '0123456' || (100000 + :p)
                    on conflict (facility_id, event_id) do nothing
                    returning facility_key, product_key, booked_at, quantity)
                insert into movement_sum as s (facility_key, product_key, hour, quantity)
                select facility_key, product_key, date_trunc('hour', booked_at, 'UTC'), quantity from recorded
                on conflict (facility_key, product_key, hour) do update set quantity = s.quantity + excluded.quantity;
                """.formatted(facility, product, now, now, now));
        double best = 0;
        for (int clients : CLIENTS) {
            double tps = pgbench(script, clients);
            System.out.printf(Locale.ROOT, "%s, %d clients: %,.0f/s%n", what, clients, tps);
            best = Math.max(best, tps);
        }
        figures.computeIfAbsent(what, name -> new ArrayList<>()).add(best);
    }

    private double pgbench(Path script, int clients) throws IOException, InterruptedException {
        URI database = URI.create(url.substring("jdbc:".length()));
        ProcessBuilder builder = new ProcessBuilder(
                PGBENCH,
                "-n",
                "-M",
                "prepared",
                "-c",
                String.valueOf(clients),
                "-j",
                String.valueOf(Math.min(2, clients)),
                "-T",
                String.valueOf(Math.max(1, Math.round(SECONDS))),
                "-f",
                script.toString(),
                "-h",
                database.getHost(),
                "-p",
                String.valueOf(database.getPort()),
                "-U",
                settings.getOrDefault("EVENSTOCK_DB_USER", ""),
                database.getPath().substring(1));
        builder.environment().put("PGPASSWORD", settings.getOrDefault("EVENSTOCK_DB_PASSWORD", ""));
        Process process = builder.redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, process.waitFor(), output);
        Matcher tps = TPS.matcher(output);
        assertTrue(tps.find(), output);
        return Double.parseDouble(tps.group(1));
    }

    private void surroundings(Undertaker undertaker) throws IOException {
        String given = System.getenv("EVENSTOCK_TEST_DB_URL");
        if (given == null) {
            EmbeddedDatabase database = EmbeddedDatabase.start(folder, undertaker);
            database(database.url(), database.user(), database.password());
        } else {
            database(given, System.getenv("EVENSTOCK_TEST_DB_USER"), System.getenv("EVENSTOCK_TEST_DB_PASSWORD"));
        }
        EmbeddedSftp sftp = EmbeddedSftp.start(folder.resolve("sftp"));
        settings.put("EVENSTOCK_SFTP_HOST", sftp.host());
        settings.put("EVENSTOCK_SFTP_PORT", String.valueOf(sftp.port()));
        settings.put("EVENSTOCK_SFTP_USER", sftp.user());
        settings.put("EVENSTOCK_SFTP_PASSWORD", sftp.password());
        settings.put("EVENSTOCK_SFTP_KNOWN_HOSTS", sftp.knownHosts().toString());
        settings.put("EVENSTOCK_SFTP_STABLE_INTERVAL", "PT0.1S");
        settings.put("EVENSTOCK_FEED_INTERVAL", "PT1S");
        settings.put("EVENSTOCK_PLAUSIBILITY_ENABLED", "false");
        settings.put("EVENSTOCK_SCHEDULE_ENABLED", "false");
        settings.put("EVENSTOCK_RATE_LIMIT_ENABLED", "false");
        settings.put("EVENSTOCK_BOOTSTRAP_KEY", key);
        settings.put("EVENSTOCK_WORK_DIR", folder.resolve("work").toString());
        settings.put("sftp.root", sftp.root().toString());
    }

    private void database(String address, String user, String password) {
        url = address;
        settings.put("EVENSTOCK_DB_URL", address);
        settings.put("EVENSTOCK_DB_USER", user);
        settings.put("EVENSTOCK_DB_PASSWORD", password);
    }

    private Path benchWar() {
        Path war = folder.resolve("bench.war");
        BuiltWar.with(BenchUpdateInventory.class).as(ZipExporter.class).exportTo(war.toFile());
        return war;
    }

    private void catalog() throws SQLException {
        try (Connection connection = connect();
                Statement statement = connection.createStatement()) {
            statement.execute(
                    "insert into facility (facility_id, name) select 'F-' || n, 'Store ' || n from generate_series(0, "
                            + (FACILITIES - 1) + ") n");
            statement.execute(
                    "insert into product (product_id, name, active) select 'P' || n, 'Product ' || n, true from generate_series(0, "
                            + (PRODUCTS - 1) + ") n");
            statement.execute(
                    "insert into identification select 'UPCA', '0123456' || (100000 + substr(product_id, 2)::integer), product_key from product");
            for (String table : List.of("facility", "product", "identification")) {
                statement.execute("analyze " + table);
            }
        }
    }

    /** @param number of this file; the later ones have the later times */
    private Path feedFile(int number) throws IOException {
        String asOf = DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'", Locale.ROOT)
                .withZone(ZoneOffset.UTC)
                .format(now.minus(1, ChronoUnit.HOURS).plusSeconds(number));
        StringBuilder rows = new StringBuilder("externalFacilityId,idType,idValue,availableQty\n");
        for (int facility = 0; facility < FACILITIES; facility++) {
            for (int product = 0; product < PRODUCTS; product++) {
                rows.append("F-")
                        .append(facility)
                        .append(",UPCA,0123456")
                        .append(100_000 + product)
                        .append(",10\n");
            }
        }
        return Files.writeString(folder.resolve("Stock-" + asOf + ".csv"), rows);
    }

    private void put(Path file) throws IOException {
        Files.move(
                file,
                Path.of(
                        settings.getOrDefault("sftp.root", ""),
                        "erp",
                        "reset",
                        file.getFileName().toString()),
                StandardCopyOption.ATOMIC_MOVE);
    }

    private long number(String query) throws SQLException {
        try (Connection connection = connect();
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(query)) {
            rows.next();
            return rows.getLong(1);
        }
    }

    private Connection connect() throws SQLException {
        return DriverManager.getConnection(
                url, settings.get("EVENSTOCK_DB_USER"), settings.get("EVENSTOCK_DB_PASSWORD"));
    }
}
