package io.evenstock.downstream;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.evenstock.database.Sql;
import io.evenstock.http.ProblemException;
import io.evenstock.lab.Secrets;
import io.evenstock.lab.WebhookReceiver;
import io.evenstock.observation.Metrics;
import io.evenstock.settings.Settings;
import io.evenstock.settings.SettingsReader;
import jakarta.json.JsonObject;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** Two nodes tell endpoints that behave badly: in the end each knows every figure. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class DeliveriesTest {
    private static final Duration LONG = Duration.ofSeconds(60);

    private static final Map<String, String> SETTINGS = Map.of(
            "evenstock.downstream.webhook.allowed-hosts", "localhost",
            "evenstock.downstream.webhook.timeout", "PT1S",
            "evenstock.downstream.webhook.longest-pause", "PT1S",
            "evenstock.downstream.webhook.batch", "7",
            "evenstock.secrets.key", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=");

    private final Settings settings = new SettingsReader(name -> Optional.ofNullable(SETTINGS.get(name))).read();
    private final List<Deliveries> nodes = new ArrayList<>();
    private final List<Future<?>> ticking = new ArrayList<>();
    private final List<WebhookReceiver> receivers = new ArrayList<>();
    private PublishedDatabase.Server server;
    private PublishedDatabase database;
    private ScheduledExecutorService clock;
    private Webhooks webhooks;

    /** What happens when a node has read a page and has not sent it. */
    private volatile Consumer<Changes.Page> hesitation = page -> {};

    @BeforeAll
    void start() throws IOException {
        server = new PublishedDatabase.Server();
    }

    @AfterAll
    void stop() throws IOException {
        server.close();
    }

    @BeforeEach
    void twoNodes() throws SQLException {
        database = server.fresh(4, 20);
        webhooks = webhooks(settings);
        clock = Executors.newScheduledThreadPool(3);
        node();
        node();
        Publisher publisher = database.publisher();
        ticking.add(clock.scheduleWithFixedDelay(() -> publisher.round(20, 20), 0, 10, TimeUnit.MILLISECONDS));
    }

    @AfterEach
    void end() throws InterruptedException {
        clock.shutdown();
        assertTrue(clock.awaitTermination(20, TimeUnit.SECONDS));
        // A failure would have ended the ticks.
        ticking.forEach(tick -> assertTrue(tick.isCancelled(), () -> "failed: " + tick));
        ticking.clear();
        nodes.forEach(Deliveries::stop);
        nodes.clear();
        hesitation = page -> {};
        receivers.forEach(WebhookReceiver::close);
        receivers.clear();
    }

    @Test
    void allKnowTheFiguresInTheEndWhateverTheyAnswer() throws Exception {
        Random random = new Random(7);
        WebhookReceiver good = receiver((call, exchange) -> 200);
        WebhookReceiver failing = receiver((call, exchange) -> random.nextInt(3) == 0 ? 500 : 204);
        WebhookReceiver hasty = receiver((call, exchange) -> {
            exchange.getResponseHeaders().set("Retry-After", "1");
            return call % 3 == 1 ? 429 : 200;
        });
        WebhookReceiver slow = receiver((call, exchange) -> {
            TimeUnit.MILLISECONDS.sleep(120);
            return 200;
        });
        // It has processed the message when we give up waiting.
        WebhookReceiver late = receiver((call, exchange) -> {
            if (call % 4 == 1) {
                TimeUnit.MILLISECONDS.sleep(1_500);
            }
            return 200;
        });
        changeMuch();
        for (WebhookReceiver receiver : receivers) {
            assertEventuallyKnows(receiver);
            assertEquals(List.of(), receiver.faults());
        }
        // Nobody's lease runs out here, so each has one sender at a time. The late one may read what was given up.
        for (WebhookReceiver receiver : List.of(good, failing, hasty, slow)) {
            assertEquals(List.of(), receiver.regressions());
        }
        assertTrue(List.of(failing, hasty, slow, late).stream().allMatch(each -> each.calls() > 1));
        assertEquals(good.ids().size(), new HashSet<>(good.ids()).size(), "nothing is sent twice without need");
    }

    @Test
    void aDeadEndpointSlowsNoOtherAndItsBacklogWaits() throws Exception {
        AtomicBoolean dead = new AtomicBoolean(true);
        WebhookReceiver gone = receiver((call, exchange) -> {
            if (dead.get()) {
                TimeUnit.SECONDS.sleep(2);
            }
            return 200;
        });
        WebhookReceiver good = receiver((call, exchange) -> 200);
        changeMuch();
        assertEventuallyKnows(good);
        Webhook waiting = webhooks.all().get(0);
        assertTrue(waiting.backlog() > 0, waiting::toString);
        assertTrue(good.calls() > gone.calls());
        dead.set(false);
        assertEventuallyKnows(gone);
    }

    @Test
    void afterThreeDaysOfFailuresItIsDisabledAndGoesOnWhereItStoodWhenResumed() throws Exception {
        AtomicBoolean down = new AtomicBoolean(true);
        WebhookReceiver receiver = receiver((call, exchange) -> down.get() ? 500 : 200);
        changeMuch();
        await().atMost(LONG).until(() -> webhooks.all().get(0).failures() > 0);
        long id = webhooks.all().get(0).id();
        database.sql().update("update webhook set failing_since = clock_timestamp() - interval '73 hours'");
        await().atMost(LONG).until(() -> webhooks.one(id).state() == Webhook.State.DISABLED);
        assertEquals("it has failed for 72 hours", webhooks.one(id).reason());
        assertTrue(webhooks.one(id).backlog() > 0);
        down.set(false);
        webhooks.replay(id, webhooks.one(id).cursor());
        assertEventuallyKnows(receiver);
    }

    @Test
    void goneForGoodDisablesAtOnceAndAReplayTellsAllAgain() throws Exception {
        AtomicBoolean gone = new AtomicBoolean(true);
        WebhookReceiver receiver = receiver((call, exchange) -> gone.get() ? 410 : 200);
        changeMuch();
        await().atMost(LONG).until(() -> webhooks.all().get(0).state() == Webhook.State.DISABLED);
        assertEquals(1, receiver.calls());
        gone.set(false);
        webhooks.replay(webhooks.all().get(0).id(), Cursor.START);
        assertEventuallyKnows(receiver);
        long delivered = webhooks.all().get(0).delivered();
        webhooks.replay(webhooks.all().get(0).id(), Cursor.START);
        await().atMost(LONG).until(() -> webhooks.all().get(0).delivered() >= 2 * delivered);
        assertTrue(webhooks.attempts(webhooks.all().get(0).id()).size() <= 100);
    }

    @Test
    void aNodeThatDiedBetweenSendingAndRecordingIsReplacedByTheOther() throws Exception {
        WebhookReceiver receiver = receiver((call, exchange) -> 200);
        // Its claim is all that is left of the dead node: what it sent is sent again, by the other, when the lease is
        // over.
        database.sql().update("""
                update webhook set claimed_by = 'dead', fence = fence + 1,
                                   lease_until = clock_timestamp() + interval '2 seconds'
                """);
        changeMuch();
        assertEquals(0, receiver.calls(), "nobody else sends while the lease lasts");
        assertEventuallyKnows(receiver);
    }

    @Test
    void aNodeThatLostItsClaimBetweenReadingAndSendingSendsNothing() throws Exception {
        AtomicBoolean stands = new AtomicBoolean();
        hesitation = page -> {
            if (!page.items().isEmpty() && !stands.getAndSet(true)) {
                takeOver();
            }
        };
        WebhookReceiver receiver = receiver((call, exchange) -> 200);
        long id = webhooks.all().get(0).id();
        changeMuch();
        await().atMost(LONG).until(() -> !webhooks.attempts(id).isEmpty());
        assertEquals(0, receiver.calls(), () -> "sent: " + webhooks.attempts(id));
        assertTrue(String.valueOf(webhooks.attempts(id).get(0).error()).contains("took it over"));
        assertEquals(0, webhooks.one(id).failures(), "it says nothing of the receiver");
        database.sql().update("update webhook set lease_until = null");
        assertEventuallyKnows(receiver);
        assertEquals(List.of(), receiver.regressions());
    }

    @Test
    void aStoreIsSetNothingByANodeThatLostItsClaim() throws Exception {
        try (ShopifyStub store = new ShopifyStub()) {
            long id = webhooks.register(store.url(), "shopify", null, ShopifyStub.TOKEN, Cursor.START);
            String item = "gid://shopify/InventoryItem/1";
            webhooks.map(id, Map.of("F1", "gid://shopify/Location/1"), Map.of("P000001", item));
            AtomicBoolean stands = new AtomicBoolean();
            hesitation = page -> {
                if (page.items().stream().anyMatch(each -> each.productId().equals("P000001"))
                        && !stands.getAndSet(true)) {
                    takeOver();
                }
            };
            try (Connection connection = database.connect()) {
                database.move(connection, 1, 1, 5);
            }
            await().atMost(LONG).until(() -> !webhooks.attempts(id).isEmpty());
            assertEquals(Map.of(), store.quantities(), () -> "sent: " + webhooks.attempts(id));
            assertTrue(String.valueOf(webhooks.attempts(id).get(0).error()).contains("took it over"));
            database.sql().update("update webhook set lease_until = null");
            await().atMost(LONG)
                    .untilAsserted(
                            () -> assertEquals(Map.of(item + "@gid://shopify/Location/1", 5L), store.quantities()));
        }
    }

    /** As another node does when a lease is over. */
    private void takeOver() {
        database.sharedSql().update("""
                update webhook set claimed_by = 'other', fence = fence + 1,
                                   lease_until = clock_timestamp() + interval '1 hour'
                """);
    }

    @Test
    void aShopifyStoreEndsWithTheFiguresOfWhatItKnowsWhateverItAnswers() throws Exception {
        try (ShopifyStub store = new ShopifyStub()) {
            long id = webhooks.register(store.url(), "shopify", null, ShopifyStub.TOKEN, Cursor.START);
            store.notStocked("gid://shopify/InventoryItem/3");
            store.throttle(2, 0);
            store.answerLate(1);
            store.fail(2);
            Map<String, String> items = new HashMap<>();
            for (int product = 1; product <= 15; product++) {
                items.put("P%06d".formatted(product), "gid://shopify/InventoryItem/" + product);
            }
            int known = webhooks.map(
                    id,
                    Map.of("F1", "gid://shopify/Location/1", "F2", "gid://shopify/Location/2", "F99", "nowhere"),
                    items);
            assertEquals(17, known);
            changeMuch();
            Map<String, Long> expected = new HashMap<>();
            database.figures().forEach((pair, figures) -> {
                int facility = Integer.parseInt(pair.substring(1, pair.indexOf('/')));
                int product = Integer.parseInt(pair.substring(pair.indexOf("/P") + 2));
                if (facility <= 2 && product <= 15 && product != 3) {
                    expected.put(
                            "gid://shopify/InventoryItem/" + product + "@gid://shopify/Location/" + facility,
                            Long.valueOf(figures.substring(figures.indexOf('/') + 1)));
                }
            });
            assertTrue(expected.size() > 20);
            await().atMost(LONG).untilAsserted(() -> assertEquals(expected, store.quantities()));
            assertEquals(List.of(), store.faults());
            assertRefused(id, Set.of("F1/P000003", "F2/P000003"));
            assertTrue(webhooks.one(id).state() == Webhook.State.ACTIVE, "a refused item holds up no other");

            store.stocked("gid://shopify/InventoryItem/3");
            webhooks.replay(id, Cursor.START);
            assertRefused(id, Set.of());
            assertTrue(store.quantities().containsKey("gid://shopify/InventoryItem/3@gid://shopify/Location/1"));
        }
    }

    @Test
    void whatTheReceiverAsksForIsWaited() throws Exception {
        AtomicBoolean busy = new AtomicBoolean(true);
        WebhookReceiver receiver = receiver((call, exchange) -> {
            exchange.getResponseHeaders().set("Retry-After", "3600");
            return busy.get() ? 429 : 200;
        });
        changeMuch();
        await().atMost(LONG).until(() -> webhooks.all().get(0).failures() > 0);
        Webhook waiting = webhooks.all().get(0);
        double seconds = database.sql()
                .one("select extract(epoch from retry_at - clock_timestamp()) from webhook", row -> row.getDouble(1));
        assertTrue(seconds > 3_500 && seconds <= 3_600, "again in " + seconds + " s");
        assertEquals(1, receiver.calls());
        assertEquals("OPEN", waiting.circuit());
        busy.set(false);
        webhooks.replay(waiting.id(), waiting.cursor());
        assertEventuallyKnows(receiver);
    }

    @Test
    void noSecretStandsInTheDatabaseAsItIs() throws SQLException {
        String secret = Secret.fresh();
        long id = webhooks.register("http://localhost:1/", "webhook", null, secret, Cursor.START);
        String second = Secret.fresh();
        webhooks.rotate(id, second);
        webhooks.register("http://localhost:2/", "shopify", null, ShopifyStub.TOKEN, Cursor.START);
        String dump = dump();
        assertTrue(dump.contains("http://localhost:2/"), "the webhooks are in it");
        for (String told : List.of(secret, second, ShopifyStub.TOKEN)) {
            assertFalse(dump.contains(told), told);
            assertFalse(dump.contains(told.substring(told.indexOf('_') + 1)), told);
        }
    }

    @Test
    void withoutAKeyNothingIsRegistered() {
        Webhooks keyless = webhooks(keys(""));
        ProblemException refused = assertThrows(
                ProblemException.class,
                () -> keyless.register("http://localhost:1/", "webhook", null, Secret.fresh(), Cursor.START));
        assertEquals(409, refused.problem().status());
        assertTrue(refused.problem().detail().contains("evenstock.secrets.key"), refused::toString);
        assertEquals(List.of(), webhooks.all());
    }

    @Test
    void theNewestKeySealsAnewWhatTheOlderOneSealed() throws Exception {
        String secret = Secret.fresh();
        String former = Secret.fresh();
        long id = webhooks.register("http://localhost:1/", "webhook", null, former, Cursor.START);
        webhooks.rotate(id, secret);
        String newest = Secrets.sealingKey();
        Webhooks rotated = webhooks(keys(newest + "," + SETTINGS.get("evenstock.secrets.key")));
        assertEquals(1, rotated.sealAnew());
        assertEquals(0, rotated.sealAnew());
        assertEquals(0, webhooks.sealAnew(), "a key that is not known cannot be replaced");
        Seal onlyNewest = new Seal(keys(newest).secretKeys());
        List<String> sealed = database.sql()
                .one("select secret, former_secret from webhook", row -> List.of(row.getString(1), row.getString(2)));
        assertEquals(secret, onlyNewest.open(sealed.get(0), "http://localhost:1/"));
        assertEquals(former, onlyNewest.open(sealed.get(1), "http://localhost:1/"));
    }

    private static Settings keys(String keys) {
        return new SettingsReader(name -> name.equals("evenstock.secrets.key") ? Optional.of(keys) : Optional.empty())
                .read();
    }

    @Test
    void aSecretThatDoesNotOpenIsAFailureThatTheOperatorSeesAndHoldsUpNoOther() throws Exception {
        WebhookReceiver astray = receiver((call, exchange) -> 200);
        WebhookReceiver good = receiver((call, exchange) -> 200);
        long id = webhooks.all().get(0).id();
        // As if somebody wanted the secret's signatures sent elsewhere.
        database.sql().update("update webhook set url = url || '/elsewhere' where webhook_id = ?", id);
        changeMuch();
        assertEventuallyKnows(good);
        await().atMost(LONG).until(() -> webhooks.one(id).failures() > 0);
        String error = String.valueOf(webhooks.attempts(id).get(0).error());
        assertTrue(error.contains("sealed for another address"), error);
        assertEquals(0, astray.calls());
    }

    private void assertRefused(long id, Set<String> pairs) {
        await().atMost(LONG)
                .untilAsserted(() -> assertEquals(
                        pairs,
                        webhooks.refusals(id).stream()
                                .map(each -> each.facilityId() + "/" + each.productId())
                                .collect(Collectors.toSet())));
        assertEquals(pairs.size(), webhooks.one(id).refused());
        assertTrue(webhooks.refusals(id).stream()
                .allMatch(each -> each.code().equals("ITEM_NOT_STOCKED_AT_LOCATION")
                        && each.inventoryItemId().equals("gid://shopify/InventoryItem/3")
                        && each.message().contains("not stocked")));
    }

    /** All rows of all tables, as a dump of the database has them. */
    private String dump() throws SQLException {
        Sql sql = database.sql();
        List<String> rows = new ArrayList<>();
        for (String table : sql.list(
                "select table_name from information_schema.tables where table_schema = 'public'",
                row -> row.getString(1))) {
            rows.addAll(sql.list("select t::text from " + table + " t", row -> row.getString(1)));
        }
        return String.join("\n", rows);
    }

    @SuppressWarnings("UnnecessaryAssignment") // no container is here to inject
    private void node() {
        Deliveries node = new Deliveries();
        node.webhooks = webhooks(settings);
        node.changes = new Changes() {
            @Override
            Page after(Cursor cursor, int limit, @Nullable Integer channelKey) {
                Page page = super.after(cursor, limit, channelKey);
                hesitation.accept(page);
                return page;
            }
        };
        node.changes.sql = database.sharedSql();
        node.settings = settings;
        node.metrics = new DownstreamMetrics();
        node.metrics.metrics = new Metrics();
        node.metrics.register();
        node.clock = Clock.systemUTC();
        node.start(Executors.defaultThreadFactory());
        nodes.add(node);
        ticking.add(clock.scheduleWithFixedDelay(node::dispatch, 0, 20, TimeUnit.MILLISECONDS));
    }

    @SuppressWarnings("UnnecessaryAssignment") // no container is here to inject
    private Webhooks webhooks(Settings settings) {
        Webhooks fresh = new Webhooks();
        fresh.sql = database.sharedSql();
        fresh.settings = settings;
        return fresh;
    }

    private WebhookReceiver receiver(WebhookReceiver.Behaviour behaviour) throws IOException {
        WebhookReceiver receiver = new WebhookReceiver();
        receiver.behave(behaviour);
        String secret = Secret.fresh();
        receiver.secret(secret);
        receivers.add(receiver);
        webhooks.register(receiver.url("localhost"), "webhook", null, secret, Cursor.START);
        return receiver;
    }

    private void changeMuch() throws SQLException {
        Random random = new Random(11);
        try (Connection connection = database.connect()) {
            for (int n = 0; n < 300; n++) {
                database.move(connection, 1 + random.nextInt(4), 1 + random.nextInt(20), 1 + random.nextInt(5));
            }
            database.state(connection, database.load(connection, 3, 9), "APPLIED");
        }
    }

    private void assertEventuallyKnows(WebhookReceiver receiver) throws SQLException {
        Map<String, String> figures = database.figures();
        assertTrue(figures.size() > 50);
        await().atMost(LONG).untilAsserted(() -> assertEquals(figures, figures(receiver)));
    }

    private static Map<String, String> figures(WebhookReceiver receiver) {
        Map<String, String> figures = new HashMap<>();
        for (Map.Entry<String, JsonObject> pair : receiver.pairs().entrySet()) {
            figures.put(
                    pair.getKey(),
                    pair.getValue().getInt("quantityOnHand") + "/"
                            + pair.getValue().getInt("availableToPromise"));
        }
        return figures;
    }
}
