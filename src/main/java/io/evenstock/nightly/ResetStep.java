package io.evenstock.nightly;

import io.evenstock.exchange.Exchange;
import io.evenstock.exchange.RemoteFile;
import io.evenstock.exchange.SftpConnection;
import io.evenstock.file.MalformedFileException;
import io.evenstock.file.Reject;
import io.evenstock.file.RejectsFile;
import io.evenstock.settings.Settings;
import io.evenstock.snapshot.SnapshotContent;
import io.evenstock.snapshot.SnapshotCounts;
import io.evenstock.snapshot.SnapshotLoader;
import io.evenstock.snapshot.SnapshotRun;
import io.evenstock.snapshot.Snapshots;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** 02:00, the reset: reads the filtered file back, loads its lines, and puts them in force for all pairs at once. */
@ApplicationScoped
class ResetStep implements Step {
    @Inject
    Exchange exchange;

    @Inject
    Cycles cycles;

    @Inject
    Snapshots snapshots;

    @Inject
    SnapshotLoader loader;

    @Inject
    Settings settings;

    @Override
    public StepName name() {
        return StepName.RESET;
    }

    @Override
    public StepResult run(Claim claim)
            throws IOException, MalformedFileException, StepFailedException, StepHeldException {
        SnapshotRun run = snapshots.run(cycles.filterRun(claim.businessDate()).orElseThrow());
        try (SftpConnection sftp = exchange.connect()) {
            ReadBack file = ReadBack.of(sftp, settings.sftp().filtered(), run.filteredName(), run.filteredSha256());
            SnapshotContent content = read(run);
            reportRejects(claim, sftp, run, content.rejects());
            refuse(content.tooFewGood(settings.reset().minimumShare()));
            SnapshotCounts counts = content.counts(loader.load(run.runId(), run.asOf(), content));
            refuse(counts.withoutEffect(run.asOf()));
            requireSound(sftp, run, file, content);
            return result(run, file.file(), counts);
        }
    }

    /** What was recorded: the very bytes of the file, unless somebody has edited that, even since we looked. */
    private SnapshotContent read(SnapshotRun run) throws IOException, MalformedFileException {
        try (InputStream in = snapshots.recordedFile(run.runId())) {
            Settings.Reset reset = settings.reset();
            return snapshots.read(in, reset.delimiter(), reset.layout(), reset.limits());
        }
    }

    private static void refuse(Optional<String> reason) throws StepFailedException {
        if (reason.isPresent()) {
            throw new StepFailedException(reason.get());
        }
    }

    /** Held with its lines loaded: the preview tells what they would do. */
    private void requireSound(SftpConnection sftp, SnapshotRun run, ReadBack file, SnapshotContent content)
            throws IOException, StepHeldException {
        List<String> odd = new ArrayList<>(snapshots.oddities(run.runId(), content));
        if (!file.asWritten() && !run.approved()) {
            odd.add(0, file.difference(sftp, snapshots.recordedFile(run.runId())));
        }
        if (!odd.isEmpty()) {
            throw new StepHeldException(run.runId(), "Held for approval: " + String.join("; ", odd));
        }
    }

    private StepResult result(SnapshotRun run, RemoteFile file, SnapshotCounts counts) {
        return new StepResult(
                run.runId(),
                counts.rows(),
                counts.lines(),
                counts.rejects(),
                file.bytes(),
                remark(counts),
                List.of(new CycleFile(file.folder(), file.name(), run.filteredSha256(), file.bytes())),
                () -> snapshots.apply(run.runId(), counts),
                () -> archive(file));
    }

    private void archive(RemoteFile file) throws IOException {
        try (SftpConnection sftp = exchange.connect()) {
            sftp.archive(file);
        }
    }

    private void reportRejects(Claim claim, SftpConnection sftp, SnapshotRun run, List<Reject> rejects)
            throws IOException, MalformedFileException {
        cycles.whileHeld(claim, () -> snapshots.keepRejects(run.runId(), rejects));
        if (!rejects.isEmpty()) {
            sftp.report(
                    settings.sftp().filtered(),
                    run.filteredName() + ".rejects.csv",
                    out -> RejectsFile.write(out, rejects));
        }
    }

    private static @Nullable String remark(SnapshotCounts counts) {
        return counts.stale() + counts.repeats() + counts.rejects() == 0
                ? null
                : counts.rejects() + " rows refused, " + counts.stale() + " stale, " + counts.repeats() + " repeated";
    }
}
