package io.evenstock.bench;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.evenstock.lab.EmbeddedDatabase;
import io.evenstock.lab.EvenstockServer;
import io.evenstock.lab.Secrets;
import io.evenstock.lab.Undertaker;
import java.io.IOException;
import java.io.InputStream;
import java.net.CookieManager;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/**
 * First byte of each page and list, with 1,000,000 pairs, 10,000 runs and 1,000,000 movements; beside the login page, which
 * asks the database nothing. And how long a night of 1,000,000 pairs takes to be compared.
 */
class ConsolePagesBench {
    private static final int FACILITIES = 100;
    private static final int PRODUCTS = 10_000;
    private static final int RUNS = 10_000;
    private static final int ROUNDS = Integer.getInteger("bench.rounds", 7);
    private static final int WARM_UP = 3;
    private static final String USER = "bench";
    private static final Pattern FIELD = Pattern.compile("<input type=\"hidden\"[^>]*>");
    private static final Pattern NAME = Pattern.compile("name=\"([^\"]+)\"");
    private static final Pattern VALUE = Pattern.compile("value=\"([^\"]*)\"");

    private final String key = Secrets.apiKey();
    private final String password = Secrets.password();
    private final HttpClient client = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .cookieHandler(new CookieManager())
            .build();
    private final Map<String, Samples> firstBytes = new LinkedHashMap<>();

    @SuppressWarnings("NullAway.Init") // first thing in the bench
    private EmbeddedDatabase database;

    @SuppressWarnings("NullAway.Init")
    private URI base;

    @Test
    void firstByteOfEachPage() throws Exception {
        try (Undertaker undertaker = Undertaker.hire()) {
            Path folder = undertaker.newFolder("evenstock-bench-");
            database = EmbeddedDatabase.start(folder, undertaker);
            try (EvenstockServer server = EvenstockServer.start(
                    folder.resolve("node"), EvenstockServer.freePort(), settings(folder), undertaker)) {
                base = server.baseAddress();
                fill();
                compareNights();
                login();
                Map<String, String> addresses = addresses();
                for (int round = -WARM_UP; round < ROUNDS; round++) {
                    for (Map.Entry<String, String> address : addresses.entrySet()) {
                        measure(address.getKey(), address.getValue(), round >= 0);
                    }
                }
            }
        }
        firstBytes.forEach((what, samples) ->
                System.out.printf(Locale.ROOT, "%-60s first byte, ms, min / median / max %s%n", what, samples.text(0)));
    }

    private Map<String, String> settings(Path folder) {
        Map<String, String> settings = new HashMap<>();
        settings.put("EVENSTOCK_DB_URL", database.url());
        settings.put("EVENSTOCK_DB_USER", database.user());
        settings.put("EVENSTOCK_DB_PASSWORD", database.password());
        settings.put("EVENSTOCK_BOOTSTRAP_KEY", key);
        settings.put("EVENSTOCK_BOOTSTRAP_USER", USER);
        settings.put("EVENSTOCK_BOOTSTRAP_PASSWORD", password);
        settings.put("EVENSTOCK_SECRETS_KEY", Secrets.sealingKey());
        settings.put("EVENSTOCK_WORK_DIR", folder.resolve("work").toString());
        settings.put("EVENSTOCK_SCHEDULE_ENABLED", "false");
        settings.put("EVENSTOCK_FEED_ENABLED", "false");
        settings.put("EVENSTOCK_RATE_LIMIT_ENABLED", "false");
        settings.put("EVENSTOCK_SELF_AUDIT_PAIRS", "0");
        return settings;
    }

    private Map<String, String> addresses() throws SQLException {
        String night = text("select max(business_date)::text from drift_run join snapshot_run using (run_id)");
        Map<String, String> all = new LinkedHashMap<>();
        all.put("the login page, which asks the database nothing", "/console/login");
        all.put("Tonight", "/console/tonight");
        all.put("Tonight, a past night", "/console/tonight?date=" + night);
        all.put("Runs", "/console/runs");
        all.put("Runs, last page", "/console/runs?page=" + RUNS / 25);
        all.put("Runs by file, searched", "/console/runs?q=77&sort=source_name&dir=asc&page=3");
        all.put("Runs by rejects, refused ones", "/console/runs?state=REFUSED&sort=rejects");
        all.put("Run of 1,000,000 pairs", "/console/run?id=" + text("select max(run_id) from drift_run"));
        all.put("Products, none asked for", "/console/product");
        all.put("Products by part of a name", "/console/product?q=shirt+77");
        all.put("Products by identification", "/console/product?q=0123456104711");
        all.put("Product at 100 facilities, and why", "/console/product?id=P4711&facility=F7");
        all.put("Variance", "/console/variance");
        all.put("Variance of a facility, page 3", "/console/variance?facility=F7&page=3");
        all.put("Drift", "/console/drift");
        all.put("Drift of a facility", "/console/drift?facility=F7&date=" + night);
        all.put("Timers", "/console/timers");
        all.put("Downstream", "/console/downstream");
        all.put("Quarantine", "/console/quarantine");
        all.put("Keys", "/console/keys");
        all.put("Users", "/console/users");
        all.put("Audit", "/console/audit");
        all.put("API inventory, page of 100", "/api/inventory?facilityId=F7&limit=100");
        all.put("API inventory, page of 100 from the middle", "/api/inventory?facilityId=F7&after=P5000&limit=100");
        all.put("API inventory, facility of 20 pairs", "/api/inventory?facilityId=SPARSE&limit=100");
        all.put("API runs", "/api/runs?limit=100");
        all.put("API movements of a facility", "/api/movements?facilityId=F7&limit=100");
        all.put("API cycles", "/api/cycles");
        all.put("API drift of a night and facility", "/api/drift/" + night + "?facilityId=F7");
        all.put("API sales rates", "/api/sales-rates");
        return all;
    }

    private void measure(String what, String path, boolean counts) throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(base.resolve(path));
        if (path.startsWith("/api/")) {
            request.header("Authorization", "Bearer " + key);
        }
        long asked = System.nanoTime();
        HttpResponse<InputStream> answer = client.send(request.build(), HttpResponse.BodyHandlers.ofInputStream());
        try (InputStream body = answer.body()) {
            int first = body.read();
            double millis = (System.nanoTime() - asked) / 1e6;
            String text = (char) first + new String(body.readAllBytes(), StandardCharsets.UTF_8);
            assertEquals(200, answer.statusCode(), () -> path + ": " + text);
            assertTrue(path.startsWith("/api/") || text.contains("</html>"), () -> path + ": " + text);
            if (counts) {
                firstBytes.computeIfAbsent(what, name -> new Samples()).add(millis);
            }
        }
    }

    private void login() throws IOException, InterruptedException {
        HttpResponse<String> page = client.send(
                HttpRequest.newBuilder(base.resolve("/console/login")).build(), HttpResponse.BodyHandlers.ofString());
        StringBuilder form = new StringBuilder("login:submit=Log+in");
        append(form, "login:name", USER);
        append(form, "login:password", password);
        Matcher field = FIELD.matcher(page.body());
        while (field.find()) {
            Matcher name = NAME.matcher(field.group());
            Matcher value = VALUE.matcher(field.group());
            if (name.find() && value.find()) {
                append(form, name.group(1), value.group(1).replace("&amp;", "&"));
            }
        }
        HttpResponse<String> answer = client.send(
                HttpRequest.newBuilder(base.resolve("/console/login"))
                        .header("Content-Type", "application/x-www-form-urlencoded")
                        .POST(HttpRequest.BodyPublishers.ofString(form.toString()))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
        assertEquals(302, answer.statusCode(), answer::body);
    }

    private static void append(StringBuilder form, String name, String value) {
        form.append('&')
                .append(URLEncoder.encode(name, StandardCharsets.UTF_8))
                .append('=')
                .append(URLEncoder.encode(value, StandardCharsets.UTF_8));
    }

    private void fill() throws SQLException {
        catalog();
        nights();
        sales();
        quarantine();
        shipments();
        people();
    }

    private void catalog() throws SQLException {
        execute("""
                insert into facility (facility_id, name) select 'F' || n, 'Store ' || n from generate_series(1, %d) n
                """.formatted(FACILITIES));
        execute("insert into facility (facility_id, name) values ('SPARSE', 'Sparse')");
        execute("""
                insert into product (product_id, name, active)
                select 'P' || n, 'Oxford shirt ' || n, true from generate_series(1, %d) n
                """.formatted(PRODUCTS));
        execute("insert into identification select 'UPCA', '0123456' || (100000 + product_key), product_key from"
                + " product");
    }

    private void nights() throws SQLException {
        execute("""
                insert into cycle select current_date - n from generate_series(1, 400) n
                """);
        execute("""
                insert into cycle_step (business_date, step, state, rows, kept, attempt)
                select business_date, step, 'DONE', 3000000 + random() * 500000, 970, 1
                from cycle, unnest(array['list', 'filter', 'reset', 'variance']) step
                """);
        execute("""
                insert into snapshot_run (kind, as_of, source_name, source_sha256, state, final, rows, lines, rejects, applied_at)
                select 'FEED', now() - n * interval '10 minutes' - interval '3 days', 'feed_' || n || '.csv', md5(n::text),
                       case when n %% 50 = 0 then 'REFUSED' else 'APPLIED' end, n %% 50 <> 0, 3000, 3000, n %% 7, now()
                from generate_series(1, %d) n
                """.formatted(RUNS - 2));
    }

    private void sales() throws SQLException {
        execute("""
                insert into movement (facility_id, event_id, fingerprint, id_type, id_value, facility_key, product_key, quantity,
                                      reason, occurred_at, booked_at, recorded_at, first_status)
                select 'F' || f, n::text, gen_random_uuid(), 'UPCA', '0', f, 1 + n % 10000, -1, 'POS_SALE', t, t, t, 'APPLIED'
                from (select n, 1 + (n::bigint * 7919) % 100 as f,
                             now() - interval '30 days' + n * interval '2.592 seconds' as t
                      from generate_series(1, 1000000) n) m
                """);
        execute("""
                insert into movement_sum select facility_key, product_key, date_trunc('hour', booked_at, 'UTC'), sum(quantity)
                from movement group by 1, 2, 3
                """);
        execute("""
                insert into movement (facility_id, event_id, fingerprint, id_type, id_value, facility_key, product_key, quantity,
                                      reason, occurred_at, booked_at, first_status)
                select 'SPARSE', n::text, gen_random_uuid(), 'UPCA', '0', 101, 9000 + n, -1, 'CYCLE_COUNT', now(), now(), 'APPLIED'
                from generate_series(1, 20) n
                """);
    }

    private void quarantine() throws SQLException {
        execute("""
                insert into movement (facility_id, event_id, fingerprint, id_type, id_value, quantity, reason, occurred_at,
                                      booked_at, first_status)
                select 'F1', 'q' || n, gen_random_uuid(), 'UPCA', 'unknown' || n % 500, -1, 'POS_SALE', now(), now(), 'QUARANTINED'
                from generate_series(1, 2000) n
                """);
    }

    private void shipments() throws SQLException {
        execute("""
                insert into shipment select 'S' || n, 'F' || 1 + n % 100, 1 + n % 100, now() - n * interval '1 minute'
                from generate_series(1, 20000) n
                """);
        execute("""
                insert into shipment_item (shipment_id, item_seq_id, id_type, id_value, facility_key, product_key, shipped_at,
                                           quantity, revision)
                select shipment_id, '1', 'UPCA', '0', facility_key, 1 + length(shipment_id), shipped_at, 1, 0 from shipment
                """);
    }

    private void people() throws SQLException {
        execute("""
                insert into audit (who, address, action, target) select 'bench', '::1', 'tried', n::text
                from generate_series(1, 100000) n
                """);
        execute("""
                insert into api_key (name, key_sha256, hint, role, created_by)
                select 'key' || n, sha256(n::text::bytea), 'evs_', 'operator', 'bench' from generate_series(1, 1000) n
                """);
        execute("""
                insert into console_user (name, password, role, created_by)
                select 'user' || n, '-', 'viewer', 'bench' from generate_series(1, 200) n
                """);
    }

    /** Two nights of all pairs, one after the other; the publisher has told the second already. */
    private void compareNights() throws Exception {
        load(1, "now() - interval '2 days'");
        load(2, "now() - interval '1 day'");
        execute("analyze");
        long started = System.nanoTime();
        execute("update snapshot_run set state = 'APPLIED', applied_at = clock_timestamp() where part in (1, 2)");
        execute("delete from dirty_bulk");
        execute("delete from dirty_pair");
        execute("""
                insert into published_inventory
                    (facility_key, product_key, on_hand, withheld, available, version, bulk, published_at)
                select facility_key, product_key, 10, 0, 10, nextval('published_version'), true, now()
                from facility, product where facility_id <> 'SPARSE' or product_key between 9001 and 9020
                on conflict do nothing
                """);
        execute("analyze published_inventory");
        await().atMost(Duration.ofMinutes(5))
                .pollInterval(Duration.ofMillis(100))
                .until(() -> text("select count(*) from drift_run").equals("2"));
        System.out.printf(
                Locale.ROOT,
                "two nights of 1,000,000 pairs compared, the first without any before: %.1f s%n",
                (System.nanoTime() - started) / 1e9);
        assertEquals(
                "1000000", text("select sum(pairs) from drift where run_id = (select max(run_id) from drift_run)"));
        // As if the nights before had been like that one.
        execute("""
                with old as (
                    insert into snapshot_run (kind, business_date, as_of, source_name, source_sha256, state, final)
                    select 'NIGHTLY', current_date - n, now() - n * interval '1 day', 'night' || n, n::text, 'APPLIED', true
                    from generate_series(3, 31) n returning run_id),
                told as (insert into drift_run (run_id) select run_id from old returning run_id)
                insert into drift select t.run_id, d.facility_key, d.pairs, 0, d.differing, d.units_more, d.units_less
                from told t, drift d where d.run_id = (select max(run_id) from drift_run)
                """);
        execute("""
                insert into drift_pair
                select r.run_id, d.facility_key, d.product_key, d.quantity, d.expected, d.since, d.shipped
                from drift_run r, drift_pair d where not exists (select from drift_pair p where p.run_id = r.run_id)
                """);
        execute("delete from dirty_bulk");
        execute("vacuum analyze");
    }

    private void load(int part, String asOf) throws SQLException {
        execute("create table lines_%1$d partition of snapshot_line for values in (%1$d)".formatted(part));
        execute("insert into snapshot_part (part, shared, lines) overriding system value values (%d, false, 1000000)"
                .formatted(part));
        execute("""
                insert into snapshot_run (kind, business_date, as_of, source_name, source_sha256, state, part, rows, lines)
                values ('NIGHTLY', (%2$s)::date, %2$s, 'night%1$d', 'night%1$d', 'PREPARED', %1$d, 3500000, 1000000)
                """.formatted(part, asOf));
        execute("""
                insert into snapshot_line (as_of, part, facility_key, product_key, run_id, quantity, line)
                select r.as_of, r.part, f, p.product_key, r.run_id, 10 + (p.product_key %% 3) * r.part, 1
                from snapshot_run r, generate_series(1, %2$d) f, product p where r.part = %1$d
                """.formatted(part, FACILITIES));
    }

    private void execute(String sql) throws SQLException {
        try (Connection connection = connect();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private String text(String sql) throws SQLException {
        try (Connection connection = connect();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            row.next();
            return String.valueOf(row.getString(1));
        }
    }

    private Connection connect() throws SQLException {
        return DriverManager.getConnection(database.url(), database.user(), database.password());
    }
}
