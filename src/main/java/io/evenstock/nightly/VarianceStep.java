package io.evenstock.nightly;

import io.evenstock.exchange.Exchange;
import io.evenstock.exchange.SftpConnection;
import io.evenstock.file.MalformedFileException;
import io.evenstock.file.VarianceFile;
import io.evenstock.settings.Settings;
import io.evenstock.snapshot.SnapshotRun;
import io.evenstock.snapshot.Snapshots;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.io.IOException;
import java.util.List;

/** 03:00, the variance: what was shipped but not acknowledged as of the snapshot is deducted, each line once. */
@ApplicationScoped
class VarianceStep implements Step {
    @Inject
    Exchange exchange;

    @Inject
    Cycles cycles;

    @Inject
    Snapshots snapshots;

    @Inject
    Settings settings;

    @Override
    public StepName name() {
        return StepName.VARIANCE;
    }

    @Override
    public StepResult run(Claim claim) throws IOException, MalformedFileException, StepFailedException {
        SnapshotRun run = snapshots.run(cycles.filterRun(claim.businessDate()).orElseThrow());
        try (SftpConnection sftp = exchange.connect()) {
            ReadBack.Read<List<VarianceFile.Line>> read = ReadBack.of(
                    sftp, settings.sftp().variance(), run.varianceName(), run.varianceSha256(), VarianceFile::read);
            int lines = read.content().size();
            return new StepResult(
                    run.runId(),
                    lines,
                    lines,
                    0,
                    read.file().bytes(),
                    null,
                    List.of(new CycleFile(
                            read.file().folder(),
                            read.file().name(),
                            run.varianceSha256(),
                            read.file().bytes())),
                    () -> snapshots.recordVariance(run.runId()),
                    () -> archive(read));
        }
    }

    private void archive(ReadBack.Read<List<VarianceFile.Line>> read) throws IOException {
        try (SftpConnection sftp = exchange.connect()) {
            sftp.archive(read.file());
        }
    }
}
