package io.evenstock.system;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.evenstock.lab.Answer;
import io.evenstock.lab.ApiRefusal;
import io.evenstock.lab.EvenstockServer;
import io.evenstock.system.FaultyLink.Fault;
import io.evenstock.system.FaultyLink.Transaction;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The connection is lost just before or just after the database commits: what it did is looked up, never guessed. One that
 * was lost in the pool is handed to nobody.
 */
@ExtendWith(Evenstock.class)
// The lock is its own: it keeps the tests of this class in one thread.
@Execution(ExecutionMode.CONCURRENT)
@ResourceLock("lost connections")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class LostConnectionIT {
    private static final String STORE = "101";
    private static final int REPEATS = 3;

    private static final Duration LONGEST = Duration.ofSeconds(60);

    private OwnSite site;
    private FaultyLink link;
    private EvenstockServer node;
    private Evenstock.Running evenstock;

    @BeforeAll
    void open(Evenstock.Running running) throws IOException {
        evenstock = running;
        site = OwnSite.open(running, "commits");
        link = new FaultyLink(site.database().url());
        node = site.launch("link", Map.of("EVENSTOCK_DB_URL", link.url(), "EVENSTOCK_SCHEDULE_RETRIES", "10"))
                .awaitReady(EvenstockServer.BOOT_LIMIT);
    }

    /** Whatever was lost: in the end all of it is published as it is. */
    @AfterAll
    void close() throws IOException {
        try {
            Published.requireEven(site, evenstock.apiOf(node));
        } finally {
            node.close();
            link.close();
            site.close();
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"BEFORE_COMMIT", "AFTER_COMMIT"})
    void aSalesCommitIsLookedUpByItsEventId(Fault fault) throws Exception {
        Shop shop = openShop();
        shop.move(STORE, 1, -1, "before", shop.at("10:00"));
        link.next(Transaction.SALE, fault);
        JsonObject sale = shop.move(STORE, 1, -1, "lost", shop.at("10:00"));

        settled(shop);
        assertEquals("APPLIED", sale.getString("status"), sale::toString);
        assertEquals(-2, sale.getInt("quantityOnHand"));
        List<JsonObject> recorded = shop.api().items("/api/movements?facilityId=" + shop.facility(STORE), "0");
        assertEquals(2, recorded.size());
        assertEquals(sale.getInt("entryId"), recorded.get(1).getInt("entryId"));
    }

    /** If it was committed the step is done by its first attempt, and else by its second. */
    @ParameterizedTest
    @EnumSource(names = {"BEFORE_COMMIT", "AFTER_COMMIT"})
    void aStepsCommitIsLookedUpByItsClaim(Fault fault) throws Exception {
        Shop shop = Nights.prepared(openShop(), "list");
        for (String step : List.of("list", "filter", "reset", "variance")) {
            if (step.equals("filter")) {
                Nights.upload(shop);
            }
            link.next(Transaction.STEP, fault);
            JsonObject done = done(shop, step);
            settled(shop);
            assertEquals(fault == Fault.AFTER_COMMIT ? 1 : 2, done.getInt("attempt"), done::toString);
        }
        Nights.finish(shop, "variance");
        assertEquals("1 RECORDED", query("""
                        select count(*) || ' ' || max(variance) from snapshot_run
                        where business_date = '%s' and state = 'APPLIED'
                        """.formatted(shop.date())));
    }

    @ParameterizedTest
    @EnumSource(names = {"BEFORE_COMMIT", "AFTER_COMMIT"})
    void aFeedsCommitIsLookedUpByItsContent(Fault fault) throws Exception {
        Shop shop = openShop();
        String name = shop.feedFileName(shop.at("10:00"));
        link.next(Transaction.FEED, fault);
        Shop.put(
                shop.feed().resolve(name),
                (Shop.HEADER + "\r\n" + shop.row(STORE, 1, "10") + "\r\n").getBytes(StandardCharsets.UTF_8));
        Path archived = shop.feed().resolve("archive").resolve(name);
        await(name).atMost(LONGEST).until(() -> Files.exists(archived));

        settled(shop);
        shop.expect(STORE, 1, 10, 0, 10);
        assertEquals(
                "1",
                query("select count(*) from snapshot_run where state = 'APPLIED' and source_name = '" + name + "'"));
    }

    @Test
    void aDatabaseThatStandsStillIsToldAndTheRepeatCounts() throws Exception {
        Shop shop = openShop();
        shop.move(STORE, 1, -1, "before", shop.at("10:00"));
        String sale = shop.movement(STORE, 1, -1, "meanwhile", shop.at("10:01"));
        RawClient till = new RawClient(node.baseAddress(), evenstock.key());
        site.database().pause();
        try {
            HttpResponse<String> answer = till.call("POST", "/api/UpdateInventory", sale);
            assertEquals(503, answer.statusCode(), answer::body);
            assertEquals("5", answer.headers().firstValue("Retry-After").orElse(""));
            assertTrue(answer.body().contains("/problems/database"), answer::body);
            // By now the node would ask for the caller's key anew.
            for (int repeat = 0; repeat < REPEATS; repeat++) {
                assertEquals(
                        503, till.call("POST", "/api/UpdateInventory", sale).statusCode());
            }
            assertEquals(503, till.call("GET", "/api/health/ready", "").statusCode());
            assertEquals(200, till.call("GET", "/api/health/live", "").statusCode());
        } finally {
            site.database().goOn();
        }
        await("readiness")
                .atMost(LONGEST)
                .until(() -> till.call("GET", "/api/health/ready", "").statusCode() == 200);
        shop.move(STORE, 1, -1, "meanwhile", shop.at("10:01"));
        shop.expect(STORE, 1, -2, 0, 0);
    }

    /**
     * The pool looks at a connection before it hands it out, at most once a second. WildFly takes no such wish from an
     * application: there each dead connection costs a request (server-config/README.md).
     */
    @Test
    void aConnectionThatTheDatabaseHasEndedIsHandedToNobody() throws Exception {
        assumeTrue(EvenstockServer.chosen().startsWith("payara"));
        Shop shop = openShop();
        assertEquals(Map.of(200, 200L), reads(shop), "all connections of the pool have been used");
        site.database().terminate();
        await("a second later").pollDelay(Duration.ofMillis(1_200)).until(() -> true);
        assertEquals(Map.of(200, 200L), reads(shop));
    }

    /** It has happened, and the pool has no connection any more that was lost by it. */
    private void settled(Shop shop) {
        assertTrue(link.happened());
        await("the pool").atMost(LONGEST).until(() -> reads(shop), Map.of(200, 200L)::equals);
    }

    /** 200 by 32 callers at a time, by status. */
    private static Map<Integer, Long> reads(Shop shop) throws Exception {
        ExecutorService callers = Executors.newFixedThreadPool(32);
        try {
            Callable<Integer> read = () -> shop.api()
                    .send("GET", "/api/inventory?limit=10&facilityId=" + shop.facility(STORE), null)
                    .status();
            Map<Integer, Long> statuses = new TreeMap<>();
            for (Future<Integer> each : callers.invokeAll(Collections.nCopies(200, read))) {
                statuses.merge(each.get(), 1L, Long::sum);
            }
            return statuses;
        } finally {
            callers.shutdownNow();
        }
    }

    private Shop openShop() throws IOException {
        Shop shop = site.newShop(evenstock.apiOf(node));
        shop.knowFacilities(STORE);
        shop.knowProducts(1);
        return shop;
    }

    /** Asks again where it has failed, as an operator does who will not wait for the next attempt. */
    private static JsonObject done(Shop shop, String step) throws IOException {
        Answer first = ask(shop, step);
        assertEquals(202, first.status(), first::problem);
        return await(step)
                .atMost(LONGEST)
                .pollInterval(Duration.ofMillis(50))
                .until(
                        () -> {
                            JsonObject now = look(shop, step);
                            if (now.getString("state").equals("FAILED")) {
                                ask(shop, step);
                            }
                            return now;
                        },
                        now -> now.getString("state").equals("DONE"));
    }

    /** The pool takes a while to see that a connection was lost, too: who looks meanwhile is told to look again. */
    private static JsonObject look(Shop shop, String step) throws IOException {
        try {
            return shop.step(step);
        } catch (ApiRefusal notNow) {
            if (notNow.status() != 503) {
                throw notNow;
            }
            return Json.createObjectBuilder().add("state", "UNKNOWN").build();
        }
    }

    private static Answer ask(Shop shop, String step) throws IOException {
        return shop.api().send("POST", "/api/cycles/" + shop.date() + "/" + step, null);
    }

    private String query(String query) throws SQLException {
        try (Connection connection = site.database().connect();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(query)) {
            row.next();
            return row.getString(1);
        }
    }
}
