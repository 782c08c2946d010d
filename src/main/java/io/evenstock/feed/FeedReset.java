package io.evenstock.feed;

import io.evenstock.exchange.Completeness;
import io.evenstock.exchange.Exchange;
import io.evenstock.exchange.RemoteFile;
import io.evenstock.exchange.SftpConnection;
import io.evenstock.file.Layout;
import io.evenstock.file.LayoutRecognition;
import io.evenstock.file.MalformedFileException;
import io.evenstock.file.Reject;
import io.evenstock.file.RejectsFile;
import io.evenstock.observation.LogLine;
import io.evenstock.settings.Settings;
import io.evenstock.snapshot.FeedRuns;
import io.evenstock.snapshot.SnapshotContent;
import io.evenstock.snapshot.SnapshotCounts;
import io.evenstock.snapshot.SnapshotLoader;
import io.evenstock.snapshot.Snapshots;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.logging.Logger;

/**
 * Resets from one file of the feed: reads it whole, loads its lines, puts them in force for all pairs at once, and puts
 * the file away after the commit. Killed in between, the next look knows the file by SHA-256 and as-of and only puts it
 * away.
 */
@ApplicationScoped
class FeedReset {
    private static final Logger LOG = Logger.getLogger(FeedReset.class.getName());
    private static final int MOST_KEPT = 1_000;

    @Inject
    Exchange exchange;

    @Inject
    Completeness completeness;

    @Inject
    FeedLeases leases;

    @Inject
    FeedRuns runs;

    @Inject
    Snapshots snapshots;

    @Inject
    SnapshotLoader loader;

    @Inject
    Settings settings;

    /** Files that are dealt with, but could not be put away. */
    private final Map<Content, End> ended = new ConcurrentHashMap<>();

    /** Where a file goes in the end. */
    private enum End {
        ARCHIVED,
        REJECTED
    }

    /** A file with what was in it, and what tells its as-of. */
    private record Content(RemoteFile file, String sha256, Optional<RemoteFile> manifest) {}

    /** A file as it was read. */
    private record Arrived(FeedClaim claim, SftpConnection sftp, RemoteFile file, Spool content, Instant since) {}

    /** @throws IOException worth a retry: the file stays where it is */
    void take(FeedClaim claim, RemoteFile file) throws IOException {
        Instant since = leases.now();
        try (SftpConnection sftp = exchange.connect();
                Spool content =
                        Spool.of(sftp, file, settings.workDir(), settings.feed().maxBytes())) {
            completeness.requireUnchanged(sftp, file);
            requirePromised(sftp, file, content.sha256());
            Content read = new Content(file, content.sha256(), manifest(sftp, file));
            Arrived arrived = new Arrived(claim, sftp, file, content, since);
            End end = ended.get(read);
            if (end == null) {
                end = reset(arrived);
                keep(read, end);
            } else {
                LOG.info(() -> line("feed-known", arrived).toString());
            }
            putAway(sftp, file, end);
        }
    }

    /** Only what lies there still can be put away; the same that comes anew is taken anew. */
    void see(Collection<RemoteFile> files) {
        ended.keySet().removeIf(content -> !files.contains(content.file));
    }

    /** Forgotten ones cost a run more. */
    private void keep(Content read, End end) {
        if (ended.size() >= MOST_KEPT) {
            ended.clear();
        }
        ended.put(read, end);
    }

    private End reset(Arrived arrived) throws IOException {
        Instant asOf;
        try {
            asOf = new AsOfSource(settings).of(arrived.sftp, arrived.file, arrived.content);
        } catch (MalformedFileException unknown) {
            // A run has an as-of: for the record, the file's time of change. It takes no effect.
            return refuse(arrived, arrived.file.modifiedAt(), unknown);
        }
        if (runs.applied(arrived.content.sha256(), asOf)) {
            LOG.info(() -> line("feed-known", arrived).toString());
            return End.ARCHIVED;
        }
        try {
            return reset(arrived, asOf, read(arrived.content));
        } catch (MalformedFileException malformed) {
            return refuse(arrived, asOf, malformed);
        }
    }

    private End reset(Arrived arrived, Instant asOf, SnapshotContent content) throws IOException {
        long runId = prepare(arrived, asOf, content.rejects());
        Optional<String> tooFew = content.tooFewGood(settings.reset().minimumShare());
        if (tooFew.isPresent()) {
            return refuse(
                    arrived, runId, new Refusal(tooFew.get(), content.rejects(), content.counts(0)), End.REJECTED);
        }
        SnapshotCounts counts = content.counts(loader.load(runId, asOf, content));
        Optional<String> useless = counts.withoutEffect(asOf);
        if (useless.isPresent()) {
            return refuse(arrived, runId, new Refusal(useless.get(), List.of(), counts), End.ARCHIVED);
        }
        List<String> odd = snapshots.oddities(runId, content);
        took(arrived, runId);
        if (odd.isEmpty()) {
            leases.apply(arrived.claim, runId, counts);
            LOG.info(() -> line("feed-applied", arrived)
                    .with("run", runId)
                    .with("asOf", asOf)
                    .with("lines", counts.lines())
                    .toString());
        } else {
            String reason = "Held for approval: " + String.join("; ", odd);
            leases.hold(arrived.claim, runId, counts, reason);
            LOG.warning(() -> line("feed-held", arrived)
                    .with("run", runId)
                    .with("reason", reason)
                    .toString());
        }
        return End.ARCHIVED;
    }

    /** The rejects are reported first: after the commit a killed node's file is only put away, and each run costs rows. */
    private long prepare(Arrived arrived, Instant asOf, List<Reject> rejects) throws IOException {
        if (!rejects.isEmpty()) {
            report(arrived, rejects);
        }
        long runId = runs.prepare(asOf, arrived.file.name(), arrived.content.sha256());
        snapshots.keepRejects(runId, rejects);
        return runId;
    }

    private End refuse(Arrived arrived, Instant asOf, MalformedFileException malformed) throws IOException {
        Refusal refusal = Refusal.malformed(malformed);
        return refuse(arrived, prepare(arrived, asOf, refusal.rejects()), refusal, End.REJECTED);
    }

    private End refuse(Arrived arrived, long runId, Refusal refusal, End end) {
        LOG.warning(() -> line("feed-refused", arrived)
                .with("run", runId)
                .with("reason", refusal.reason())
                .toString());
        took(arrived, runId);
        leases.refuse(arrived.claim, runId, refusal.counts(), refusal.reason());
        return end;
    }

    private static LogLine line(String event, Arrived arrived) {
        return LogLine.of(event).with("file", arrived.file.path());
    }

    private void took(Arrived arrived, long runId) {
        snapshots.took(runId, arrived.file.bytes(), Duration.between(arrived.since, leases.now()));
    }

    private SnapshotContent read(Spool content) throws IOException, MalformedFileException {
        Settings.Reset reset = settings.reset();
        Layout layout = content.read(in -> LayoutRecognition.of(
                in, reset.delimiter(), reset.limits(), List.of(reset.layout(), Layout.OMS_IMPORT)));
        SnapshotContent read = content.read(in -> snapshots.read(in, reset.delimiter(), layout, reset.limits()));
        if (read.counts(0).rows() == 0) {
            throw new MalformedFileException(1, -1, "there is a header, but no row");
        }
        return read;
    }

    private void report(Arrived arrived, List<Reject> rejects) throws IOException {
        try {
            arrived.sftp.report(
                    arrived.file.folder(),
                    arrived.file.name() + ".rejects.csv",
                    out -> RejectsFile.write(out, rejects));
        } catch (MalformedFileException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    /** Another upload under the same name stays for the next look. */
    private static void putAway(SftpConnection sftp, RemoteFile file, End end) throws IOException {
        if (!sftp.find(file.folder(), file.name()).equals(Optional.of(file))) {
            return;
        }
        move(sftp, file, end);
        for (RemoteFile marker : Completeness.markers(sftp, file)) {
            move(sftp, marker, end);
        }
        Optional<RemoteFile> manifest = manifest(sftp, file);
        if (manifest.isPresent()) {
            move(sftp, manifest.get(), end);
        }
    }

    private static Optional<RemoteFile> manifest(SftpConnection sftp, RemoteFile file) throws IOException {
        return sftp.find(file.folder(), file.name() + AsOfSource.MANIFEST);
    }

    private static void move(SftpConnection sftp, RemoteFile file, End end) throws IOException {
        if (end == End.ARCHIVED) {
            sftp.archive(file);
        } else {
            sftp.reject(file);
        }
    }

    private void requirePromised(SftpConnection sftp, RemoteFile file, String sha256) throws IOException {
        Optional<String> promised = completeness.promisedSha256(sftp, file);
        if (promised.isPresent() && !promised.get().equals(sha256)) {
            throw new IOException("its SHA-256 is " + sha256 + ", but its marker says " + promised.get()
                    + ": it did not arrive whole");
        }
    }
}
