package io.evenstock.system;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import jakarta.json.JsonObject;
import jakarta.json.JsonValue;
import java.io.BufferedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.RandomAccessFile;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.Base64;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.zip.GZIPOutputStream;

/**
 * Files that would fill any memory, or disk, through the running server with its 512 MB: refused with a reason, and
 * nothing of them stays. None is stored at its length: they are sparse, or packed.
 */
final class HugeFiles {
    private static final String STORE = "101";
    private static final int MIB = 1 << 20;
    private static final long TEN_GIB = 10L << 30;
    /** The reader takes 200 times what is packed before it calls it a bomb. */
    private static final long PACKED = Proof.full() ? TEN_GIB : 1L << 30;

    /** As {@code evenstock.reset.max-kept-bytes} of the node. */
    static final int MOST_KEPT_BYTES = 8 * MIB;

    /** As {@code evenstock.feed.max-bytes} of the node: in full as it is by default. */
    static final int MOST_FED_BYTES = Proof.full() ? 1 << 30 : 64 * MIB;

    private static final int KEPT_ROWS = 32;
    private static final int NAMES = Proof.full() ? 5_000_000 : 300_000;
    private static final Duration LONGEST = Duration.ofMinutes(5);

    private static final String HEADER = Shop.HEADER + "\r\n";
    private static final int MOST_KEPT_KIB = 32 << 10;

    @FunctionalInterface
    private interface Content {
        void write(Path file, Shop shop) throws IOException;
    }

    private final OwnSite site;
    private final StoppingNode node;

    private HugeFiles(OwnSite site, StoppingNode node) {
        this.site = site;
        this.node = node;
    }

    static void happen(OwnSite site, StoppingNode node) throws IOException {
        HugeFiles files = new HugeFiles(site, node);
        Footprint before = Footprint.of(node.server().process());
        files.refuse("a line of 10 GB", "", (file, shop) -> sparseLine(file), "longer than");
        files.refuse("such a line, packed", ".gz", (file, shop) -> packed(file, "x".repeat(MIB)), "longer than");
        files.refuse("a million columns", "", (file, shop) -> columns(file), "columns");
        files.refuse("as many rows, packed", ".gz", (file, shop) -> packed(file, rows()), "unpacks to more than");
        files.refuse("active products without end", "", HugeFiles::keptRows, "evenstock.reset.max-kept-bytes");
        files.refuseFed(
                "more than a feed has, fed",
                "",
                (file, shop) -> beyondTheFeed(file),
                "more than " + MOST_FED_BYTES + " bytes");
        files.refuseFed(
                "such a line, packed and fed", ".gz", (file, shop) -> packed(file, "x".repeat(MIB)), "longer than");
        files.refuseFed("unknown names without end, fed", ".gz", (file, shop) -> names(file), "");
        Footprint after = Footprint.of(node.server().process());
        Proof.say("huge files: before %s, after %s".formatted(before, after));
        assertTrue(after.heapKib() <= before.heapKib() + MOST_KEPT_KIB, "heap");
        assertFalse(
                node.server().allLines().stream().anyMatch(line -> line.contains("OutOfMemoryError")), "out of memory");
    }

    private void refuse(String what, String ending, Content content, String reason) throws IOException {
        Shop shop = site.newShop(node.api());
        shop.knowFacilities(STORE);
        shop.knowProducts(1);
        shop.run("list");
        Path file = shop.inbox().resolve(shop.resetFileName() + ending);
        Path part = file.resolveSibling("uploading");
        content.write(part, shop);
        Files.move(part, file, StandardCopyOption.ATOMIC_MOVE);
        long begun = System.nanoTime();
        JsonObject ended = shop.end("filter");
        Proof.say("%s: %d ms, %s".formatted(what, (System.nanoTime() - begun) / 1_000_000, ended.getString("reason")));
        assertEquals("FAILED", ended.getString("state"), ended::toString);
        assertTrue(ended.getString("reason").contains(reason), ended::toString);
        Path rejected = shop.inbox().resolve("rejected").resolve(file.getFileName());
        shop.awaitFile(rejected);
        Files.delete(rejected);
    }

    /** The node looks by itself only every hour. */
    private void refuseFed(String what, String ending, Content content, String reason) throws IOException {
        Shop shop = site.newShop(node.api());
        shop.knowFacilities(STORE);
        String name = shop.feedFileName(shop.at("10:00")) + ending;
        Path file = shop.feed().resolve(name);
        Path part = file.resolveSibling("uploading");
        content.write(part, shop);
        Files.move(part, file, StandardCopyOption.ATOMIC_MOVE);
        Path rejected = shop.feed().resolve("rejected").resolve(name);
        long begun = System.nanoTime();
        await(what).atMost(LONGEST).pollInterval(Duration.ofMillis(200)).until(() -> {
            StuckFeed.wake(site);
            return Files.exists(rejected);
        });
        String told = shop.api().get("/api/runs?limit=10").asJsonObject().getJsonArray("items").stream()
                .map(JsonValue::asJsonObject)
                .filter(run -> name.equals(run.getString("file")))
                .map(run -> run.getString("state") + ": " + run.getString("reason"))
                .collect(Collectors.joining("; "));
        Proof.say("%s: %d ms, %s".formatted(what, (System.nanoTime() - begun) / 1_000_000, told));
        assertTrue(told.startsWith("REFUSED: ") && told.contains(reason), told);
        Files.delete(rejected);
    }

    private static void beyondTheFeed(Path file) throws IOException {
        Files.writeString(file, HEADER);
        try (RandomAccessFile sparse = new RandomAccessFile(file.toFile(), "rw")) {
            sparse.setLength(MOST_FED_BYTES + 1L);
        }
    }

    /** Text that cannot be packed, in rows of the shop's own product. */
    private static void keptRows(Path file, Shop shop) throws IOException {
        byte[] random = new byte[3 * MIB / 8];
        Random dice = new Random(1);
        try (Writer out = Files.newBufferedWriter(file, StandardCharsets.US_ASCII)) {
            out.write(HEADER);
            for (int row = 0; row < KEPT_ROWS; row++) {
                dice.nextBytes(random);
                out.write("001,%s,1,%s,A,%s,1\r\n"
                        .formatted(STORE, shop.upc(1), Base64.getEncoder().encodeToString(random)));
            }
        }
    }

    /** Every row has an article of its own, which nobody knows. */
    private static void names(Path file) throws IOException {
        try (Writer out = new OutputStreamWriter(
                new GZIPOutputStream(Files.newOutputStream(file), MIB), StandardCharsets.US_ASCII)) {
            out.write(HEADER);
            for (int row = 0; row < NAMES; row++) {
                out.write("001," + STORE + ",1,9%011d,A,shirt,1\r\n".formatted(row));
            }
        }
    }

    private static void sparseLine(Path file) throws IOException {
        Files.writeString(file, HEADER + "001," + STORE + ",1," + "x".repeat(2 * MIB));
        try (RandomAccessFile sparse = new RandomAccessFile(file.toFile(), "rw")) {
            sparse.setLength(TEN_GIB);
        }
    }

    private static void columns(Path file) throws IOException {
        Files.writeString(file, HEADER + ",".repeat(1_000_000) + "\r\n");
    }

    private static String rows() {
        String row = "001," + STORE + ",1,000000000000,A,shirt,1\r\n";
        return row.repeat(MIB / row.length());
    }

    /** A member with the header, then the same one as often as it takes. */
    private static void packed(Path file, String again) throws IOException {
        byte[] member = gzip(again);
        try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(file))) {
            out.write(gzip(HEADER));
            for (long bytes = 0; bytes < PACKED; bytes += again.length()) {
                out.write(member);
            }
        }
    }

    private static byte[] gzip(String content) throws IOException {
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (OutputStream out = new GZIPOutputStream(packed)) {
            out.write(content.getBytes(StandardCharsets.US_ASCII));
        }
        return packed.toByteArray();
    }
}
