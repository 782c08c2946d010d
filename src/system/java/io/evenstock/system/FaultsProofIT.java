package io.evenstock.system;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.evenstock.lab.Answer;
import io.evenstock.lab.EvenstockServer;
import jakarta.json.JsonObject;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Whatever happens to the SFTP server's line and to the database: each step ends by itself, with the right figures. */
@ExtendWith(Evenstock.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class FaultsProofIT {
    private static final String STORE = "101";

    private OwnSite site;
    private StoppingNode node;
    private Start start;

    private interface Start {
        StoppingNode one() throws IOException;
    }

    @BeforeAll
    void open(Evenstock.Running evenstock) throws IOException {
        assumeTrue(Proof.hasTurn(Proof.Longest.FAULTS));
        site = OwnSite.open(evenstock, "faults");
        Map<String, String> changed = new HashMap<>(Map.of(
                // It would run into what is meant for the night; it is woken where it has its turn.
                "EVENSTOCK_FEED_INTERVAL", "PT1H",
                "EVENSTOCK_SFTP_TIMEOUT", "PT2S",
                "EVENSTOCK_RESET_MAX_KEPT_BYTES", Integer.toString(HugeFiles.MOST_KEPT_BYTES),
                "EVENSTOCK_FEED_MAX_BYTES", Integer.toString(HugeFiles.MOST_FED_BYTES),
                "EVENSTOCK_SCHEDULE_RETRIES", "10",
                "EVENSTOCK_SCHEDULE_RETRY_DELAY", "PT1S",
                "EVENSTOCK_SALES_PATIENCE", "PT2S"));
        if (Proof.full()) {
            // 45 GB are read through cuts: that earns the optimizing compiler's time back.
            changed.put("JDK_JAVA_OPTIONS", "-XX:+UseSerialGC");
        }
        start = () -> StoppingNode.launch(evenstock, EvenstockServer.chosen(), site.settings(changed))
                .awaitReady();
        node = start.one();
    }

    /** Whatever has happened: in the end all of it is published as it is. */
    @AfterAll
    void close() throws IOException {
        if (!Proof.hasTurn(Proof.Longest.FAULTS)) {
            return;
        }
        try {
            Published.requireEven(site, node.api());
        } finally {
            node.close();
            site.close();
        }
    }

    /** In a sample one of these has its turn. */
    private static boolean isTurnOf(String test) {
        return Proof.chosen("what else", List.of("replaced", "sale", "huge"), 1).contains(test);
    }

    @Test
    void whereverTheLineBreaksTheStepEndsWithTheWholeFile() throws Exception {
        SftpFaults.happen(site, node.api());
    }

    @Test
    void aFileReplacedWhileItIsReadIsReadAnew() throws Exception {
        assumeTrue(isTurnOf("replaced"));
        Shop shop = Nights.prepared(site.newShop(node.api()), "filter");
        node.stopAt(shop, StopPoint.READING);
        shop.upload(shop.row(STORE, 1, "110"), shop.row(STORE, 5, "50"));
        node.release();
        await("the filter")
                .atMost(Duration.ofMinutes(1))
                .until(() -> shop.step("filter").getString("state").equals("DONE"));
        shop.run("reset", "variance");
        shop.expect(STORE, 1, 107, 0, 107);
        shop.expect(STORE, 2, 0, 0, 0);
    }

    @ParameterizedTest
    @MethodSource("databaseFaults")
    void whateverHappensToTheDatabaseTheStepEndsAndNoSaleIsLost(DatabaseFaults.Fault fault) throws Exception {
        DatabaseFaults.happen(fault, site, node);
    }

    List<DatabaseFaults.Fault> databaseFaults() {
        return DatabaseFaults.chosen(site);
    }

    /** The next node waits for the dead one's lease to run out, so that only the long run has time for it. */
    @Test
    @EnabledIfSystemProperty(named = "evenstock.proof", matches = "full")
    void whereverANodeDiesAtAFileOfTheFeedTheNextTakesItOnce() throws Exception {
        for (StopPoint point : StopPoint.of("feed")) {
            StuckFeed feed = StuckFeed.stop(site, node, point);
            node.kill();
            node.release();
            node = start.one();
            feed.at(node).awaitTaken("killed");
        }
    }

    @Test
    void whereverANodeDiesAtASaleTheRepeatCountsItOnce() throws Exception {
        assumeTrue(isTurnOf("sale"));
        ExecutorService till = Executors.newSingleThreadExecutor();
        for (StopPoint point : Proof.chosen("killed at a sale", StopPoint.of("sale"), 1)) {
            Shop shop = site.newShop(node.api());
            shop.knowFacilities(STORE);
            shop.knowProducts(1);
            shop.move(STORE, 1, -1, "before", shop.at("10:00"));
            String sale = shop.movement(STORE, 1, -1, "sale", shop.at("10:01"));
            Shop selling = shop;
            node.stopAt("any", point, () -> till.execute(() -> tell(selling, sale)), () -> {});
            node.kill();
            node.release();
            node = start.one();
            shop = shop.at(node.api());
            JsonObject again = shop.move(STORE, 1, -1, "sale", shop.at("10:01"));
            assertEquals(point.isDone() ? "REPEATED" : "APPLIED", again.getString("status"), point::toString);
            shop.expect(STORE, 1, -2, 0, 0);
            Proof.say("killed " + point + ": its repeat is " + again.getString("status"));
        }
        till.shutdownNow();
    }

    /** A node that dies answers nobody. */
    private static void tell(Shop shop, String sale) {
        try {
            Answer answer = shop.api().send("POST", "/api/UpdateInventory", Shop.json(sale));
            Proof.say("answered before it died: " + answer);
        } catch (IOException died) {
            Proof.say("not answered");
        }
    }

    @Test
    void whatIsFarTooLargeIsRefusedInBoundedMemory() throws Exception {
        assumeTrue(isTurnOf("huge"));
        HugeFiles.happen(site, node);
    }
}
