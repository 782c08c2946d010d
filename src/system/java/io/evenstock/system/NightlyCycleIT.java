package io.evenstock.system;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.evenstock.lab.Answer;
import io.evenstock.lab.ResetInventoryGenerator;
import jakarta.json.JsonObject;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.zip.GZIPOutputStream;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The four steps: their files, their order, their record. */
@ExtendWith(Evenstock.class)
class NightlyCycleIT {
    private static final String STORE = "101";

    @Test
    void theFilteredFileHasTheSourcesRowsByteForByte(Evenstock.Running evenstock) throws IOException {
        Shop shop = evenstock.newShop();
        shop.knowFacilities(STORE);
        shop.knowProducts(1, 2);
        shop.knowProduct(3, false);
        String header = "\uFEFFQTY,Extra,UPC,Store_Code,SBS_NO\r\n";
        String first = "-2,\"a \"\"quoted\"\"\nnewline\",\"%s\",101,%s\n".formatted(shop.upc(1), shop.subsidiary());
        String inactive = "7,x,%s,101,%s\r\n".formatted(shop.upc(3), shop.subsidiary());
        String last = "12.000,y,%s,101,%s".formatted(shop.upc(2), shop.subsidiary());
        shop.uploadFile(shop.resetFileName(), header + first + inactive + last);

        shop.run("list", "filter");

        Path filtered = shop.filtered().resolve(shop.filteredFileName());
        assertEquals(header + first + last, Files.readString(filtered));
        JsonObject step = shop.step("filter");
        assertEquals(3, step.getInt("rows"));
        assertEquals(2, step.getInt("kept"));
        JsonObject run = shop.api().get("/api/runs/" + step.getInt("runId")).asJsonObject();
        assertEquals(step.getJsonNumber("bytes"), run.getJsonNumber("bytes"));
        assertEquals(step.getJsonNumber("seconds"), run.getJsonNumber("seconds"));
        assertEquals(
                shop.filteredFileName(),
                step.getJsonArray("files").getJsonObject(1).getString("name"));
        assertEquals(
                sha256(Files.readAllBytes(filtered)),
                step.getJsonArray("files").getJsonObject(1).getString("sha256"));

        shop.run("reset", "variance");

        shop.expect(STORE, 1, -2, 0, 0);
        shop.expect(STORE, 2, 12, 0, 12);
        shop.awaitFile(shop.filtered().resolve("archive").resolve(shop.filteredFileName()));
        assertFalse(Files.exists(filtered), "the filtered file is archived after the reset");
        shop.awaitFile(shop.inbox().resolve("archive").resolve(shop.resetFileName()));
        shop.awaitFile(shop.variance().resolve("archive").resolve(shop.varianceFileName()));
    }

    @Test
    void theVarianceFileHasWhatWasShippedAndNotAcknowledged(Evenstock.Running evenstock) throws IOException {
        Shop shop = evenstock.newShop();
        shop.knowFacilities(STORE);
        shop.knowProducts(1, 2);
        shop.ship("open", STORE, 1, 2, shop.at("00:30"));
        shop.ship("at-snapshot", STORE, 2, 1, shop.asOf());
        shop.ship("after-snapshot", STORE, 2, 5, shop.at("01:10"));
        shop.ship("acknowledged", STORE, 1, 7, shop.at("00:20"));
        shop.acknowledge("acknowledged", shop.at("00:40"));
        shop.ship("acknowledged-later", STORE, 2, 3, shop.at("00:20"));
        shop.acknowledge("acknowledged-later", shop.at("01:15"));
        shop.upload(shop.row(STORE, 1, "10"), shop.row(STORE, 2, "20"));

        shop.run("list", "filter");

        String facility = shop.facility(STORE);
        assertEquals(
                Set.of(
                        line(facility, shop.upc(1), -2, shop.shipment("open")),
                        line(facility, shop.upc(2), -1, shop.shipment("at-snapshot")),
                        line(facility, shop.upc(2), -3, shop.shipment("acknowledged-later"))),
                ours(shop, Files.readAllLines(shop.variance().resolve(shop.varianceFileName()))));

        shop.run("reset");
        shop.expect(STORE, 1, 10, 2, 8);
        shop.expect(STORE, 2, 15, 4, 11);
        shop.run("variance");
        shop.expect(STORE, 1, 8, 0, 8);
        shop.expect(STORE, 2, 11, 0, 11);
    }

    @Test
    void aStepRunsInItsTurnAndOnce(Evenstock.Running evenstock) throws IOException {
        Shop shop = evenstock.newShop();
        shop.knowFacilities(STORE);
        shop.knowProducts(1);
        shop.upload(shop.row(STORE, 1, "3"));
        refused(shop, "filter", "its list is PLANNED");
        shop.run("list");
        refused(shop, "list", "is DONE");
        refused(shop, "reset", "its filter is PLANNED");
        refused(shop, "variance", "its reset is PLANNED");
        shop.run("filter", "reset");
        shop.move(STORE, 1, -1, "since", shop.at("02:30"));
        refused(shop, "reset", "is DONE");
        shop.expect(STORE, 1, 2, 0, 2);
        shop.run("variance");
        refused(shop, "variance", "is DONE");
        shop.expect(STORE, 1, 2, 0, 2);
    }

    @Test
    void aCycleOfTomorrowIsRefused(Evenstock.Running evenstock) throws IOException {
        Shop shop = evenstock.newShop();
        Answer answer = shop.api().send("POST", "/api/cycles/" + Shop.today().plusDays(1) + "/list", null);
        assertEquals(404, answer.status(), answer::problem);
        assertEquals(
                400, shop.api().send("POST", "/api/cycles/yesterday/list", null).status());
        assertEquals(
                404,
                shop.api()
                        .send("POST", "/api/cycles/" + shop.date() + "/reverse", null)
                        .status());
    }

    @Test
    void sameStoreCodesOfTwoSubsidiariesAreTwoFacilities(Evenstock.Running evenstock) throws IOException {
        Shop one = evenstock.newShop();
        Shop other = evenstock.newShop();
        one.knowFacilities(STORE);
        other.knowFacilities(STORE);
        one.knowProducts(1);
        one.upload(one.row(STORE, 1, "4"), "%s,%s,1,%s,A1,x,9".formatted(other.subsidiary(), STORE, one.upc(1)));

        one.run("list", "filter", "reset");

        one.expect(STORE, 1, 4, 0, 4);
        assertEquals(
                9,
                one.api()
                        .get("/api/inventory?facilityId=%s&idType=UPCA&idValue=%s"
                                .formatted(other.facility(STORE), one.upc(1)))
                        .asJsonObject()
                        .getInt("quantityOnHand"));
    }

    @Test
    void aPackedFileWithItsMarkerIsTaken(Evenstock.Running evenstock) throws IOException {
        Shop shop = evenstock.newShop();
        shop.knowFacilities(STORE);
        shop.knowProducts(1);
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(packed)) {
            gzip.write((Shop.HEADER + "\n" + shop.row(STORE, 1, "6") + "\n").getBytes(StandardCharsets.UTF_8));
        }
        String name = shop.resetFileName() + ".gz";
        shop.uploadFile(name, packed.toByteArray());
        shop.uploadFile(name + ".sha256", sha256(packed.toByteArray()) + "  " + name + "\n");

        shop.run("list", "filter", "reset");

        shop.expect(STORE, 1, 6, 0, 6);
        shop.awaitFile(shop.inbox().resolve("archive").resolve(name));
        shop.awaitFile(shop.inbox().resolve("archive").resolve(name + ".sha256"));
    }

    @Test
    void aFileThatGrowsIsWaitedForAndTakenWhole(Evenstock.Running evenstock) throws Exception {
        Shop shop = evenstock.newShop();
        shop.knowFacilities(STORE);
        shop.knowProducts(1);
        shop.run("list");
        Path file = shop.inbox().resolve(shop.resetFileName());
        Files.writeString(file, Shop.HEADER + "\n");
        String otherStore = shop.row("999", 1, "1") + "\n";
        ScheduledExecutorService upload = Executors.newSingleThreadScheduledExecutor();
        try {
            Future<?> growing =
                    upload.scheduleWithFixedDelay(() -> append(file, otherStore), 0, 20, TimeUnit.MILLISECONDS);

            JsonObject waiting = shop.end("filter");

            assertEquals("WAITING", waiting.getString("state"), waiting::toString);
            assertTrue(waiting.getString("reason").contains("still being uploaded"), waiting::toString);
            assertTrue(waiting.isNull("retryAt"), waiting::toString);
            growing.cancel(false);
        } finally {
            upload.shutdown();
            assertTrue(upload.awaitTermination(10, TimeUnit.SECONDS));
        }
        append(file, shop.row(STORE, 1, "6") + "\n");

        await().atMost(Duration.ofMinutes(1))
                .until(() -> shop.step("filter").getString("state").equals("DONE"));
        assertTrue(Files.readString(shop.filtered().resolve(shop.filteredFileName()))
                .endsWith(shop.row(STORE, 1, "6") + "\n"));
    }

    @Test
    void theNewestFileOfTheDayIsTakenAndOlderOnesArchived(Evenstock.Running evenstock) throws IOException {
        Shop shop = evenstock.newShop();
        shop.knowFacilities(STORE);
        shop.knowProducts(1);
        String older = shop.resetFileName(shop.at("00:15"));
        shop.uploadFile(older, Shop.HEADER + "\n" + shop.row(STORE, 1, "1") + "\n");
        shop.upload(shop.row(STORE, 1, "2"));
        String tooNew = shop.resetFileName(shop.at("01:45"));
        shop.uploadFile(tooNew, Shop.HEADER + "\n" + shop.row(STORE, 1, "3") + "\n");

        shop.run("list", "filter", "reset");

        shop.expect(STORE, 1, 2, 0, 2);
        shop.awaitFile(shop.inbox().resolve("archive").resolve(older));
        assertTrue(Files.exists(shop.inbox().resolve(tooNew)), "it is for the next night");
        Files.delete(shop.inbox().resolve(tooNew));
    }

    /** What an independent reader selects of a generated file is what the filter kept. */
    @Test
    void theFilterSelectsWhatAnIndependentReaderSelects(Evenstock.Running evenstock) throws IOException {
        Shop shop = evenstock.newShop();
        ResetInventoryGenerator generator = new ResetInventoryGenerator(9_000, 42, 40);
        Set<String> active = new HashSet<>();
        for (int i : generator.activeProducts()) {
            String upc = generator.product(i).upc();
            active.add(upc);
            shop.succeed("PUT", "/api/products", """
                    [{"productId":"G%s","identifications":[{"idType":"UPCA","idValue":"%s"}]}]""".formatted(upc, upc));
        }
        ByteArrayOutputStream file = new ByteArrayOutputStream();
        generator.writeTo(file, shop.asOf().atZone(Shop.ZONE).toOffsetDateTime());
        shop.uploadFile(shop.resetFileName(), file.toByteArray());

        shop.run("list", "filter");

        List<List<String>> expected = select(file.toByteArray(), active);
        byte[] filtered = Files.readAllBytes(shop.filtered().resolve(shop.filteredFileName()));
        assertEquals(40 * 30, expected.size());
        assertEquals(expected, select(filtered, active));
        assertEquals(9_000, shop.step("filter").getInt("rows"));
        assertEquals(expected.size(), shop.step("filter").getInt("kept"));
        assertArrayEquals(
                HexFormat.of()
                        .parseHex(shop.step("filter")
                                .getJsonArray("files")
                                .getJsonObject(0)
                                .getString("sha256")),
                HexFormat.of().parseHex(sha256(file.toByteArray())));
    }

    private static void append(Path file, String text) {
        try {
            Files.writeString(file, text, StandardOpenOption.APPEND);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private static List<List<String>> select(byte[] csv, Set<String> active) throws IOException {
        try (Reader reader = new InputStreamReader(new ByteArrayInputStream(csv), StandardCharsets.UTF_8);
                CSVParser parser = CSVFormat.RFC4180
                        .builder()
                        .setHeader()
                        .setSkipHeaderRecord(true)
                        .get()
                        .parse(reader)) {
            return parser.stream()
                    .filter(record -> active.contains(record.get("upc")))
                    .map(record -> record.toList())
                    .toList();
        }
    }

    private static String line(String facility, String upc, int delta, String shipment) {
        return "%s,UPCA,%s,%d,VAR_EXT_RESET,%s,00001".formatted(facility, upc, delta, shipment);
    }

    /** Other tests' shipments are in the file, too. The comment is left out. */
    private static Set<String> ours(Shop shop, List<String> lines) {
        Set<String> ours = new HashSet<>();
        for (String line : lines) {
            String[] values = line.split(",(?=(?:[^\"]*\"[^\"]*\")*[^\"]*$)", -1);
            if (values[0].startsWith(shop.subsidiary())) {
                ours.add(String.join(",", values[0], values[1], values[2], values[3], values[4], values[6], values[7]));
            }
        }
        return ours;
    }

    private static void refused(Shop shop, String step, String reason) throws IOException {
        Answer answer = shop.api().send("POST", "/api/cycles/" + shop.date() + "/" + step, null);
        assertEquals(409, answer.status());
        assertTrue(answer.problem().contains(reason), answer::problem);
    }

    private static String sha256(byte[] content) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content));
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
