package io.evenstock.system;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import jakarta.json.JsonObject;
import jakarta.json.JsonValue;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The frequent feed: a file arrives, and soon its figures are in force. */
@ExtendWith(Evenstock.class)
class FeedIT {
    private static final String STORE = "101";
    private static final String OMS_HEADER = "externalFacilityId,idType,idValue,availableQty";

    @Test
    void aFileWithRetailProsColumnsIsResetAtOnce(Evenstock.Running evenstock) throws IOException {
        Shop shop = shop(evenstock);
        Instant asOf = shop.at("10:00");
        shop.ship("open", STORE, 1, 2, shop.at("09:00"));
        shop.ship("acknowledged", STORE, 1, 5, shop.at("09:00"));
        shop.acknowledge("acknowledged", shop.at("09:30"));
        shop.ship("acknowledged-later", STORE, 2, 3, shop.at("09:00"));
        shop.acknowledge("acknowledged-later", shop.at("10:01"));
        shop.move(STORE, 1, -1, "since", shop.at("10:02"));
        shop.move(STORE, 1, -4, "before", shop.at("09:59"));

        String name = shop.feedFileName(asOf);
        put(shop, name, Shop.HEADER, shop.row(STORE, 1, "10"), shop.row(STORE, 2, "20"));
        awaitArchived(shop, name);

        shop.expect(STORE, 1, 7, 0, 7);
        shop.expect(STORE, 2, 17, 0, 17);
        JsonObject snapshot = shop.inventory(STORE, 1).getJsonObject("snapshot");
        assertEquals(asOf, Instant.parse(snapshot.getString("asOf")));
        assertEquals(10, snapshot.getInt("quantity"));
    }

    @Test
    void aPackedFileWithTheImportColumnsAndItsMarkerIsReset(Evenstock.Running evenstock) throws IOException {
        Shop shop = shop(evenstock);
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(packed)) {
            gzip.write(text(OMS_HEADER, oms(shop, 1, "6"), shop.facility(STORE) + ",SKU,SKU-" + shop.upc(2) + ",-3")
                    .getBytes(StandardCharsets.UTF_8));
        }
        String name = shop.feedFileName(shop.at("10:00")) + ".gz";
        Shop.put(shop.feed().resolve(name + ".sha256"), new byte[0]);
        Shop.put(shop.feed().resolve(name), packed.toByteArray());
        awaitArchived(shop, name);
        awaitArchived(shop, name + ".sha256");

        shop.expect(STORE, 1, 6, 0, 6);
        shop.expect(STORE, 2, -3, 0, 0);
    }

    @Test
    void theSameContentAgainChangesNothing(Evenstock.Running evenstock) throws IOException {
        Shop shop = shop(evenstock);
        String name = shop.feedFileName(shop.at("10:00"));
        put(shop, name, OMS_HEADER, oms(shop, 1, "6"));
        awaitArchived(shop, name);
        shop.move(STORE, 1, -1, "sale", shop.at("10:30"));
        JsonObject before = shop.inventory(STORE, 1);

        put(shop, name, OMS_HEADER, oms(shop, 1, "6"));
        awaitTaken(shop, name);
        put(shop, "again-" + name, OMS_HEADER, oms(shop, 1, "6"));
        awaitArchived(shop, "again-" + name);

        assertEquals(before, shop.inventory(STORE, 1));
        assertFalse(Files.exists(rejected(shop, name)));
        assertFalse(Files.exists(rejected(shop, "again-" + name)));
    }

    @Test
    void staleRowsAreSkippedWhileNewerOnesApply(Evenstock.Running evenstock) throws IOException {
        Shop shop = shop(evenstock);
        String newer = shop.feedFileName(shop.at("10:00"));
        put(shop, newer, OMS_HEADER, oms(shop, 1, "6"));
        awaitArchived(shop, newer);

        String older = shop.feedFileName(shop.at("09:00"));
        put(shop, older, OMS_HEADER, oms(shop, 1, "1"), oms(shop, 2, "2"));
        awaitArchived(shop, older);
        shop.expect(STORE, 1, 6, 0, 6);
        shop.expect(STORE, 2, 2, 0, 2);

        String stale = shop.feedFileName(shop.at("08:00"));
        put(shop, stale, OMS_HEADER, oms(shop, 1, "8"), oms(shop, 2, "8"));
        awaitArchived(shop, stale);
        shop.expect(STORE, 1, 6, 0, 6);
        shop.expect(STORE, 2, 2, 0, 2);
    }

    @Test
    void whatIsNoSnapshotIsRejectedWithItsReason(Evenstock.Running evenstock) throws IOException {
        Shop shop = shop(evenstock);
        String malformed = shop.feedFileName(shop.at("10:00"));
        put(shop, malformed, OMS_HEADER, oms(shop, 1, "6"), "\"lone quote");
        String strange = shop.feedFileName(shop.at("10:01"));
        put(shop, strange, "store,sku,stock", "1,2,3");
        String bare = shop.feedFileName(shop.at("10:02"));
        put(shop, bare, OMS_HEADER);
        String undated = "Stock-" + shop.subsidiary() + ".csv";
        put(shop, undated, OMS_HEADER, oms(shop, 1, "6"));
        String poor = shop.feedFileName(shop.at("10:03"));
        put(shop, poor, OMS_HEADER, oms(shop, 1, "6"), oms(shop, 2, "1.5"));

        awaitRejected(shop, malformed, "3,");
        awaitRejected(shop, strange, "found store, sku, stock");
        awaitRejected(shop, bare, "there is a header, but no row");
        awaitRejected(shop, undated, "its name must tell one as-of");
        awaitRejected(shop, poor, "3,availableQty,1.5,");
        JsonObject untouched = shop.inventory(STORE, 1);
        assertEquals(0, untouched.getInt("quantityOnHand"), untouched::toString);
    }

    @Test
    void anAsOfInTheFutureIsHeldUntilAnOperatorDecides(Evenstock.Running evenstock) throws IOException {
        Shop shop = shop(evenstock);
        String future = shop.feedFileName(Instant.parse("2999-01-01T00:00:00Z"));
        put(shop, future, OMS_HEADER, oms(shop, 1, "6"));

        JsonObject held = await().atMost(Duration.ofSeconds(30))
                .until(
                        () -> run(shop, future),
                        run -> run.getString("state", "").equals("HELD"));
        assertTrue(held.getString("reason").contains("lies in the future"), held::toString);
        assertEquals(0, shop.inventory(STORE, 1).getInt("quantityOnHand"));

        String decision = "/api/runs/" + held.getInt("runId") + "/approval";
        shop.succeed("POST", decision, "{\"approve\":true,\"reason\":\"the ERP's clock is known to be wrong\"}");
        shop.expect(STORE, 1, 6, 0, 6);
        shop.succeed("POST", "/api/runs/" + held.getInt("runId") + "/reversal", "{\"reason\":\"tidy up\"}");
        shop.expect(STORE, 1, 0, 0, 0);
    }

    private static JsonObject run(Shop shop, String file) throws IOException {
        return shop.api().get("/api/runs?limit=1000").asJsonObject().getJsonArray("items").stream()
                .map(JsonValue::asJsonObject)
                .filter(run -> run.getString("file").equals(file))
                .findFirst()
                .orElse(JsonValue.EMPTY_JSON_OBJECT);
    }

    @Test
    void aFewBadRowsDoNotStopTheOthers(Evenstock.Running evenstock) throws IOException {
        Shop shop = shop(evenstock);
        shop.knowProducts(3, 4, 5);
        String name = shop.feedFileName(shop.at("10:00"));
        String zeroless = shop.upc(5).replaceFirst("^0+", "");
        put(
                shop,
                name,
                OMS_HEADER,
                oms(shop, 1, "1"),
                oms(shop, 2, "2"),
                oms(shop, 3, "3"),
                oms(shop, 4, "4"),
                oms(shop, 5, "5").replace(shop.upc(5), zeroless));
        awaitArchived(shop, name);

        shop.expect(STORE, 1, 1, 0, 1);
        shop.expect(STORE, 4, 4, 0, 4);
        String report = Files.readString(rejected(shop, name + ".rejects.csv"));
        assertTrue(
                report.contains("6,UPCA," + zeroless + ",this product is unknown; " + shop.upc(5) + " is known"),
                report);
        shop.expect(STORE, 5, 0, 0, 0);
        JsonObject run = run(shop, name);
        assertEquals(Files.size(shop.feed().resolve("archive").resolve(name)), run.getInt("bytes"), run::toString);
        assertTrue(run.getJsonNumber("seconds").doubleValue() > 0, run::toString);
    }

    @Test
    void aGrowingFileIsLeftAloneAndHoldsUpNoOther(Evenstock.Running evenstock) throws IOException {
        Shop shop = shop(evenstock);
        String growing = shop.feedFileName(shop.at("09:00"));
        Path file = Files.writeString(shop.feed().resolve(growing), text(OMS_HEADER, oms(shop, 1, "1")));
        ScheduledExecutorService uploader = Executors.newSingleThreadScheduledExecutor();
        try {
            Future<?> upload = uploader.scheduleAtFixedRate(
                    () -> grow(file, text(oms(shop, 1, "1"))), 0, 10, TimeUnit.MILLISECONDS);
            for (String time : new String[] {"10:00", "10:01", "10:02"}) {
                String other = shop.feedFileName(shop.at(time));
                put(shop, other, OMS_HEADER, oms(shop, 2, "2"));
                awaitArchived(shop, other);
            }
            assertFalse(upload.isDone(), "it grew all the time");
            assertTrue(Files.exists(file), "still being uploaded");
            assertEquals(0, shop.inventory(STORE, 1).getInt("quantityOnHand"));
        } finally {
            uploader.shutdown();
        }
        awaitArchived(shop, growing);
        shop.expect(STORE, 1, 1, 0, 1);
        shop.expect(STORE, 2, 2, 0, 2);
    }

    private static Shop shop(Evenstock.Running evenstock) throws IOException {
        Shop shop = evenstock.newShop();
        shop.knowFacilities(STORE);
        shop.knowProducts(1, 2);
        return shop;
    }

    private static String oms(Shop shop, int product, String quantity) {
        return "%s,UPCA,%s,%s".formatted(shop.facility(STORE), shop.upc(product), quantity);
    }

    private static String text(String... lines) {
        return String.join("\n", lines) + "\n";
    }

    private static void put(Shop shop, String name, String... lines) {
        Shop.put(shop.feed().resolve(name), text(lines).getBytes(StandardCharsets.UTF_8));
    }

    private static void grow(Path file, String more) {
        try {
            Files.writeString(file, more, StandardOpenOption.APPEND);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private static Path rejected(Shop shop, String name) {
        return shop.feed().resolve("rejected").resolve(name);
    }

    private static void awaitTaken(Shop shop, String name) {
        await(name)
                .atMost(Duration.ofMinutes(1))
                .until(() -> !Files.exists(shop.feed().resolve(name)));
    }

    private static void awaitArchived(Shop shop, String name) {
        awaitTaken(shop, name);
        assertTrue(Files.exists(shop.feed().resolve("archive").resolve(name)), name);
    }

    private static void awaitRejected(Shop shop, String name, String reason) throws IOException {
        awaitTaken(shop, name);
        assertTrue(Files.exists(rejected(shop, name)), name);
        String report = Files.readString(rejected(shop, name + ".rejects.csv"));
        assertTrue(report.contains(reason), report);
    }
}
