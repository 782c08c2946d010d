package io.evenstock.nightly;

import io.evenstock.exchange.Exchange;
import io.evenstock.exchange.RemoteFile;
import io.evenstock.exchange.SftpConnection;
import io.evenstock.file.MalformedFileException;
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
    NightsVariance varianceFile;

    @Inject
    Settings settings;

    @Override
    public StepName name() {
        return StepName.VARIANCE;
    }

    @Override
    public StepResult run(Claim claim)
            throws IOException, MalformedFileException, StepFailedException, StepHeldException {
        SnapshotRun run = snapshots.run(cycles.filterRun(claim.businessDate()).orElseThrow());
        try (SftpConnection sftp = exchange.connect()) {
            ReadBack file = ReadBack.of(sftp, settings.sftp().variance(), run.varianceName(), run.varianceSha256());
            if (!file.asWritten() && !run.varianceApproved()) {
                throw new StepHeldException(run.runId(), file.difference(sftp, varianceFile.recorded(run.runId())));
            }
            long lines = varianceFile.lines(run.runId()).size();
            RemoteFile remote = file.file();
            return new StepResult(
                    run.runId(),
                    lines,
                    lines,
                    0,
                    remote.bytes(),
                    null,
                    List.of(new CycleFile(remote.folder(), remote.name(), run.varianceSha256(), remote.bytes())),
                    () -> snapshots.recordVariance(run.runId()),
                    () -> archive(remote));
        }
    }

    private void archive(RemoteFile file) throws IOException {
        try (SftpConnection sftp = exchange.connect()) {
            sftp.archive(file);
        }
    }
}
