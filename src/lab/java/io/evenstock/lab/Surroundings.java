package io.evenstock.lab;

import java.io.IOException;
import java.nio.file.Path;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What Evenstock needs around it, as its settings: the database and the SFTP server that the environment names, or our
 * own, each by itself.
 */
final class Surroundings implements AutoCloseable {

    private static final String TESTS = "EVENSTOCK_TEST_";

    private final Map<String, String> settings = new HashMap<>();
    private final List<String> addresses = new ArrayList<>();
    private final Path folder;
    private final Undertaker undertaker;
    private final Report report;
    private final boolean externalDatabase;
    private final boolean externalSftp;
    private Uploads uploads;
    private AutoCloseable sftp = () -> {};

    /**
     * Surroundings not yet started.
     *
     * @param environment of this process; what is for the tests is left alone
     */
    Surroundings(Map<String, String> environment, Path folder, Undertaker undertaker, Report report) {
        this.folder = folder;
        this.undertaker = undertaker;
        this.report = report;
        this.uploads = new SftpUploads(settings);
        environment.forEach((name, value) -> {
            if (name.startsWith("EVENSTOCK_") && !name.startsWith(TESTS) && !value.isBlank()) {
                settings.put(name, value);
            }
        });
        this.externalDatabase = settings.containsKey("EVENSTOCK_DB_URL");
        this.externalSftp = settings.containsKey("EVENSTOCK_SFTP_HOST");
        settings.putIfAbsent("EVENSTOCK_WORK_DIR", folder.resolve("work").toString());
        settings.putIfAbsent("EVENSTOCK_ZONE", ZoneId.systemDefault().getId());
    }

    /** Starts what the environment does not name. */
    void start() throws IOException {
        report.timed("database", this::database);
        report.timed("sftp", this::sftp);
    }

    private String database() throws IOException {
        if (externalDatabase) {
            return "as EVENSTOCK_DB_URL says";
        }
        EmbeddedDatabase database = EmbeddedDatabase.start(folder, undertaker);
        replace(
                "EVENSTOCK_DB_",
                Map.of("URL", database.url(), "USER", database.user(), "PASSWORD", database.password()));
        // It seals what dies with this database.
        settings.putIfAbsent("EVENSTOCK_SECRETS_KEY", Secrets.sealingKey());
        addresses.add(
                "  %-11s %s   %s / %s".formatted("database", database.url(), database.user(), database.password()));
        return "PostgreSQL, embedded, port " + database.port();
    }

    private String sftp() throws IOException {
        if (externalSftp) {
            return "as EVENSTOCK_SFTP_HOST says: " + settings.get("EVENSTOCK_SFTP_HOST");
        }
        EmbeddedSftp server = EmbeddedSftp.start(folder.resolve("sftp"));
        sftp = server;
        uploads = new FolderUploads(server.inbox());
        replace(
                "EVENSTOCK_SFTP_",
                Map.of(
                        "HOST", server.host(),
                        "PORT", Integer.toString(server.port()),
                        "USER", server.user(),
                        "PASSWORD", server.password(),
                        "KNOWN_HOSTS", server.knownHosts().toString()));
        addresses.add("  %-11s sftp -P %d %s@%s   password %s"
                .formatted("sftp", server.port(), server.user(), server.host(), server.password()));
        return "SFTP server, embedded, port " + server.port();
    }

    /** A whole group: somebody's password file must not win over our server's password. */
    private void replace(String prefix, Map<String, String> values) {
        settings.keySet().removeIf(name -> name.startsWith(prefix));
        values.forEach((name, value) -> settings.put(prefix + name, value));
    }

    /** Whether anything here is somebody else's. */
    boolean external() {
        return externalDatabase || externalSftp;
    }

    /** Evenstock's settings, to be added to. */
    Map<String, String> settings() {
        return settings;
    }

    Uploads uploads() {
        return uploads;
    }

    /** One line for each of our own servers. */
    List<String> addresses() {
        return List.copyOf(addresses);
    }

    @Override
    public void close() throws IOException {
        try {
            sftp.close();
        } catch (IOException e) {
            throw e;
        } catch (Exception e) {
            throw new IOException("could not stop the SFTP server", e);
        }
    }
}
