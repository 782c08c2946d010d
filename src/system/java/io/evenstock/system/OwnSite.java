package io.evenstock.system;

import io.evenstock.lab.ApiClient;
import io.evenstock.lab.EvenstockServer;
import io.evenstock.lab.Undertaker;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.UserPrincipal;
import java.time.LocalDate;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * What the nodes of one test run on: database, SFTP folders and the line to the SFTP server are nobody else's, so that
 * they may break.
 */
final class OwnSite implements AutoCloseable {
    /** Room for as many shops, of a few days each, as a proof in full may want. */
    private static final int DAYS_BACK = 2_997;

    private static final Map<String, String> FOLDERS = Map.of(
            "INBOX", "/retailpro/reset",
            "FILTERED", "/evenstock/reset",
            "VARIANCE", "/evenstock/variance",
            "FEED", "/erp/reset");

    private final Evenstock.Running evenstock;
    private final Path home;
    private final KillableDatabase database;
    private final FaultProxy sftp;
    private final String folder;
    private final Map<String, String> settings;
    private int shops;

    private OwnSite(Evenstock.Running evenstock, Path home, KillableDatabase database) throws IOException {
        this.evenstock = evenstock;
        this.home = home;
        this.database = database;
        this.folder = home.getFileName().toString();
        Map<String, String> given = evenstock.settings();
        int port = Integer.parseInt(Objects.requireNonNull(given.get("EVENSTOCK_SFTP_PORT")));
        this.sftp = new FaultProxy(Objects.requireNonNull(given.get("EVENSTOCK_SFTP_HOST")), port);
        this.settings = settings(port);
        makeFolders();
    }

    /** @param name of its folders, a word */
    static OwnSite open(Evenstock.Running evenstock, String name) throws IOException {
        Path home = evenstock.newFolder(name);
        return open(evenstock, home, Files.createDirectory(home.resolve("postgres")));
    }

    /** @param data an empty folder for the database, say on a small disk */
    static OwnSite open(Evenstock.Running evenstock, Path home, Path data) throws IOException {
        return new OwnSite(evenstock, home, KillableDatabase.start(data, evenstock.undertaker()));
    }

    private Map<String, String> settings(int port) throws IOException {
        Map<String, String> own = new HashMap<>(database.settings());
        Path known = Files.writeString(
                home.resolve("known_hosts"),
                Files.readString(evenstock.knownHosts()).replace("]:" + port + " ", "]:" + sftp.port() + " "));
        own.put("EVENSTOCK_SFTP_PORT", Integer.toString(sftp.port()));
        own.put("EVENSTOCK_SFTP_KNOWN_HOSTS", known.toString());
        own.put("EVENSTOCK_WORK_DIR", home.resolve("work").toString());
        FOLDERS.forEach((name, path) -> own.put("EVENSTOCK_SFTP_" + name, "/" + folder + path));
        return own;
    }

    private void makeFolders() throws IOException {
        UserPrincipal owner = Files.getOwner(evenstock.sftpRoot().resolve("erp/reset"));
        for (String path : FOLDERS.values()) {
            for (String each : List.of(path, path + "/archive", path + "/rejected")) {
                Files.setOwner(Files.createDirectories(sftpRoot().resolve(each.substring(1))), owner);
            }
        }
    }

    /** The local folder in which the SFTP folders of this site have the names that are their defaults. */
    Path sftpRoot() {
        return evenstock.sftpRoot().resolve(folder);
    }

    Undertaker undertaker() {
        return evenstock.undertaker();
    }

    KillableDatabase database() {
        return database;
    }

    FaultProxy sftp() {
        return sftp;
    }

    /** A node's settings, with some changed. */
    Map<String, String> settings(Map<String, String> changed) {
        Map<String, String> all = new HashMap<>(settings);
        all.putAll(changed);
        return all;
    }

    /** A node of this site, still booting. */
    EvenstockServer launch(String name, Map<String, String> changed) throws IOException {
        return evenstock.launch(name, settings(changed));
    }

    /** A shop that no other test has, by one of the nodes. */
    Shop newShop(ApiClient node) {
        return shop(node, Shop.today().minusDays(DAYS_BACK - 3L * shops));
    }

    /** A shop whose nights begin at a date. */
    Shop shop(ApiClient node, LocalDate date) {
        return new Shop(new Shop.Site(node, sftpRoot()), ++shops, date);
    }

    @Override
    public void close() throws IOException {
        sftp.close();
        database.close();
    }
}
