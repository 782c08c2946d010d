package io.evenstock.container;

import io.evenstock.lab.EmbeddedDatabase;
import io.evenstock.lab.EvenstockServer;
import io.evenstock.lab.Undertaker;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.platform.launcher.LauncherSession;
import org.junit.platform.launcher.LauncherSessionListener;

/**
 * Starts the database before Arquillian starts the server, and the server itself where Arquillian only deploys to one
 * (Payara Server); only where in-container tests run.
 */
public final class ContainerParts implements LauncherSessionListener {
    private @Nullable Undertaker undertaker;
    private @Nullable EmbeddedDatabase database;
    private @Nullable EvenstockServer server;

    @Override
    public void launcherSessionOpened(LauncherSession session) {
        if (!Boolean.getBoolean("evenstock.container")) {
            return;
        }
        try {
            Undertaker hired = Undertaker.hire();
            Path folder = hired.newFolder("evenstock-container-");
            EmbeddedDatabase started = EmbeddedDatabase.start(folder, hired);
            undertaker = hired;
            database = started;
            prepareServer(folder, settings(started, folder), hired);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private void prepareServer(Path folder, Map<String, String> settings, Undertaker hired) throws IOException {
        int port = EvenstockServer.freePort();
        int admin = EvenstockServer.freePort();
        tell("folder", folder.resolve("wildfly").toString());
        tell("port", Integer.toString(port));
        tell("admin", Integer.toString(admin));
        tell("options", "-Xmx512m " + options(settings));
        if (System.getProperty("evenstock.server", "").equals("payara-server")) {
            server = EvenstockServer.startEmpty(folder.resolve("payara"), port, admin, settings, hired);
        }
    }

    /** For arquillian.xml. */
    private static void tell(String name, String value) {
        System.setProperty("evenstock.container." + name, value);
    }

    private static Map<String, String> settings(EmbeddedDatabase database, Path folder) {
        return Map.of(
                "EVENSTOCK_DB_URL", database.url(),
                "EVENSTOCK_DB_USER", database.user(),
                "EVENSTOCK_DB_PASSWORD", database.password(),
                "EVENSTOCK_WORK_DIR", folder.resolve("work").toString(),
                "EVENSTOCK_SCHEDULE_ENABLED", "false",
                "EVENSTOCK_FEED_ENABLED", "false");
    }

    /** For servers that Arquillian starts, as it gives them no environment. */
    private static String options(Map<String, String> settings) {
        return settings.entrySet().stream()
                .map(each -> "-D" + each.getKey().toLowerCase(Locale.ROOT).replace('_', '.') + "=" + each.getValue())
                .collect(Collectors.joining(" "));
    }

    @Override
    public void launcherSessionClosed(LauncherSession session) {
        try {
            if (server != null) {
                server.close();
            }
            if (database != null) {
                database.close();
            }
            if (undertaker != null) {
                undertaker.close();
            }
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}
