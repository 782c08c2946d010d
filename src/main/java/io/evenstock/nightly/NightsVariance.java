package io.evenstock.nightly;

import io.evenstock.file.VarianceFile;
import io.evenstock.settings.Settings;
import io.evenstock.snapshot.Snapshots;
import io.evenstock.snapshot.VarianceLine;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;

/** The variance file's lines, as they stand in the database: the same file at any time, on any node. */
@ApplicationScoped
class NightsVariance {
    private static final String REASON = "VAR_EXT_RESET";
    private static final String COMMENT = "Shipped, not acknowledged";

    @Inject
    Snapshots snapshots;

    @Inject
    Settings settings;

    List<VarianceFile.Line> lines(long runId) {
        return snapshots.varianceLines(runId, settings.reset().idType()).stream()
                .map(NightsVariance::line)
                .toList();
    }

    /** The file as it was written. */
    InputStream recorded(long runId) throws IOException {
        ByteArrayOutputStream file = new ByteArrayOutputStream();
        VarianceFile.write(file, lines(runId));
        return new ByteArrayInputStream(file.toByteArray());
    }

    private static VarianceFile.Line line(VarianceLine line) {
        return new VarianceFile.Line(
                line.facilityId(),
                line.idType(),
                line.idValue(),
                line.quantity(),
                REASON,
                COMMENT,
                line.shipmentId(),
                line.itemSeqId());
    }
}
