package io.evenstock.system;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.evenstock.lab.ApiClient;
import io.evenstock.system.FaultProxy.Direction;
import io.evenstock.system.FaultProxy.Fault;
import io.evenstock.system.FaultProxy.Kind;
import jakarta.json.JsonObject;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/**
 * The line to the SFTP server breaks, stands still or crawls, wherever in a night's files: the step says so within bounds,
 * what it publishes is whole or not there, and the attempt that gets through reads what the source holds.
 */
final class SftpFaults {
    private static final String STORE = "101";
    private static final int MIB = 1 << 20;
    private static final int FILE_MIB = Proof.full() ? 300 : 8;

    /** A step gives up a line on which nothing moves, or hardly anything, within so long. */
    private static final Duration BOUND = Duration.ofSeconds(30);

    private final OwnSite site;
    private final Shop shop;

    private SftpFaults(OwnSite site, Shop shop) {
        this.site = site;
        this.shop = shop;
    }

    /** A night of a shop, with all the faults in it. */
    static void happen(OwnSite site, ApiClient node) throws Exception {
        Shop shop = site.newShop(node);
        shop.knowFacilities(STORE);
        shop.knowProducts(1, 2);
        shop.ship("open", STORE, 1, 2, shop.at("00:30"));
        shop.run("list");
        new SftpFaults(site, shop).night();
    }

    private void night() throws Exception {
        String sha256 = upload(shop);
        refuseTheName();
        fillTheDisk();
        for (Fault fault : faults()) {
            breakOnce("filter", fault);
            assertFalse(Files.exists(shop.filtered().resolve(shop.filteredFileName())), fault::toString);
        }
        JsonObject done = again("filter", Duration.ofMinutes(2));
        assertEquals("DONE", done.getString("state"), done::toString);
        assertEquals(sha256, done.getJsonArray("files").getJsonObject(0).getString("sha256"));
        // By a connection of its own, after the step is done; the next fault is not meant for that.
        await("the source's archiving").until(() -> !Files.exists(shop.inbox().resolve(shop.resetFileName())));
        for (Fault fault : ofTheReset()) {
            breakOnce("reset", fault);
        }
        assertEquals("DONE", again("reset", BOUND).getString("state"));
        shop.run("variance");
        shop.expect(STORE, 1, 8, 0, 8);
        shop.expect(STORE, 2, 20, 0, 20);
    }

    /** The name is taken by a folder, so the rename is refused; the part does not stay either. */
    private void refuseTheName() throws IOException {
        Path inTheWay = Files.createDirectories(
                shop.filtered().resolve(shop.filteredFileName()).resolve("in the way"));
        JsonObject ended = again("filter", BOUND);
        assertEquals("FAILED", ended.getString("state"), ended::toString);
        assertTrue(ended.getString("reason").startsWith("SFTP: could not rename"), ended::toString);
        Files.delete(inTheWay);
        Files.delete(inTheWay.getParent());
        assertEquals(List.of("archive", "rejected"), names(shop.filtered()));
    }

    /** Of the SFTP server. */
    private void fillTheDisk() throws IOException {
        Optional<SmallDisk> disk = SmallDisk.mount(shop.filtered(), 1, site.undertaker());
        if (disk.isEmpty()) {
            Proof.say("no full disk: only root can mount a small one");
            return;
        }
        try (SmallDisk full = disk.get()) {
            full.fill();
            JsonObject ended = again("filter", BOUND);
            assertEquals("FAILED", ended.getString("state"), ended::toString);
            assertTrue(ended.getString("reason").startsWith("SFTP: could not write"), ended::toString);
            full.free();
            assertEquals(List.of(), names(shop.filtered()));
        }
    }

    private static List<String> names(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    /** A cut at every MB, and at some bytes of the login, the listing and the publishing; then what is not told. */
    private static List<Fault> faults() {
        List<Fault> all = new ArrayList<>(Proof.chosen(
                "a cut while the file is read",
                LongStream.range(0, FILE_MIB)
                        .mapToObj(mib -> new Fault(Kind.CUT, Direction.FROM_SERVER, mib * MIB + 10_000))
                        .toList(),
                2));
        List<Fault> early = new ArrayList<>();
        for (Kind kind : List.of(Kind.CUT, Kind.RESET)) {
            for (Direction direction : Direction.values()) {
                for (long after = 0; after < 5_000; after += 250) {
                    early.add(new Fault(kind, direction, after));
                }
            }
        }
        all.addAll(Proof.chosen("a break at the login, the listing or the publishing", early, 3));
        all.addAll(Proof.chosen(
                "a line that carries next to nothing",
                List.of(
                        new Fault(Kind.STALL, Direction.FROM_SERVER, 5 * MIB),
                        new Fault(Kind.STALL, Direction.FROM_SERVER, 3_000),
                        new Fault(Kind.STALL, Direction.TO_SERVER, 3_000),
                        new Fault(Kind.STALL, Direction.TO_SERVER, 5_000),
                        new Fault(Kind.SLOW, Direction.FROM_SERVER, 2 * MIB)),
                1));
        return all;
    }

    private static List<Fault> ofTheReset() {
        return Proof.chosen(
                "a break in the reset",
                LongStream.iterate(0, after -> after <= 2_000, after -> after + 250)
                        .mapToObj(after -> new Fault(Kind.CUT, Direction.FROM_SERVER, after))
                        .toList(),
                1);
    }

    private void breakOnce(String step, Fault fault) throws IOException {
        site.sftp().next(fault);
        long begun = System.nanoTime();
        JsonObject ended = again(step, BOUND);
        assertTrue(site.sftp().happened(), fault::toString);
        assertEquals("FAILED", ended.getString("state"), () -> fault + ": " + ended);
        assertTrue(ended.getString("reason").startsWith("SFTP"), ended::toString);
        Proof.say("%s: %d ms, %s".formatted(fault, (System.nanoTime() - begun) / 1_000_000, ended.getString("reason")));
    }

    /** Asks for the step, unless it has begun again by itself, and waits for its end. */
    private JsonObject again(String step, Duration limit) throws IOException {
        int before = shop.step(step).getInt("attempt", 0);
        shop.api().send("POST", "/api/cycles/" + shop.date() + "/" + step, null);
        return await(step)
                .atMost(limit)
                .pollInterval(Duration.ofMillis(50))
                .until(
                        () -> shop.step(step),
                        now -> now.getInt("attempt", 0) > before
                                && !now.getString("state").equals("RUNNING"));
    }

    /** Rows of products that nobody sells, and at the end those of ours. @return its SHA-256 */
    private static String upload(Shop shop) throws Exception {
        Path file = shop.inbox().resolve(shop.resetFileName());
        Path part = file.resolveSibling("uploading");
        MessageDigest digest = MessageDigest.getInstance("SHA-256");
        try (OutputStream out = new BufferedOutputStream(new DigestOutputStream(Files.newOutputStream(part), digest))) {
            out.write((Shop.HEADER + "\r\n").getBytes(StandardCharsets.US_ASCII));
            long bytes = 0;
            for (int product = 0; bytes < (long) FILE_MIB * MIB; product++) {
                byte[] row = (shop.row(STORE, "77" + product, "3") + "\r\n").getBytes(StandardCharsets.US_ASCII);
                out.write(row);
                bytes += row.length;
            }
            for (String row : List.of(shop.row(STORE, 1, "10"), shop.row(STORE, 2, "20"))) {
                out.write((row + "\r\n").getBytes(StandardCharsets.US_ASCII));
            }
        }
        Files.move(part, file, StandardCopyOption.ATOMIC_MOVE);
        return HexFormat.of().formatHex(digest.digest());
    }
}
