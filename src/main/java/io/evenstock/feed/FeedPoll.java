package io.evenstock.feed;

import io.evenstock.exchange.Completeness;
import io.evenstock.exchange.Exchange;
import io.evenstock.exchange.RemoteFile;
import io.evenstock.exchange.SftpConnection;
import io.evenstock.observation.LogLine;
import io.evenstock.settings.Settings;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.io.IOException;
import java.util.List;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;

/** One look into the feed's folder: each complete file is reset, oldest as-of first. */
@ApplicationScoped
class FeedPoll {
    private static final Logger LOG = Logger.getLogger(FeedPoll.class.getName());

    private final Troubles troubles = new Troubles();

    @Inject
    Exchange exchange;

    @Inject
    Completeness completeness;

    @Inject
    FeedLeases leases;

    @Inject
    FeedReset reset;

    @Inject
    Settings settings;

    /**
     * Looks once.
     *
     * @return which file could not be taken and why, null: none was left
     * @throws IOException if the folder cannot be listed, or the connection is lost
     */
    @Nullable
    String look(FeedClaim claim) throws IOException {
        troubles.look();
        List<RemoteFile> files = complete();
        reset.see(files);
        if (!files.isEmpty()) {
            Spool.clear(settings.workDir());
        }
        for (RemoteFile file : files) {
            if (leases.holds(claim)) {
                attempt(claim, file);
            }
        }
        return troubles.summary();
    }

    private List<RemoteFile> complete() throws IOException {
        FeedFiles files = new FeedFiles(settings);
        try (SftpConnection sftp = exchange.connect()) {
            return files.oldestFirst(
                    sftp, completeness.complete(sftp, settings.feed().folder(), files::wanted), this::later);
        }
    }

    /** A file that fails stays where it is for the next look, and holds up no other. */
    private void attempt(FeedClaim claim, RemoteFile file) {
        try {
            reset.take(claim, file);
        } catch (IOException later) {
            later(file, later);
        } catch (RuntimeException failure) {
            troubles.news(file, "an unexpected failure, see the server's log: " + failure.getMessage());
            LOG.log(Level.SEVERE, line(file).toString(), failure);
        }
    }

    private void later(RemoteFile file, IOException failure) {
        if (troubles.news(file, failure.getMessage())) {
            LOG.warning(() -> line(file).with("reason", failure.getMessage()).toString());
        }
    }

    private static LogLine line(RemoteFile file) {
        return LogLine.of("feed-tried-again").with("file", file.path());
    }
}
