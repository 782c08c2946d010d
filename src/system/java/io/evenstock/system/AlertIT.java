package io.evenstock.system;

import static io.evenstock.system.RawClient.json;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.evenstock.lab.EvenstockServer;
import io.evenstock.lab.WebhookReceiver;
import jakarta.json.JsonObject;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** Somebody is called, by mail and by webhook, when something needs a person, and told when it is over. */
@ExtendWith(Evenstock.class)
@Execution(ExecutionMode.CONCURRENT)
class AlertIT {
    private static final Duration SOON = Duration.ofSeconds(60);

    @Test
    void aFileThatDoesNotComeIsToldAndItsComingToo(Evenstock.Running evenstock) throws IOException {
        Shop shop = evenstock.newShop();
        shop.knowFacilities("101");
        shop.knowProducts(1);
        shop.run("list");
        assertEquals("FAILED", shop.end("filter").getString("state"));
        String subject = "file " + shop.date();

        awaitTold(evenstock, subject, "alert.raised");
        JsonObject alert = alert(evenstock, subject).orElseThrow();
        assertEquals("FILE_LATE", alert.getString("cause"));
        assertTrue(alert.getBoolean("urgent"));
        assertTrue(alert.getString("text").contains("No Reset Inventory File"), alert::toString);
        assertEquals(
                "Evenstock: Retail Pro's file of " + shop.date() + " has not arrived",
                evenstock.alerts().mailed(subject).get(0));

        shop.upload(shop.row("101", 1, "5"));
        shop.run("filter", "reset");
        awaitTold(evenstock, subject, "alert.raised", "alert.over");
        assertEquals(Optional.empty(), alert(evenstock, subject));
        assertEquals(List.of(), evenstock.alerts().faults());
    }

    /** The second night's file has a thousandfold of what all facts make of it. */
    @Test
    void aFileFarFromOurFiguresIsTold(Evenstock.Running evenstock) throws IOException {
        Shop shop = evenstock.newShop();
        shop.knowFacilities("101");
        shop.knowProducts(1);
        night(shop, "2000");
        night(shop.nextDay(), "2000000");
        String subject = "drift " + shop.nextDay().date();

        awaitTold(evenstock, subject, "alert.raised");
        JsonObject alert = alert(evenstock, subject).orElseThrow();
        assertEquals("DRIFT", alert.getString("cause"));
        assertTrue(alert.getString("text").startsWith("1,998,000 units more and 0 less"), alert::toString);
        assertEquals("/console/drift?date=" + shop.nextDay().date(), alert.getString("link"));
        assertEquals(
                List.of(),
                evenstock.alerts().posted("drift " + shop.date()),
                "the first night has nothing to be compared with");

        int run = shop.nextDay().step("reset").getInt("runId");
        shop.succeed("POST", "/api/runs/" + run + "/reversal", "{\"reason\":\"a wrong file\"}");
        awaitTold(evenstock, subject, "alert.raised", "alert.over");
    }

    private static void night(Shop shop, String quantity) throws IOException {
        shop.run("list");
        shop.upload(shop.row("101", 1, quantity));
        shop.run("filter", "reset");
    }

    /** No timer asks for it again, and until it is run the quantity on hand is too high by its lines. */
    @Test
    void aVarianceThatComesBackIsToldUntilItIsRun(Evenstock.Running evenstock) throws IOException {
        Shop shop = evenstock.newShop();
        shop.knowFacilities("101");
        shop.knowProducts(1);
        shop.ship("1", "101", 1, 2, shop.at("00:10"));
        night(shop, "10");
        night(shop.nextDay(), "20");
        String subject = "variance " + shop.date();
        assertEquals("DROPPED", shop.step("variance").getString("state"));
        assertEquals(Optional.empty(), alert(evenstock, subject));

        int run = shop.nextDay().step("reset").getInt("runId");
        shop.succeed("POST", "/api/runs/" + run + "/reversal", "{\"reason\":\"a wrong file\"}");
        JsonObject alert = alert(evenstock, subject).orElseThrow();
        assertEquals("NOT_ASKED", alert.getString("cause"));
        assertTrue(alert.getString("text").contains("pending again"), alert::toString);
        assertEquals("/console/tonight?date=" + shop.date(), alert.getString("link"));

        shop.run("variance");
        assertEquals(Optional.empty(), alert(evenstock, subject));
        shop.expect("101", 1, 8, 0, 8);
    }

    @Test
    void aConsumerThatIsGoneIsToldOnce(Evenstock.Running evenstock) throws IOException {
        Shop shop = evenstock.newShop();
        shop.knowFacilities("101");
        shop.knowProducts(1);
        try (WebhookReceiver gone = new WebhookReceiver()) {
            gone.behave((call, exchange) -> 410);
            int id = json(evenstock
                            .raw()
                            .call(
                                    "POST",
                                    "/api/webhooks",
                                    "{\"url\":\"" + gone.url("localhost") + "\",\"after\":\"now\"}"))
                    .getInt("id");
            String subject = "webhook " + id;
            shop.move("101", 1, -1, "sale", shop.at("10:00"));
            awaitTold(evenstock, subject, "alert.raised");
            assertEquals(
                    "CONSUMER_DISABLED", alert(evenstock, subject).orElseThrow().getString("cause"));

            evenstock.raw().delete("/api/webhooks/" + id);
            awaitTold(evenstock, subject, "alert.raised", "alert.over");
        }
    }

    /** Somebody edited the file that the filter wrote. */
    @Test
    void aHeldRunIsToldAndOverOnceItIsDecided(Evenstock.Running evenstock) throws IOException {
        Shop shop = evenstock.newShop();
        shop.knowFacilities("101");
        shop.knowProducts(1);
        shop.upload(shop.row("101", 1, "5"));
        shop.run("list", "filter");
        Path filtered = shop.filtered().resolve(shop.filteredFileName());
        Shop.put(
                filtered,
                Files.readString(filtered).replace(",5\r\n", ",500\r\n").getBytes(StandardCharsets.UTF_8));
        JsonObject held = shop.end("reset");
        assertEquals("HELD", held.getString("state"), held::toString);
        String subject = "run " + held.getInt("runId");

        awaitTold(evenstock, subject, "alert.raised");
        JsonObject alert = alert(evenstock, subject).orElseThrow();
        assertEquals("RUN_HELD", alert.getString("cause"));
        assertTrue(alert.getString("text").contains("somebody edited it"), alert::toString);

        shop.succeed(
                "POST",
                "/api/runs/" + held.getInt("runId") + "/approval",
                "{\"approve\":true,\"reason\":\"as the filter wrote it\"}");
        awaitTold(evenstock, subject, "alert.raised", "alert.over");
        shop.expect("101", 1, 5, 0, 5);
    }

    /** By default a step is tried again for an hour, and a look at the feed for ever: neither helps here. */
    @Test
    void aServerWithAnotherHostKeyIsToldAtOnce(Evenstock.Running evenstock) throws IOException {
        String keys = Files.readString(evenstock.knownHosts());
        Path known = Files.writeString(evenstock.newFolder("stranger").resolve("known_hosts"), changed(keys));
        Map<String, String> settings = Map.of(
                "EVENSTOCK_SFTP_KNOWN_HOSTS",
                known.toString(),
                "EVENSTOCK_SFTP_FEED",
                "/" + evenstock.sftpRoot().relativize(ownFeed(evenstock)),
                "EVENSTOCK_ALERT_BEHIND",
                "PT1S");
        try (Watched node = Watched.launch(evenstock, settings)) {
            Shop shop = node.shop();
            shop.run("list");
            JsonObject failed = shop.end("filter");
            assertEquals("FAILED", failed.getString("state"), failed::toString);
            assertTrue(failed.isNull("retryAt"), failed::toString);
            String subject = "filter " + shop.date();
            awaitTold(node.inbox, subject, "alert.raised");
            JsonObject alert = alert(node.api, subject).orElseThrow();
            assertEquals("STEP_FAILED", alert.getString("cause"));
            assertTrue(alert.getString("text").contains("its host key is not the one in"), alert::toString);

            awaitTold(node.inbox, "feed folder", "alert.raised");
            alert = alert(node.api, "feed folder").orElseThrow();
            assertEquals("FEED_UNREACHABLE", alert.getString("cause"));
            assertTrue(alert.getString("text").contains("its host key is not the one in"), alert::toString);

            Files.writeString(known, keys);
            awaitTold(node.inbox, "feed folder", "alert.raised", "alert.over");
            shop.upload(shop.row("101", 1, "5"));
            shop.run("filter");
            awaitTold(node.inbox, subject, "alert.raised", "alert.over");
        }
    }

    /** What is done with them is known; but they stay where they are, look after look. */
    @Test
    void filesOfTheFeedThatCannotBePutAwayAreToldAndCostOneRunEach(Evenstock.Running evenstock) throws Exception {
        Path feed = Files.createDirectories(evenstock.sftpRoot().resolve("alerts/stuck"));
        // The SFTP server's user is another one.
        Files.setPosixFilePermissions(feed, PosixFilePermissions.fromString("rwxrwxrwx"));
        Path archive = Files.writeString(feed.resolve("archive"), "no folder");
        Map<String, String> settings = Map.of(
                "EVENSTOCK_SFTP_FEED", "/" + evenstock.sftpRoot().relativize(feed), "EVENSTOCK_ALERT_BEHIND", "PT1S");
        try (Watched node = Watched.launch(evenstock, settings)) {
            Shop shop = node.shop();
            shop.knowFacilities("101");
            shop.knowProducts(1);
            String newer = put(feed, shop, shop.at("10:00"));
            awaitTold(node.inbox, "feed folder", "alert.raised");
            JsonObject alert = alert(node.api, "feed folder").orElseThrow();
            assertEquals("FEED_UNREACHABLE", alert.getString("cause"));
            assertTrue(alert.getString("text").contains(newer), alert::toString);
            assertTrue(alert.getString("text").contains("archive is no folder"), alert::toString);

            String stale = put(feed, shop, shop.at("09:00"));
            await(stale).atMost(SOON).until(() -> runs(node, stale) > 0);
            int looks = looks(node);
            await("further looks").atMost(SOON).until(() -> looks(node) > looks + 2);
            assertEquals(1, runs(node, newer));
            assertEquals(1, runs(node, stale));

            Files.delete(archive);
            awaitTold(node.inbox, "feed folder", "alert.raised", "alert.over");
            assertTrue(Files.exists(archive.resolve(newer)) && Files.exists(archive.resolve(stale)));
            assertEquals(1, runs(node, newer));
            assertEquals(1, runs(node, stale));
            shop.expect("101", 1, 10, 0, 10);
        }
    }

    private static String put(Path feed, Shop shop, Instant asOf) {
        String file = shop.feedFileName(asOf);
        String content = Shop.HEADER + "\r\n" + shop.row("101", 1, "10") + "\r\n";
        Shop.put(feed.resolve(file), content.getBytes(StandardCharsets.UTF_8));
        return file;
    }

    private static int looks(Watched node) throws SQLException {
        return number(node, "select fence from feed_lease");
    }

    private static int runs(Watched node, String file) throws SQLException {
        return number(node, "select count(*) from snapshot_run where source_name = '" + file + "'");
    }

    private static int number(Watched node, String query) throws SQLException {
        try (Connection connection = node.evenstock.connect(node.database);
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(query)) {
            row.next();
            return row.getInt(1);
        }
    }

    /** Of the same servers, as far as their kind goes. */
    private static String changed(String keys) {
        return keys.lines()
                .filter(line -> !line.isBlank())
                .map(line -> line.split(" "))
                .map(words -> words[0] + " " + words[1] + " " + changedKey(words[2]))
                .collect(Collectors.joining("\n", "", "\n"));
    }

    private static String changedKey(String key) {
        byte[] bytes = Base64.getDecoder().decode(key);
        bytes[bytes.length - 1] ^= 1;
        return Base64.getEncoder().encodeToString(bytes);
    }

    /** What lies in the others' is theirs. */
    private static Path ownFeed(Evenstock.Running evenstock) throws IOException {
        return Files.createDirectories(evenstock.sftpRoot().resolve("alerts/feed"));
    }

    /**
     * Both nights' filters are tried again in a day. The file of one is late since yesterday by the settings, the other's
     * will be tomorrow. The consumer may fail for a second.
     */
    @Test
    void byTheSetTimeAFileIsLateThoughItIsTriedAgainAndAConsumerBehind(Evenstock.Running evenstock) throws Exception {
        Map<String, String> settings = Map.of(
                "EVENSTOCK_FEED_ENABLED", "false",
                "EVENSTOCK_SCHEDULE_LIST", "00:00",
                "EVENSTOCK_SCHEDULE_RETRY_DELAY", "P1D",
                "EVENSTOCK_ALERT_FILE_LATE", "P1D",
                "EVENSTOCK_ALERT_BEHIND", "PT1S");
        try (Watched node = Watched.launch(evenstock, settings)) {
            Shop early = node.shop(Shop.today());
            Shop late = node.shop(Shop.today().minusDays(2));
            for (Shop each : List.of(early, late)) {
                each.run("list");
                JsonObject failed = each.end("filter");
                assertFalse(failed.isNull("retryAt"), failed::toString);
            }
            awaitTold(node.inbox, "file " + late.date(), "alert.raised");
            assertEquals(List.of(), node.inbox.posted("file " + early.date()));
            assertTrue(alert(node.api, "file " + late.date()).orElseThrow().getBoolean("urgent"));
            assertFalse(alert(node.api, "file " + early.date()).orElseThrow().getBoolean("urgent"));

            aConsumerThatFailsForTooLongIsTold(node);
        }
    }

    private static void aConsumerThatFailsForTooLongIsTold(Watched node) throws IOException {
        Shop shop = node.shop();
        shop.knowFacilities("101");
        shop.knowProducts(1);
        try (WebhookReceiver broken = new WebhookReceiver()) {
            broken.behave((call, exchange) -> 500);
            int id = json(node.api.call(
                            "POST", "/api/webhooks", "{\"url\":\"" + broken.url("localhost") + "\",\"after\":\"now\"}"))
                    .getInt("id");
            String subject = "webhook " + id;
            shop.move("101", 1, -1, "sale", shop.at("10:00"));
            awaitTold(node.inbox, subject, "alert.raised");
            assertEquals(
                    "CONSUMER_FAILING", alert(node.api, subject).orElseThrow().getString("cause"));

            broken.behave((call, exchange) -> 204);
            awaitTold(node.inbox, subject, "alert.raised", "alert.over");
        }
    }

    /** A node by itself, whose alerts nobody else gets; steps are tried again as by default. */
    private record Watched(
            EvenstockServer server, RawClient api, AlertInbox inbox, Evenstock.Running evenstock, String database)
            implements AutoCloseable {
        static Watched launch(Evenstock.Running evenstock, Map<String, String> changed) throws IOException {
            AlertInbox inbox = new AlertInbox();
            Map<String, String> settings = new HashMap<>(inbox.settings());
            String database = evenstock.newDatabase("alerts");
            settings.put("EVENSTOCK_DB_URL", database);
            settings.put("EVENSTOCK_SCHEDULE_RETRIES", "6");
            settings.putAll(changed);
            EvenstockServer server = evenstock.node("alerts", settings);
            return new Watched(
                    server, new RawClient(server.baseAddress(), evenstock.key()), inbox, evenstock, database);
        }

        Shop shop() {
            return evenstock.newShop().at(evenstock.apiOf(server));
        }

        Shop shop(LocalDate date) {
            return evenstock.shop(date).at(evenstock.apiOf(server));
        }

        @Override
        public void close() throws IOException {
            server.close();
            inbox.close();
        }
    }

    private static void awaitTold(Evenstock.Running evenstock, String subject, String... types) {
        awaitTold(evenstock.alerts(), subject, types);
    }

    /** By both ways, each once. */
    private static void awaitTold(AlertInbox inbox, String subject, String... types) {
        await(subject)
                .atMost(SOON)
                .until(() -> inbox.posted(subject).size() >= types.length
                        && inbox.mailed(subject).size() >= types.length);
        assertEquals(List.of(types), inbox.posted(subject));
        assertEquals(types.length, inbox.mailed(subject).size());
    }

    private static Optional<JsonObject> alert(Evenstock.Running evenstock, String subject) throws IOException {
        return alert(evenstock.raw(), subject);
    }

    private static Optional<JsonObject> alert(RawClient api, String subject) throws IOException {
        return json(api.get("/api/alerts")).getJsonArray("items").getValuesAs(JsonObject.class).stream()
                .filter(item -> item.getString("subject").equals(subject))
                .findFirst();
    }
}
