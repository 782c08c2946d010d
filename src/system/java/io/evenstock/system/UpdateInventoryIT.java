package io.evenstock.system;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.evenstock.lab.Answer;
import io.evenstock.lab.ApiClient;
import io.evenstock.lab.EvenstockServer;
import jakarta.json.JsonArray;
import jakarta.json.JsonObject;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Every sale once: repeated by the thousand, beside a bad one, across a shutdown and a reset. */
@ExtendWith(Evenstock.class)
class UpdateInventoryIT {
    private static final String STORE = "101";
    private static final String PATH = "/api/UpdateInventory";

    @Test
    void tenThousandConcurrentRepeatsLeaveOneEntry(Evenstock.Running evenstock) throws Exception {
        Shop shop = openShop(evenstock);
        String sale = shop.movement(STORE, 1, -1, "again-and-again", shop.at("10:00"));
        List<Answer> answers = together(100, 10_000, i -> () -> post(evenstock.api(), sale));

        Map<String, Long> statuses = answers.stream()
                .map(answer -> answer.body().asJsonObject())
                .collect(Collectors.groupingBy(body -> body.getString("status"), Collectors.counting()));
        assertEquals(Map.of("APPLIED", 1L, "REPEATED", 9_999L), statuses);
        Set<Integer> entries = answers.stream()
                .map(answer -> answer.body().asJsonObject().getInt("entryId"))
                .collect(Collectors.toSet());
        assertEquals(1, entries.size());
        assertEquals(1, movements(shop, "").size());
        shop.expect(STORE, 1, -1, 0, 0);
    }

    @Test
    void aPoisonousElementFailsAlone(Evenstock.Running evenstock) throws Exception {
        Shop shop = openShop(evenstock);
        try (Connection connection = evenstock.connect();
                Statement statement = connection.createStatement()) {
            statement.execute("alter table movement add constraint poison check (comments <> 'poison')");
            List<Answer> answers = together(50, 300, i -> () -> post(evenstock.api(), sale(shop, i, i % 60 == 7)));
            JsonArray array = post(
                            evenstock.api(),
                            IntStream.range(1_000, 1_010)
                                    .mapToObj(i -> sale(shop, i, i == 1_003))
                                    .collect(Collectors.joining(",", "[", "]")))
                    .body()
                    .asJsonArray();
            statement.execute("alter table movement drop constraint poison");

            for (int i = 0; i < answers.size(); i++) {
                assertEquals(i % 60 == 7 ? 500 : 200, answers.get(i).status(), answers.get(i)::problem);
            }
            for (int i = 0; i < array.size(); i++) {
                assertEquals(
                        i == 3 ? "REFUSED" : "APPLIED", array.getJsonObject(i).getString("status"));
            }
        }
        shop.expect(STORE, 1, -295 - 9, 0, 0);
        String facility = shop.facility(STORE);
        await().until(() -> Files.readString(evenstock.log())
                .contains("sale-failed adjustments=1 facility=" + facility + " event=sale-1003 failure="));
        assertTrue(Files.readString(evenstock.log())
                .matches(
                        "(?s).* route=UpdateInventory path=UpdateInventory status=500 ms=[0-9.]+ event=sale-7 key=.*"));
    }

    private static String sale(Shop shop, int number, boolean poisonous) {
        String sale = shop.movement(STORE, 1, -1, "sale-" + number, shop.at("10:00"));
        return poisonous ? sale.replace("\"availableDelta\"", "\"comments\":\"poison\",\"availableDelta\"") : sale;
    }

    @Test
    void adjustmentsOfADeadlockAreTriedAgainTogetherAndCountOnce(Evenstock.Running evenstock) throws Exception {
        Shop shop = openShop(evenstock);
        // Their sums of the hour, which sales lock in the order of the products.
        shop.move(STORE, 1, 10, "first-1", shop.at("10:00"));
        shop.move(STORE, 2, 10, "first-2", shop.at("10:00"));
        ExecutorService till = Executors.newSingleThreadExecutor();
        Answer answer;
        try (Connection other = evenstock.connect()) {
            other.setAutoCommit(false);
            lockSum(other, shop, 2);
            Future<Answer> sold = till.submit(() -> post(
                    evenstock.api(),
                    "[" + shop.movement(STORE, 1, -1, "sale-1", shop.at("10:01")) + ","
                            + shop.movement(STORE, 2, -1, "sale-2", shop.at("10:01")) + "]"));
            await().pollInterval(Duration.ofMillis(10)).until(() -> holdsUpSomebody(other));
            // Whoever has waited for a second finds the deadlock and gives way: it is the sales, they began to wait
            // first.
            lockSum(other, shop, 1);
            other.rollback();
            answer = sold.get();
        } finally {
            till.shutdownNow();
        }
        assertEquals(List.of("APPLIED", "APPLIED"), statuses(answer));
        shop.expect(STORE, 1, 9, 0, 9);
        shop.expect(STORE, 2, 9, 0, 9);
        String again = "sales-tried-again adjustments=2 facility=" + shop.facility(STORE) + " event=sale-1";
        await().until(() -> {
            String log = Files.readString(evenstock.log());
            return log.contains(again) && log.substring(log.indexOf(again)).contains("deadlock detected");
        });
    }

    private static void lockSum(Connection connection, Shop shop, int product) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("""
                    select from movement_sum where facility_key = (select facility_key from facility where facility_id = '%s')
                    and product_key = (select product_key from product where product_id = '%s') for update
                    """.formatted(shop.facility(STORE), shop.productId(product)));
        }
    }

    private static boolean holdsUpSomebody(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(
                        "select count(*) > 0 from pg_stat_activity where pg_backend_pid() = any(pg_blocking_pids(pid))")) {
            return row.next() && row.getBoolean(1);
        }
    }

    private static List<String> statuses(Answer answer) {
        return answer.body().asJsonArray().stream()
                .map(each -> each.asJsonObject().getString("status"))
                .toList();
    }

    @Test
    void aDatabaseThatIsAwayIsToldAndTheRepeatCounts(Evenstock.Running evenstock) throws Exception {
        Shop shop = openShop(evenstock);
        Map<String, String> settings = new HashMap<>();
        try (FaultyLink link = new FaultyLink(evenstock.databaseUrl())) {
            settings.put("EVENSTOCK_DB_URL", link.url());
            settings.put("EVENSTOCK_SALES_PATIENCE", "PT1S");
            try (EvenstockServer node = evenstock.node("away", settings)) {
                String sale = shop.movement(STORE, 1, -1, "sale", shop.at("10:00"));
                post(evenstock.apiOf(node), shop.movement(STORE, 1, -1, "before", shop.at("10:00")));
                link.down();
                HttpResponse<String> refused = evenstock.raw(node.baseAddress(), "POST", PATH, sale, Map.of());
                assertEquals(503, refused.statusCode(), refused::body);
                assertTrue(refused.headers().firstValue("Retry-After").isPresent());
                assertEquals(503, ready(evenstock, node), "whoever sends it calls must know");
                link.up();
                JsonObject counted = await().atMost(Duration.ofSeconds(60))
                        .until(() -> post(evenstock.apiOf(node), sale), Answer::succeeded)
                        .body()
                        .asJsonObject();
                assertEquals("APPLIED", counted.getString("status"));
                assertEquals(200, ready(evenstock, node));
            }
        }
        shop.expect(STORE, 1, -2, 0, 0);
    }

    private static int ready(Evenstock.Running evenstock, EvenstockServer node) throws Exception {
        return evenstock
                .raw(node.baseAddress(), "GET", "/api/health/ready", null, Map.of())
                .statusCode();
    }

    @Test
    void atShutdownWhatWasAnsweredIsRecorded(Evenstock.Running evenstock) throws Exception {
        Shop shop = openShop(evenstock);
        EvenstockServer node = evenstock.node("shutdown", Map.of());
        ApiClient api = evenstock.apiOf(node);
        ExecutorService tills = Executors.newFixedThreadPool(32);
        Set<String> answered = ConcurrentHashMap.newKeySet();
        AtomicBoolean selling = new AtomicBoolean(true);
        List<Future<?>> ends = new ArrayList<>();
        for (int till = 0; till < 32; till++) {
            int number = till;
            ends.add(tills.submit(() -> {
                for (int i = 0; selling.get(); i++) {
                    String id = number + "-" + i;
                    try {
                        if (post(api, shop.movement(STORE, 1, -1, id, shop.at("10:00")))
                                .succeeded()) {
                            answered.add(id);
                        }
                    } catch (IOException gone) {
                        return;
                    }
                }
            }));
        }
        await().atMost(Duration.ofSeconds(60)).until(() -> answered.size() > 500);
        node.close();
        selling.set(false);
        for (Future<?> end : ends) {
            end.get();
        }
        tills.shutdown();
        Set<String> recorded = new HashSet<>();
        for (String after = "0"; after != null; ) {
            JsonObject page = shop.api()
                    .get("/api/movements?limit=1000&facilityId=" + shop.facility(STORE) + "&after=" + after)
                    .asJsonObject();
            page.getJsonArray("items")
                    .forEach(item -> recorded.add(item.asJsonObject().getString("eventId")));
            after = page.getJsonArray("items").isEmpty() ? null : page.getString("next");
        }
        Set<String> lost = new HashSet<>(answered);
        lost.removeAll(recorded);
        assertEquals(Set.of(), lost, "answered, but not recorded");
    }

    @Test
    void salesDoNotWaitForAResetAndNobodySeesHalfOfIt(Evenstock.Running evenstock) throws Exception {
        Shop shop = evenstock.newShop();
        int products = 500;
        String[] stores = IntStream.range(100, 140).mapToObj(String::valueOf).toArray(String[]::new);
        shop.knowFacilities(stores);
        shop.knowProducts(IntStream.rangeClosed(1, products).toArray());
        List<String> rows = new ArrayList<>();
        for (String store : stores) {
            for (int product = 1; product <= products; product++) {
                rows.add(shop.row(store, product, "10"));
            }
        }
        shop.upload(rows.toArray(String[]::new));
        shop.run("list", "filter");
        AtomicBoolean resetting = new AtomicBoolean(true);
        ExecutorService others = Executors.newFixedThreadPool(5);
        List<Future<Integer>> sold = new ArrayList<>();
        for (int till = 0; till < 4; till++) {
            int number = till;
            sold.add(others.submit(() -> sell(shop, number, resetting)));
        }
        Future<Set<Integer>> seen = others.submit(() -> sizesOfCoveredPages(shop, stores[0], resetting));
        shop.run("reset");
        resetting.set(false);
        int sales = 0;
        for (Future<Integer> end : sold) {
            sales += end.get();
        }
        others.shutdown();

        assertTrue(sales > 10, "sales: " + sales);
        assertEquals(Set.of(0, products), with(seen.get(), 0, products), "a page has none or all of its pairs reset");
        shop.expect(stores[0], 1, 10 - sales, 0, Math.max(0, 10 - sales));
    }

    /** Sales of one pair, all booked after the file's as-of. */
    private static int sell(Shop shop, int till, AtomicBoolean going) throws IOException {
        int sales = 0;
        while (going.get()) {
            JsonObject sale = shop.move("100", 1, -1, till + "-" + sales, shop.at("03:00"));
            assertEquals("APPLIED", sale.getString("status"), sale::toString);
            sales++;
        }
        return sales;
    }

    /** How many pairs of a page stand on a snapshot, in each of many looks. */
    private static Set<Integer> sizesOfCoveredPages(Shop shop, String store, AtomicBoolean going) throws IOException {
        Set<Integer> sizes = new HashSet<>();
        while (going.get()) {
            JsonArray page = shop.api()
                    .get("/api/inventory?limit=1000&facilityId=" + shop.facility(store))
                    .asJsonObject()
                    .getJsonArray("items");
            sizes.add((int) page.stream()
                    .filter(item -> !item.asJsonObject().isNull("snapshot"))
                    .count());
        }
        return sizes;
    }

    private static Set<Integer> with(Set<Integer> seen, int... more) {
        Set<Integer> all = new HashSet<>(seen);
        IntStream.of(more).forEach(all::add);
        return all;
    }

    @Test
    void movementsAreReadPageByPage(Evenstock.Running evenstock) throws IOException {
        Shop shop = openShop(evenstock);
        for (int i = 0; i < 5; i++) {
            shop.move(STORE, 1 + i % 2, -1 - i, "sale-" + i, shop.at("10:0" + i));
        }
        post(
                shop.api(),
                shop.movement(STORE, 1, -9, "unknown", shop.at("10:00"))
                        .replace(shop.upc(1), "unknown-" + shop.upc(1)));

        JsonObject first = shop.api()
                .get("/api/movements?limit=4&facilityId=" + shop.facility(STORE))
                .asJsonObject();
        JsonObject second = shop.api()
                .get("/api/movements?limit=4&facilityId=" + shop.facility(STORE) + "&after=" + first.getString("next"))
                .asJsonObject();
        JsonObject end = shop.api()
                .get("/api/movements?facilityId=" + shop.facility(STORE) + "&after=" + second.getString("next"))
                .asJsonObject();

        assertEquals(List.of("sale-0", "sale-1", "sale-2", "sale-3"), ids(first.getJsonArray("items")));
        assertEquals(List.of("sale-4", "unknown"), ids(second.getJsonArray("items")));
        assertEquals(List.of(), ids(end.getJsonArray("items")));
        assertEquals(second.getString("next"), end.getString("next"));
        assertTrue(second.getJsonArray("items").getJsonObject(1).isNull("productId"));
        assertEquals(
                List.of("sale-0", "sale-2", "sale-4"), ids(movements(shop, "&idType=SKU&idValue=SKU-" + shop.upc(1))));
        assertEquals(List.of("unknown"), ids(movements(shop, "&idType=UPCA&idValue=unknown-" + shop.upc(1))));
        assertEquals(
                List.of("sale-1", "sale-2"),
                ids(movements(shop, "&from=" + shop.at("10:01") + "&to=" + shop.at("10:03"))));
        for (String wrong : new String[] {"&limit=0", "&after=x", "&from=yesterday", "&idType=UPCA"}) {
            assertEquals(400, get(shop, "/api/movements?facilityId=1" + wrong).status(), wrong);
        }
    }

    @Test
    void aMissingNumberOfATillIsReportedUntilItComes(Evenstock.Running evenstock) throws IOException {
        Shop shop = openShop(evenstock);
        for (int sequence : new int[] {1, 2, 5, 2}) {
            post(shop.api(), counted(shop, sequence));
        }
        JsonObject till = till(shop);
        assertEquals(
                "1 to 5, 2 missing [[3,4]]",
                "%d to %d, %d missing %s"
                        .formatted(
                                till.getInt("firstSequence"),
                                till.getInt("lastSequence"),
                                till.getInt("missing"),
                                till.get("missingRanges")));
        post(shop.api(), counted(shop, 4));
        post(shop.api(), counted(shop, 3));
        assertEquals(0, till(shop).getInt("missing"));
        Answer alone = post(shop.api(), counted(shop, 9).replace("\"tillId\":\"T1\",", ""));
        assertEquals(400, alone.status());
        assertEquals("/tillId", alone.body().asJsonObject().getString("pointer"));
    }

    private static String counted(Shop shop, int sequence) {
        return shop.movement(STORE, 1, -1, "T1-" + sequence, shop.at("10:00"))
                .replace("\"eventId\"", "\"tillId\":\"T1\",\"sequence\":" + sequence + ",\"eventId\"");
    }

    private static JsonObject till(Shop shop) throws IOException {
        JsonArray tills = shop.api()
                .get("/api/tills?facilityId=" + shop.facility(STORE))
                .asJsonObject()
                .getJsonArray("items");
        assertEquals(1, tills.size());
        return tills.getJsonObject(0);
    }

    @Test
    void whoHasTheFigureAlreadyIsToldSo(Evenstock.Running evenstock) throws Exception {
        Shop shop = openShop(evenstock);
        shop.move(STORE, 1, 5, "first", shop.at("10:00"));
        String pair = "?facilityId=%s&idType=UPCA&idValue=%s".formatted(shop.facility(STORE), shop.upc(1));
        for (String call : List.of("/api/inventory/explanation", "/api/inventory/ledger")) {
            HttpResponse<String> full = evenstock.raw("GET", call + pair, null, Map.of());
            String etag = full.headers().firstValue("ETag").orElseThrow();
            assertEquals(
                    304,
                    evenstock
                            .raw("GET", call + pair, null, Map.of("If-None-Match", etag))
                            .statusCode());
        }
        String path = "/api/inventory" + pair;
        HttpResponse<String> figure = evenstock.raw("GET", path, null, Map.of());
        String tag = figure.headers().firstValue("ETag").orElseThrow();
        HttpResponse<String> same = evenstock.raw("GET", path, null, Map.of("If-None-Match", tag));
        assertEquals(304, same.statusCode());
        assertEquals("", same.body());
        shop.move(STORE, 1, -1, "second", shop.at("10:00"));
        HttpResponse<String> other = evenstock.raw("GET", path, null, Map.of("If-None-Match", tag));
        assertEquals(200, other.statusCode());
        assertTrue(other.body().contains("\"quantityOnHand\":4"), other::body);
    }

    @Test
    void anIdempotencyKeyIsBounded(Evenstock.Running evenstock) throws Exception {
        Shop shop = openShop(evenstock);
        String sale = shop.movement(STORE, 1, -1, "x", shop.at("10:00"));
        HttpResponse<String> answer = evenstock.raw("POST", PATH, sale, Map.of("Idempotency-Key", "k".repeat(121)));
        assertEquals(400, answer.statusCode());
    }

    private static List<String> ids(JsonArray movements) {
        return movements.stream()
                .map(item -> item.asJsonObject().getString("eventId"))
                .toList();
    }

    private static JsonArray movements(Shop shop, String filter) throws IOException {
        return shop.api()
                .get("/api/movements?facilityId=" + shop.facility(STORE) + filter)
                .asJsonObject()
                .getJsonArray("items");
    }

    private static Answer get(Shop shop, String path) throws IOException {
        return shop.api().send("GET", path, null);
    }

    private static Answer post(ApiClient api, String body) throws IOException {
        return api.send("POST", PATH, body, Map.of());
    }

    private static <T> List<T> together(int threads, int calls, Function<Integer, Callable<T>> call)
            throws InterruptedException, ExecutionException {
        ExecutorService pool = Executors.newFixedThreadPool(threads);
        List<Future<T>> ends = new ArrayList<>();
        for (int i = 0; i < calls; i++) {
            ends.add(pool.submit(call.apply(i)));
        }
        List<T> all = new ArrayList<>();
        for (Future<T> end : ends) {
            all.add(end.get());
        }
        pool.shutdown();
        return all;
    }

    private static Shop openShop(Evenstock.Running evenstock) throws IOException {
        Shop shop = evenstock.newShop();
        shop.knowFacilities(STORE);
        shop.knowProducts(1, 2);
        return shop;
    }
}
