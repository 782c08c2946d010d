package io.evenstock.system;

import static org.awaitility.Awaitility.await;

import io.evenstock.simulator.Message;
import io.evenstock.simulator.Message.Identification;
import io.evenstock.simulator.Message.Row;
import io.evenstock.simulator.Message.StockFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.UserPrincipal;
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
            "EVENSTOCK_SFTP_VARIANCE", FOLDER + "variance",
            "EVENSTOCK_SFTP_FEED", FOLDER + "feed");
    private static final String RETAIL_PRO = "sbs_no,store_code,upc,qty\r\n";
    private static final String OMS_IMPORT = "externalFacilityId,idType,idValue,availableQty\r\n";
    private static final String MARKER = ".sha256";
    private static final DateTimeFormatter NAME =
            DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'", Locale.ROOT).withZone(ZoneOffset.UTC);
    private static final Duration LONGEST_PUTTING_AWAY = Duration.ofSeconds(30);
    private static final Duration LOOK = Duration.ofMillis(5);

    private final Path sftpRoot;
    private final SimulatedNames names;
    private int feeds;

    SimulatedUploads(Path sftpRoot, SimulatedNames names) {
        this.sftpRoot = sftpRoot;
        this.names = names;
    }

    /** The settings of a node that looks into these folders; they are made if they are missing. */
    static Map<String, String> settings(Path sftpRoot) throws IOException {
        UserPrincipal owner = Files.getOwner(local(sftpRoot, "/erp/reset"));
        for (String folder : SETTINGS.values()) {
            for (String each : new String[] {folder, folder + "/archive", folder + "/rejected"}) {
                Files.setOwner(Files.createDirectories(local(sftpRoot, each)), owner);
            }
        }
        return SETTINGS;
    }

    /** Uploads a night's Reset Inventory File with its completion marker. */
    void uploadNight(StockFile file) {
        upload(inbox(file.asOf()), csv(file, true));
    }

    /**
     * Uploads a file of the frequent feed with its completion marker, half of them in Retail Pro's columns.
     *
     * @return its name, which no upload before had
     */
    String uploadFeed(Message.Feed feed) {
        StockFile file = feed.file();
        String name = "%s-%d-%s.csv".formatted(names.shipment(feed.name()), ++feeds, NAME.format(file.asOf()));
        upload(local(sftpRoot, FOLDER + "feed/" + name), csv(file, file.hashCode() % 2 == 0 && allUpcs(file)));
        return name;
    }

    private static boolean allUpcs(StockFile file) {
        return file.rows().stream().allMatch(row -> row.identification().type().equals("UPCA"));
    }

    /** Waits until the feed has done with a file. */
    void awaitTaken(String name) {
        awaitPutAway(FOLDER + "feed", name);
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

    /** @param retailPro in Retail Pro's columns, else in those of the OMS import */
    String csv(StockFile file, boolean retailPro) {
        StringBuilder csv = new StringBuilder(retailPro ? RETAIL_PRO : OMS_IMPORT);
        file.rows().forEach(row -> csv.append(retailPro ? retailPro(row) : omsImport(row)));
        return csv.toString();
    }

    private String omsImport(Row row) {
        Identification identification = names.identification(row.identification());
        return names.facility(row.facility()) + "," + identification.type() + "," + identification.value() + ","
                + row.quantity() + "\r\n";
    }

    private String retailPro(Row row) {
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

    /** With its completion marker. */
    static void upload(Path file, String csv) {
        byte[] content = csv.getBytes(StandardCharsets.UTF_8);
        Shop.put(marker(file), sha256(content).getBytes(StandardCharsets.US_ASCII));
        Shop.put(file, content);
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
