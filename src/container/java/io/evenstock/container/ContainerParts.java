package io.evenstock.container;

import io.evenstock.lab.EmbeddedDatabase;
import io.evenstock.lab.Undertaker;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.junit.platform.launcher.LauncherSession;
import org.junit.platform.launcher.LauncherSessionListener;

/** Starts the database before Arquillian starts the server; only where in-container tests run. */
public final class ContainerParts implements LauncherSessionListener {
    private @Nullable Undertaker undertaker;
    private @Nullable EmbeddedDatabase database;

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
            System.setProperty(
                    "evenstock.container.options",
                    String.join(
                            " ",
                            "-Xmx512m",
                            "-Devenstock.db.url=" + started.url(),
                            "-Devenstock.db.user=" + started.user(),
                            "-Devenstock.db.password=" + started.password(),
                            "-Devenstock.work.dir=" + folder.resolve("work"),
                            "-Devenstock.schedule.enabled=false",
                            "-Devenstock.feed.enabled=false"));
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    @Override
    public void launcherSessionClosed(LauncherSession session) {
        try {
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
