package io.evenstock.system;

import static org.awaitility.Awaitility.await;

import io.evenstock.simulator.Message.Identification;
import io.evenstock.simulator.Message.Row;
import io.evenstock.simulator.Message.StockFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Map;

/** What Retail Pro uploads in a history, in folders of the SFTP server that no other test has. */
final class SimulatedUploads {
    private static final String FOLDER = "/simulator/";
    private static final Map<String, String> SETTINGS = Map.of(
            "EVENSTOCK_SFTP_INBOX", FOLDER + "inbox",
            "EVENSTOCK_SFTP_FILTERED", FOLDER + "filtered",
            "EVENSTOCK_SFTP_VARIANCE", FOLDER + "variance");
    private static final String MARKER = ".sha256";
    private static final DateTimeFormatter NAME =
            DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'", Locale.ROOT).withZone(ZoneOffset.UTC);
    private static final Duration LONGEST_PUTTING_AWAY = Duration.ofSeconds(30);
    private static final Duration LOOK = Duration.ofMillis(5);

    private final Path sftpRoot;
    private final SimulatedNames names;

    SimulatedUploads(Path sftpRoot, SimulatedNames names) {
        this.sftpRoot = sftpRoot;
        this.names = names;
    }

    /** The settings of a node that looks into these folders; they are made if they are missing. */
    static Map<String, String> settings(Path sftpRoot) throws IOException {
        for (String folder : SETTINGS.values()) {
            Files.createDirectories(local(sftpRoot, folder));
            for (String subfolder : new String[] {"/archive", "/rejected"}) {
                Files.createDirectories(local(sftpRoot, folder + subfolder));
            }
        }
        return SETTINGS;
    }

    /** Uploads a night's Reset Inventory File with its completion marker. */
    void uploadNight(StockFile file) {
        StringBuilder csv = new StringBuilder("sbs_no,store_code,upc,qty\r\n");
        file.rows().forEach(row -> csv.append(night(row)));
        upload(inbox(file.asOf()), csv.toString());
    }

    /** Takes the file back if no night has taken it: it must not lie there for the next. */
    void withdrawNight(StockFile file) {
        delete(inbox(file.asOf()));
        delete(marker(inbox(file.asOf())));
    }

    /** Waits until a file and its marker are gone from a folder. */
    void awaitPutAway(String folder, String name) {
        Path file = local(sftpRoot, folder + "/" + name);
        await(file.toString())
                .atMost(LONGEST_PUTTING_AWAY)
                .pollDelay(Duration.ZERO)
                .pollInterval(LOOK)
                .until(() -> folder.isEmpty() || (!Files.exists(file) && !Files.exists(marker(file))));
    }

    private String night(Row row) {
        String facility = names.facility(row.facility());
        Identification identification = names.identification(row.identification());
        int dash = facility.indexOf('-');
        return facility.substring(0, dash) + "," + facility.substring(dash + 1) + "," + identification.value() + ","
                + row.quantity() + "\r\n";
    }

    private Path inbox(Instant asOf) {
        return local(sftpRoot, FOLDER + "inbox/ResetInventory_" + NAME.format(asOf) + ".csv");
    }

    private static Path marker(Path file) {
        return file.resolveSibling(file.getFileName() + MARKER);
    }

    private static void upload(Path file, String csv) {
        byte[] content = csv.getBytes(StandardCharsets.UTF_8);
        Shop.put(file, content);
        Shop.put(marker(file), sha256(content).getBytes(StandardCharsets.US_ASCII));
    }

    private static String sha256(byte[] content) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content));
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private static Path local(Path sftpRoot, String path) {
        return sftpRoot.resolve(path.substring(1));
    }

    private static void delete(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}
