package io.evenstock.system;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.evenstock.lab.EvenstockServer;
import jakarta.json.JsonObject;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Bad files and a bad SFTP server: the step says why, and nothing is half applied. */
@ExtendWith(Evenstock.class)
class BadInputIT {
    private static final String STORE = "101";

    @Test
    void badRowsAreReportedAndTheGoodOnesGoOn(Evenstock.Running evenstock) throws IOException {
        Shop shop = evenstock.newShop();
        shop.knowFacilities(STORE);
        shop.knowProducts(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13);
        shop.upload(
                shop.row(STORE, 1, "1"),
                shop.row(STORE, 2, "1.5"),
                shop.row("999", 3, "3"),
                shop.row(STORE, 4, "4"),
                shop.row(STORE, 5, "5"),
                shop.row(STORE, 6, "6"),
                shop.row(STORE, 7, "7"),
                shop.row(STORE, 8, "8"),
                shop.row(STORE, 9, "9"),
                shop.row(STORE, 10, "10"),
                shop.row(STORE, 11, "11"),
                shop.row(STORE, 12, "12"),
                shop.row(STORE, 12, "12"));

        shop.run("list", "filter", "reset");

        JsonObject reset = shop.step("reset");
        assertEquals(2, reset.getInt("rejects"), reset::toString);
        assertEquals(10, reset.getInt("kept"));
        assertEquals("2 rows refused, 0 stale, 1 repeated", reset.getString("reason"));
        Path report = shop.filtered().resolve("rejected").resolve(shop.filteredFileName() + ".rejects.csv");
        List<String> rejects = Files.readAllLines(report);
        assertEquals("line,column,value,reason", rejects.get(0));
        assertTrue(rejects.stream().anyMatch(line -> line.startsWith("4,qty,1.5,")), rejects::toString);
        assertTrue(
                rejects.stream().anyMatch(line -> line.contains(shop.facility("999")) && line.contains("unknown")),
                rejects::toString);
        shop.expect(STORE, 2, 0, 0, 0);
        shop.expect(STORE, 12, 12, 0, 12);
    }

    @Test
    void unequalRowsOfOnePairRefuseThePair(Evenstock.Running evenstock) throws IOException {
        Shop shop = evenstock.newShop();
        shop.knowFacilities(STORE);
        shop.knowProducts(1, 2, 3, 4, 5, 6, 7, 8, 9, 10);
        shop.upload(
                shop.row(STORE, 1, "1"),
                shop.row(STORE, 1, "2"),
                shop.row(STORE, 2, "2"),
                shop.row(STORE, 3, "3"),
                shop.row(STORE, 4, "4"),
                shop.row(STORE, 5, "5"),
                shop.row(STORE, 6, "6"),
                shop.row(STORE, 7, "7"),
                shop.row(STORE, 8, "8"),
                shop.row(STORE, 9, "9"),
                shop.row(STORE, 10, "10"));

        shop.run("list", "filter", "reset");

        assertEquals(2, shop.step("reset").getInt("rejects"));
        shop.expect(STORE, 1, 0, 0, 0);
        shop.expect(STORE, 2, 2, 0, 2);
    }

    @Test
    void tooFewGoodRowsApplyNothing(Evenstock.Running evenstock) throws IOException {
        Shop shop = evenstock.newShop();
        shop.knowFacilities(STORE);
        shop.knowProducts(1, 2);
        shop.move(STORE, 1, 8, "open", shop.at("00:10"));
        shop.upload(shop.row(STORE, 1, "5"), shop.row("998", 1, "5"), shop.row("999", 2, "6"));
        shop.run("list", "filter");

        failed(shop, "reset", "2 of 3 rows are refused", shop.facility("998"), "unknown");

        shop.expect(STORE, 1, 8, 0, 8);
        shop.knowFacilities("998", "999");
        shop.run("reset");
        shop.expect(STORE, 1, 5, 0, 5);
        shop.expect("999", 2, 6, 0, 6);
    }

    @Test
    void aWrongHeaderIsRefusedWithTheColumnsFound(Evenstock.Running evenstock) throws IOException {
        Shop shop = evenstock.newShop();
        shop.knowFacilities(STORE);
        shop.knowProducts(1);
        shop.uploadFile(
                shop.resetFileName(),
                "sbs_no,store_code,barcode,qty\n%s,101,%s,5\n".formatted(shop.subsidiary(), shop.upc(1)));
        shop.run("list");

        failed(shop, "filter", shop.resetFileName(), "upc", "barcode");

        assertTrue(Files.exists(shop.inbox().resolve("rejected").resolve(shop.resetFileName())));
        assertTrue(Files.exists(shop.inbox().resolve("rejected").resolve(shop.resetFileName() + ".rejects.csv")));
        shop.upload(shop.row(STORE, 1, "5"));
        shop.run("filter", "reset");
        shop.expect(STORE, 1, 5, 0, 5);
    }

    @ParameterizedTest
    @CsvSource({
        "cut in a quoted field, '101,1,\"00', line 2",
        "a lone quote, '101,1,5\" tube', line 2",
        "no bytes at all, '', 0 bytes"
    })
    void halfAFileIsRefused(String what, String rest, String reason, Evenstock.Running evenstock) throws IOException {
        Shop shop = evenstock.newShop();
        shop.knowFacilities(STORE);
        shop.knowProducts(1);
        shop.uploadFile(
                shop.resetFileName(),
                rest.isEmpty() ? "" : "sbs_no,store_code,upc,qty\n" + shop.subsidiary() + "," + rest);
        shop.run("list");

        failed(shop, "filter", shop.resetFileName(), reason);

        assertFalse(Files.exists(shop.filtered().resolve(shop.filteredFileName())), what);
        assertEquals(0, parts(shop.filtered()), "nothing is left lying about");
    }

    @ParameterizedTest
    @ValueSource(strings = {"no bytes at all", "no gzip", "cut off", "a bomb"})
    void aBadGzipIsRejectedWithItsMarkerAndASoundOneOfTheSameNameFollows(String what, Evenstock.Running evenstock)
            throws IOException {
        Shop shop = evenstock.newShop();
        shop.knowFacilities(STORE);
        shop.knowProducts(1);
        String name = shop.resetFileName() + ".gz";
        byte[] sound = gzip((Shop.HEADER + "\n" + shop.row(STORE, 1, "6") + "\n").getBytes(StandardCharsets.UTF_8));
        byte[] bad = switch (what) {
            case "no gzip" -> (Shop.HEADER + "\n").getBytes(StandardCharsets.UTF_8);
            case "cut off" -> Arrays.copyOf(sound, sound.length - 9);
            case "a bomb" -> gzip(new byte[20 << 20]);
            default -> new byte[0];
        };
        shop.uploadFile(name + ".sha256", "");
        shop.uploadFile(name, bad);
        shop.run("list");

        failed(shop, "filter", name, what.equals("a bomb") ? "" : "the gzip is broken or cut off");

        Path rejected = shop.inbox().resolve("rejected");
        assertArrayEquals(bad, Files.readAllBytes(rejected.resolve(name)));
        assertTrue(Files.exists(rejected.resolve(name + ".rejects.csv")));
        assertTrue(Files.exists(rejected.resolve(name + ".sha256")));
        assertFalse(Files.exists(shop.inbox().resolve(name)));
        assertFalse(Files.exists(shop.inbox().resolve(name + ".sha256")), "it would speak of the next file");
        assertTrue(shop.step("filter").isNull("retryAt"), "trying again would not help");
        shop.uploadFile(name, sound);
        shop.run("filter", "reset");
        shop.expect(STORE, 1, 6, 0, 6);
    }

    @Test
    void aFileThatIsNotWhatItsMarkerSaysStaysWhereItIs(Evenstock.Running evenstock) throws IOException {
        Shop shop = evenstock.newShop();
        shop.knowFacilities(STORE);
        shop.knowProducts(1);
        shop.uploadFile(shop.resetFileName() + ".sha256", "0".repeat(64) + "  " + shop.resetFileName() + "\n");
        shop.upload(shop.row(STORE, 1, "5"));
        shop.run("list");

        failed(shop, "filter", "its marker says " + "0".repeat(64));

        assertTrue(Files.exists(shop.inbox().resolve(shop.resetFileName())));
        Files.delete(shop.inbox().resolve(shop.resetFileName() + ".sha256"));
        shop.run("filter", "reset");
        shop.expect(STORE, 1, 5, 0, 5);
    }

    @Test
    void aMissingFileSaysWhatIsThereInstead(Evenstock.Running evenstock) throws IOException {
        Shop shop = evenstock.newShop();
        shop.uploadFile("ResetInventory_yesterday.csv", "x");
        shop.run("list");

        failed(shop, "filter", "No Reset Inventory File", "ResetInventory_yesterday.csv");

        Files.delete(shop.inbox().resolve("ResetInventory_yesterday.csv"));
    }

    /** One node for both: the file of host keys is read at each login. */
    @Test
    void aServerWithAnotherHostKeyIsNotTalkedToAndARefusedLoginSaysSo(Evenstock.Running evenstock) throws IOException {
        Shop shop = evenstock.newShop();
        shop.run("list");
        String keys = Files.readString(evenstock.knownHosts());
        Path known = Files.writeString(
                evenstock.workFolder().resolve("known_nobody"), keys.replaceFirst("^\\S+", "example.org"));
        Map<String, String> settings = Map.of(
                "EVENSTOCK_SFTP_KNOWN_HOSTS", known.toString(),
                "EVENSTOCK_SFTP_PASSWORD", "an-evil-guess",
                "EVENSTOCK_SFTP_KEY_FILE", "",
                "EVENSTOCK_FEED_ENABLED", "false");
        try (EvenstockServer node = evenstock.node("unwelcome", settings)) {
            JsonObject unknown = shop.end(evenstock.apiOf(node), "filter");
            assertEquals("FAILED", unknown.getString("state"), unknown::toString);
            assertTrue(unknown.getString("reason").contains("its host key is unknown"), unknown::toString);

            Files.writeString(known, keys);
            JsonObject refused = shop.end(evenstock.apiOf(node), "filter");
            assertEquals("FAILED", refused.getString("state"), refused::toString);
            assertTrue(refused.getString("reason").contains("the login was refused"), refused::toString);
            assertFalse(refused.getString("reason").contains("an-evil-guess"), "no secret is told");
        }
    }

    private static void failed(Shop shop, String step, String... reasons) throws IOException {
        JsonObject ended = shop.end(step);
        assertEquals("FAILED", ended.getString("state"), ended::toString);
        for (String reason : reasons) {
            assertTrue(ended.getString("reason").contains(reason), ended::toString);
        }
    }

    private static byte[] gzip(byte[] content) throws IOException {
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(packed)) {
            gzip.write(content);
        }
        return packed.toByteArray();
    }

    private static long parts(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> file.toString().endsWith(".part")).count();
        }
    }
}
