package io.evenstock.nightly;

import io.evenstock.exchange.Completeness;
import io.evenstock.exchange.ContentWriter;
import io.evenstock.exchange.Exchange;
import io.evenstock.exchange.HashedInputStream;
import io.evenstock.exchange.Published;
import io.evenstock.exchange.RemoteFile;
import io.evenstock.exchange.SftpConnection;
import io.evenstock.file.AsOfName;
import io.evenstock.file.FilterCounts;
import io.evenstock.file.MalformedFileException;
import io.evenstock.file.RecordFilter;
import io.evenstock.file.Reject;
import io.evenstock.file.RejectsFile;
import io.evenstock.file.Unpacked;
import io.evenstock.file.VarianceFile;
import io.evenstock.settings.Settings;
import io.evenstock.snapshot.Snapshots;
import io.evenstock.snapshot.WrittenFile;
import jakarta.annotation.Resource;
import jakarta.enterprise.concurrent.ManagedThreadFactory;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.BufferOverflowException;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.zip.GZIPOutputStream;

/**
 * 01:30, the filter: streams Retail Pro's file through, keeps the rows of active products and publishes them; beside it
 * the variance file. No transaction is open while bytes stream.
 */
@ApplicationScoped
class FilterStep implements Step {
    private static final Logger LOG = Logger.getLogger(FilterStep.class.getName());
    private static final AsOfName FILTERED = AsOfName.of("ActiveResetInventory_{asOf}.csv");
    private static final AsOfName VARIANCE = AsOfName.of("InventoryVariance_{asOf}.csv");

    @Resource
    ManagedThreadFactory threads;

    @Inject
    Cycles cycles;

    @Inject
    Clock clock;

    @Inject
    Exchange exchange;

    @Inject
    Completeness completeness;

    @Inject
    ActiveLists lists;

    @Inject
    Snapshots snapshots;

    @Inject
    NightsVariance varianceFile;

    @Inject
    Settings settings;

    @Override
    public StepName name() {
        return StepName.FILTER;
    }

    @Override
    public StepResult run(Claim claim) throws IOException, MalformedFileException, StepFailedException {
        Instant due = new BusinessCalendar(settings).due(claim.businessDate(), StepName.FILTER);
        try (SftpConnection in = exchange.connect();
                SftpConnection out = exchange.connect()) {
            ResetFiles inbox = ResetFiles.in(in, settings);
            ResetFiles.Dated source = inbox.newest(due);
            completeness.await(in, source.file());
            Source filteredSource = filter(claim, in, out, source);
            return result(claim, out, inbox, source, filteredSource);
        }
    }

    private Source filter(Claim claim, SftpConnection in, SftpConnection out, ResetFiles.Dated source)
            throws IOException, MalformedFileException {
        RecordFilter filter = new RecordFilter(
                settings.reset().delimiter(),
                columns(),
                Map.of(
                        settings.reset().idColumn(),
                        lists.keys(claim.businessDate(), settings.reset().idType())),
                settings.reset().limits());
        Streamed streamed = new Streamed(claim, in, source.file(), filter);
        try {
            Published filtered = out.publish(settings.sftp().filtered(), FILTERED.format(source.asOf()), streamed);
            return new Source(streamed, filtered);
        } catch (MalformedFileException malformed) {
            completeness.requireUnchanged(out, source.file());
            reject(out, source.file(), malformed);
            throw new MalformedFileException(
                    malformed.line(), malformed.offset(), source.file().name() + ": " + malformed.reason());
        }
    }

    private StepResult result(Claim claim, SftpConnection out, ResetFiles inbox, ResetFiles.Dated source, Source read)
            throws IOException, MalformedFileException {
        long runId = cycles.prepare(claim, source.asOf(), source.file().name(), read.sha256());
        Published variance = publishVariance(claim, out, runId, source.asOf());
        cycles.whileHeld(claim, () -> snapshots.keepFile(runId, read.streamed.recorded()));
        WrittenFile filteredFile = new WrittenFile(read.filtered.name(), read.filtered.sha256());
        WrittenFile varianceWritten = new WrittenFile(variance.name(), variance.sha256());
        RemoteFile file = source.file();
        return new StepResult(
                runId,
                read.counts().read(),
                read.counts().kept(),
                read.counts().refused(),
                read.counts().bytes(),
                null,
                List.of(
                        new CycleFile(file.folder(), file.name(), read.sha256(), file.bytes()),
                        cycleFile(read.filtered),
                        cycleFile(variance)),
                () -> snapshots.wrote(runId, filteredFile, varianceWritten),
                () -> putAway(inbox, source));
    }

    private Published publishVariance(Claim claim, SftpConnection out, long runId, Instant asOf)
            throws IOException, MalformedFileException {
        List<VarianceFile.Line> lines = varianceFile.lines(runId);
        return out.publish(settings.sftp().variance(), VARIANCE.format(asOf), target -> {
            VarianceFile.write(target, lines);
            requireHeld(claim);
        });
    }

    /** Asked just before a file takes its name: the night may be over, and the file in the archive. */
    private void requireHeld(Claim claim) {
        cycles.whileHeld(claim, () -> {});
    }

    private List<String> columns() {
        Settings.Reset reset = settings.reset();
        return List.of(reset.subsidiaryColumn(), reset.storeColumn(), reset.idColumn(), reset.quantityColumn());
    }

    /** After the commit: the file taken, and older ones, which no night takes any more. */
    private void putAway(ResetFiles inbox, ResetFiles.Dated source) throws IOException {
        try (SftpConnection sftp = exchange.connect()) {
            archive(sftp, source.file());
            for (RemoteFile older : inbox.olderThan(source)) {
                archive(sftp, older);
            }
        }
    }

    private static void archive(SftpConnection sftp, RemoteFile file) throws IOException {
        sftp.archive(file);
        for (RemoteFile marker : Completeness.markers(sftp, file)) {
            sftp.archive(marker);
        }
    }

    /** The marker goes with it: it would speak of the next file of that name. */
    private static void reject(SftpConnection sftp, RemoteFile file, MalformedFileException malformed)
            throws IOException, MalformedFileException {
        sftp.reject(file);
        for (RemoteFile marker : Completeness.markers(sftp, file)) {
            sftp.reject(marker);
        }
        Reject reject = new Reject(malformed.line(), "", "", malformed.reason());
        sftp.report(file.folder(), file.name() + ".rejects.csv", target -> RejectsFile.write(target, List.of(reject)));
    }

    private static CycleFile cycleFile(Published file) {
        return new CycleFile(file.folder(), file.name(), file.sha256(), file.bytes());
    }

    /** What was read, and the filtered file that came of it. */
    private record Source(Streamed streamed, Published filtered) {
        FilterCounts counts() {
            return streamed.counts();
        }

        String sha256() {
            return streamed.sha256();
        }
    }

    /** The source, filtered as it streams; only if it was whole and stayed the same is the output any good. */
    private final class Streamed implements ContentWriter {
        private final Claim claim;
        private final SftpConnection in;
        private final RemoteFile file;
        private final RecordFilter filter;
        private Optional<FilterCounts> counts = Optional.empty();
        private final BoundedBytes recorded = new BoundedBytes(settings.reset().maxKeptBytes());
        private String sha256 = "";

        Streamed(Claim claim, SftpConnection in, RemoteFile file, RecordFilter filter) {
            this.claim = claim;
            this.in = in;
            this.file = file;
            this.filter = filter;
        }

        /** The filtered file once more, packed. */
        byte[] recorded() {
            return recorded.toByteArray();
        }

        FilterCounts counts() {
            return counts.orElseThrow();
        }

        String sha256() {
            return sha256;
        }

        @Override
        public void write(OutputStream target) throws IOException, MalformedFileException {
            try (InputStream watched = new WatchedInputStream(in.read(file), clock, this::report);
                    HashedInputStream bytes = new HashedInputStream(watched, threads);
                    OutputStream gzip = new GZIPOutputStream(recorded)) {
                OutputStream kept = new TwoStreams(target, gzip);
                counts = Optional.of(
                        Unpacked.read(bytes, file.name(), file.bytes(), content -> filter.run(content, kept)));
                bytes.transferTo(OutputStream.nullOutputStream());
                sha256 = bytes.sha256();
            } catch (BufferOverflowException tooMuch) {
                throw new MalformedFileException(
                        1,
                        -1,
                        "the rows of active products have more than "
                                + settings.reset().maxKeptBytes() + " bytes, packed (evenstock.reset.max-kept-bytes)");
            }
            completeness.requireUnchanged(in, file);
            requirePromised();
            if (counts().read() == 0) {
                throw new MalformedFileException(1, -1, "there is a header, but no row");
            }
            requireHeld(claim);
        }

        /** In a small transaction of its own; the step goes on without it. */
        private void report(long bytes) {
            try {
                cycles.report(claim, bytes, file.bytes(), filter.recordsSoFar());
            } catch (RuntimeException failure) {
                LOG.log(Level.WARNING, "The progress of " + claim + " could not be written", failure);
            }
        }

        private void requirePromised() throws IOException {
            Optional<String> promised = completeness.promisedSha256(in, file);
            if (promised.isPresent() && !promised.get().equals(sha256)) {
                throw new IOException(file.path() + " has SHA-256 " + sha256 + ", but its marker says " + promised.get()
                        + ": it did not arrive whole");
            }
        }
    }
}
