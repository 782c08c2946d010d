package io.evenstock.system;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.evenstock.lab.Answer;
import io.evenstock.lab.ApiClient;
import io.evenstock.lab.EvenstockServer;
import io.evenstock.lab.WebhookReceiver;
import jakarta.json.JsonArray;
import jakarta.json.JsonObject;
import jakarta.json.JsonValue;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What the eCommerce platforms are told: by asking for changes, and by webhooks. */
@ExtendWith(Evenstock.class)
class DownstreamIT {
    private static final String STORE = "101";
    private static final int KILLED_PRODUCTS = 20;
    private static final Duration SOON = Duration.ofSeconds(30);

    @Test
    void everyKindOfChangeIsTold(Evenstock.Running evenstock) throws IOException {
        Shop shop = shop(evenstock);
        Consumer consumer = new Consumer(shop);
        shop.move(STORE, 1, -1, "sale", shop.at("00:10"));
        consumer.awaitFigure(STORE, 1, "-1/0");

        shop.ship("S", STORE, 1, 2, shop.at("00:20"));
        consumer.awaitFigure(STORE, 1, "-3/0");

        shop.upload(shop.row(STORE, 1, "10"), shop.row(STORE, 2, "5"));
        shop.run("list", "filter", "reset");
        consumer.awaitFigure(STORE, 1, "10/8");
        consumer.awaitFigure(STORE, 2, "5/5");
        shop.run("variance");
        consumer.awaitFigure(STORE, 1, "8/8");

        shop.succeed("PUT", "/api/products", """
                [{"productId":"%s","name":"Product 2","active":true,"safetyStock":2,
                  "identifications":[{"idType":"UPCA","idValue":"%s"}]}]
                """.formatted(shop.productId(2), shop.upc(2)));
        consumer.awaitFigure(STORE, 2, "5/3");

        shop.succeed(
                "POST",
                "/api/runs/" + shop.step("reset").getInt("runId") + "/reversal",
                "{\"reason\":\"the wrong file\"}");
        consumer.awaitFigure(STORE, 1, "-3/0");
        consumer.awaitFigure(STORE, 2, "0/0");
    }

    @Test
    void aPollingConsumerEndsWithTheFiguresOfManySellers(Evenstock.Running evenstock) throws Exception {
        Shop shop = shop(evenstock);
        AtomicBoolean sold = new AtomicBoolean();
        Consumer consumer = new Consumer(shop);
        ExecutorService threads = Executors.newFixedThreadPool(9);
        try {
            Future<?> polling = threads.submit(() -> {
                while (!sold.get()) {
                    consumer.poll();
                }
            });
            List<Future<?>> sellers = new ArrayList<>();
            for (int seller = 0; seller < 8; seller++) {
                int number = seller;
                sellers.add(threads.submit(() -> sell(shop, number)));
            }
            for (Future<?> seller : sellers) {
                seller.get();
            }
            sold.set(true);
            polling.get();
        } finally {
            threads.shutdownNow();
        }
        for (int product = 1; product <= 3; product++) {
            JsonObject exact = shop.inventory(STORE, product);
            consumer.awaitFigure(
                    STORE, product, exact.getInt("quantityOnHand") + "/" + exact.getInt("availableToPromise"));
        }
        JsonObject first = evenstock.api().get("/api/inventory/changes?limit=1").asJsonObject();
        assertEquals(1, first.getJsonArray("items").size());
        Answer bad = evenstock.api().send("GET", "/api/inventory/changes?after=yesterday", null);
        assertEquals(400, bad.status());
    }

    @Test
    void aWebhookIsToldSignedAndCanBeRotatedPausedReplayedAndDeleted(Evenstock.Running evenstock) throws IOException {
        Shop shop = shop(evenstock);
        try (WebhookReceiver receiver = new WebhookReceiver()) {
            JsonObject webhook = shop.succeed("POST", "/api/webhooks", """
                            {"url":"%s","after":"now"}""".formatted(receiver.url("localhost")))
                    .asJsonObject();
            String path = "/api/webhooks/" + webhook.getInt("id");
            receiver.secret(webhook.getString("secret"));
            shop.move(STORE, 1, -4, "sale", shop.at("10:00"));
            awaitTold(receiver, shop, -4);

            receiver.secret(evenstock
                    .api()
                    .call("POST", path + "/rotation", null)
                    .asJsonObject()
                    .getString("secret"));
            shop.move(STORE, 1, -1, "sale 2", shop.at("10:00"));
            awaitTold(receiver, shop, -5);
            assertEquals(List.of(), receiver.faults());

            evenstock.api().call("POST", path + "/pause", null);
            shop.move(STORE, 1, -1, "sale 3", shop.at("10:00"));
            await().atMost(SOON)
                    .until(() -> evenstock.api().get(path).asJsonObject().getInt("backlog") > 0);
            assertEquals("PAUSED", evenstock.api().get(path).asJsonObject().getString("state"));
            evenstock.api().call("POST", path + "/resume", null);
            awaitTold(receiver, shop, -6);

            int calls = receiver.calls();
            evenstock.api().call("POST", path + "/replay", null);
            await().atMost(SOON).until(() -> receiver.calls() > calls);
            JsonObject one = evenstock.api().get(path).asJsonObject();
            assertTrue(one.getJsonArray("attempts").getJsonObject(0).getInt("status") == 204, one::toString);
            assertFalse(one.containsKey("secret"));

            assertEquals(204, evenstock.api().send("DELETE", path, null).status());
            assertEquals(404, evenstock.api().send("GET", path, null).status());
            assertEquals(List.of(), receiver.regressions());
        }
        assertTrue(evenstock.api().get("/api/downstream").asJsonObject().getInt("pairs") > 0);
    }

    @Test
    void anAddressThatIsNotPublicOrNotAllowedByNameIsRefused(Evenstock.Running evenstock) throws IOException {
        for (String url : List.of(
                "https://127.0.0.1/hook",
                "https://169.254.169.254/latest/meta-data",
                "https://[::1]:8443/",
                "https://10.0.0.7/",
                "http://8.8.8.8/",
                "ftp://localhost/",
                "https://user:secret@localhost/",
                "https://no-such-host.invalid/",
                "nonsense")) {
            Answer answer = evenstock.api().send("POST", "/api/webhooks", Shop.json("{\"url\":\"" + url + "\"}"));
            assertEquals(400, answer.status(), url);
        }
    }

    @Test
    void aChannelIsToldItsProducts(Evenstock.Running evenstock) throws IOException {
        Shop shop = shop(evenstock);
        shop.knowFacilities("102", "103");
        String name = "web-" + shop.subsidiary();
        shop.succeed("PUT", "/api/channels", """
                [{"name":"%s","facilities":["%s","%s"],"safetyUnits":1,"safetyPercent":10}]
                """.formatted(name, shop.facility(STORE), shop.facility("102")));
        shop.move(STORE, 1, 7, "a", shop.at("10:00"));
        shop.move("102", 1, 8, "b", shop.at("10:00"));
        shop.move("103", 1, 100, "c", shop.at("10:00"));
        await().atMost(SOON).untilAsserted(() -> {
            JsonArray items = evenstock
                    .api()
                    .get("/api/inventory/changes?channel=" + name)
                    .asJsonObject()
                    .getJsonArray("items");
            assertEquals(1, items.size());
            JsonObject item = items.getJsonObject(0);
            assertEquals(shop.productId(1), item.getString("productId"));
            assertEquals("15/12", item.getInt("quantityOnHand") + "/" + item.getInt("availableToPromise"));
        });
        assertEquals(
                404,
                evenstock
                        .api()
                        .send("GET", "/api/inventory/changes?channel=nobody", null)
                        .status());

        String webhook = "/api/webhooks/"
                + shop.succeed("POST", "/api/webhooks", """
                                {"url":"http://localhost:1/","channel":"%s"}""".formatted(name))
                        .asJsonObject()
                        .getInt("id");
        Answer told = evenstock.api().send("DELETE", "/api/channels/" + name, null);
        assertEquals(409, told.status());
        assertTrue(told.toString().contains(webhook.substring(webhook.lastIndexOf('/') + 1)), told::toString);
        assertEquals(204, evenstock.api().send("DELETE", webhook, null).status());
        assertEquals(
                204,
                evenstock.api().send("DELETE", "/api/channels/" + name, null).status());
        assertEquals(
                404,
                evenstock
                        .api()
                        .send("GET", "/api/inventory/changes?channel=" + name, null)
                        .status());
        assertEquals(15 - 8, shop.inventory(STORE, 1).getInt("quantityOnHand"), "the figures stay");
    }

    @Test
    void aNodeThatIsKilledBetweenSendingAndRecordingIsReplacedByTheOther(Evenstock.Running evenstock) throws Exception {
        String url = evenstock.newDatabase("downstream_killed");
        Map<String, String> database = Map.of("EVENSTOCK_DB_URL", url);
        CountDownLatch sent = new CountDownLatch(1);
        CountDownLatch killed = new CountDownLatch(1);
        try (WebhookReceiver receiver = new WebhookReceiver();
                Connection connection = evenstock.connect(url);
                EvenstockServer one = evenstock.launch("one", database);
                EvenstockServer other = evenstock.launch("other", database)) {
            receiver.behave((call, exchange) -> {
                sent.countDown();
                killed.await();
                return 204;
            });
            one.awaitReady(EvenstockServer.BOOT_LIMIT);
            other.awaitReady(EvenstockServer.BOOT_LIMIT);
            ApiClient first = evenstock.apiOf(one);
            tell(first, "PUT", "/api/facilities", "[{\"facilityId\":\"K\"}]");
            tell(first, "PUT", "/api/products", array(n -> """
                    {"productId":"K%1$d","identifications":[{"idType":"UPCA","idValue":"%1$d"}]}""".formatted(n)));
            tell(first, "POST", "/api/webhooks", "{\"url\":\"" + receiver.url("localhost") + "\"}");
            tell(first, "POST", "/api/UpdateInventory", array(n -> sale(n, 7 * n)));

            assertTrue(sent.await(60, TimeUnit.SECONDS), "the message is with the receiver, not answered");
            EvenstockServer sender = sender(connection, one, other);
            sender.kill();
            killed.countDown();
            assertEquals(0, number(connection, "select delivered from webhook"), "nothing of it was recorded");
            await().atMost(Duration.ofMinutes(1)).until(() -> receiver.calls() > 1);
            assertEquals(receiver.ids().get(0), receiver.ids().get(1), "the same message again");

            ApiClient left = evenstock.apiOf(sender == one ? other : one);
            tell(left, "POST", "/api/UpdateInventory", array(n -> sale(n, -n)));
            await().atMost(SOON).untilAsserted(() -> assertEquals(figures(left), figures(receiver)));
            assertEquals(6 * KILLED_PRODUCTS, figures(receiver).get("K" + KILLED_PRODUCTS));
        }
    }

    private static EvenstockServer sender(Connection connection, EvenstockServer one, EvenstockServer other)
            throws SQLException {
        long pid = number(connection, "select split_part(claimed_by, '-', 2)::bigint from webhook");
        assertTrue(Set.of(one.process().pid(), other.process().pid()).contains(pid), () -> "claimed by " + pid);
        return one.process().pid() == pid ? one : other;
    }

    private static String array(IntFunction<String> each) {
        return IntStream.rangeClosed(1, KILLED_PRODUCTS).mapToObj(each).collect(Collectors.joining(",", "[", "]"));
    }

    private static String sale(int product, int delta) {
        return """
                {"facilityId":"K","idType":"UPCA","idValue":"%d","availableDelta":%d,"varianceReasonId":"POS_SALE",
                 "eventId":"%d/%d"}""".formatted(product, delta, product, delta);
    }

    private static void tell(ApiClient api, String method, String path, String body) throws IOException {
        Answer answer = api.send(method, path, Shop.json(body));
        assertEquals(2, answer.status() / 100, answer::toString);
    }

    private static Map<String, Integer> figures(ApiClient api) throws IOException {
        return api.get("/api/inventory?facilityId=K&limit=100").asJsonObject().getJsonArray("items").stream()
                .map(JsonValue::asJsonObject)
                .collect(Collectors.toMap(
                        pair -> pair.getString("productId"), pair -> pair.getInt("availableToPromise")));
    }

    private static Map<String, Integer> figures(WebhookReceiver receiver) {
        return receiver.pairs().values().stream()
                .collect(Collectors.toMap(
                        pair -> pair.getString("productId"), pair -> pair.getInt("availableToPromise")));
    }

    private static long number(Connection connection, String query) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(query)) {
            rows.next();
            return rows.getLong(1);
        }
    }

    private static void awaitTold(WebhookReceiver receiver, Shop shop, int onHand) {
        await().atMost(Duration.ofMinutes(1)).untilAsserted(() -> {
            JsonObject told = receiver.pairs().get(shop.facility(STORE) + "/" + shop.productId(1));
            assertTrue(told != null && told.getInt("quantityOnHand") == onHand, () -> "told " + told);
        });
    }

    private static void sell(Shop shop, int seller) {
        Random random = new Random(seller);
        try {
            for (int sale = 0; sale < 40; sale++) {
                shop.move(
                        STORE,
                        1 + random.nextInt(3),
                        random.nextInt(4) == 0 ? 5 : -1,
                        seller + "-" + sale,
                        Instant.now(Clock.systemUTC()));
            }
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private static Shop shop(Evenstock.Running evenstock) throws IOException {
        Shop shop = evenstock.newShop();
        shop.knowFacilities(STORE);
        shop.knowProducts(1, 2, 3);
        return shop;
    }

    /** A platform that asks for changes and keeps its cursor. */
    private static final class Consumer {
        private final Shop shop;
        private final Map<String, JsonObject> pairs = new HashMap<>();
        private String cursor = "";

        Consumer(Shop shop) {
            this.shop = shop;
        }

        void poll() {
            try {
                JsonObject page = shop.api()
                        .get("/api/inventory/changes?limit=50&after=" + cursor)
                        .asJsonObject();
                for (JsonObject item : page.getJsonArray("items").getValuesAs(JsonObject.class)) {
                    String pair = item.getString("facilityId") + "/" + item.getString("productId");
                    JsonObject before = pairs.put(pair, item);
                    assertTrue(
                            before == null || before.getInt("version") < item.getInt("version"),
                            () -> before + " then " + item);
                }
                cursor = page.getString("next");
            } catch (IOException failure) {
                throw new UncheckedIOException(failure);
            }
        }

        void awaitFigure(String store, int product, String onHandAndAvailable) {
            await().atMost(SOON).untilAsserted(() -> {
                poll();
                JsonObject told = pairs.get(shop.facility(store) + "/" + shop.productId(product));
                assertEquals(
                        onHandAndAvailable,
                        told == null
                                ? "nothing"
                                : told.getInt("quantityOnHand") + "/" + told.getInt("availableToPromise"));
            });
        }
    }
}
