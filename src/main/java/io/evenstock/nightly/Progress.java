package io.evenstock.nightly;

import jakarta.persistence.Column;
import jakarta.persistence.Embeddable;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** How far a step has got with its file: bytes as they lie on the server, rows of what is in them. Times are the database's. */
@Embeddable
public class Progress {
    @Column(name = "progress_bytes")
    private @Nullable Long bytes;

    @Column(name = "progress_total_bytes")
    private @Nullable Long totalBytes;

    @Column(name = "progress_rows")
    private @Nullable Long rows;

    @Column(name = "progress_since")
    private @Nullable Instant since;

    @Column(name = "progress_at")
    private @Nullable Instant at;

    /** For JPA. */
    protected Progress() {}

    Progress(long bytes, long totalBytes, long rows, Instant since, Instant at) {
        this.bytes = bytes;
        this.totalBytes = totalBytes;
        this.rows = rows;
        this.since = since;
        this.at = at;
    }

    public long bytes() {
        return bytes == null ? 0 : bytes;
    }

    /** Size of the file. */
    public long totalBytes() {
        return totalBytes == null ? 0 : totalBytes;
    }

    public long rows() {
        return rows == null ? 0 : rows;
    }

    /** When the file was complete and the work began. */
    public Instant since() {
        return since == null ? Instant.EPOCH : since;
    }

    /** When this was so. */
    public Instant at() {
        return at == null ? Instant.EPOCH : at;
    }

    /** Done of the file, 0 to 1. */
    public double share() {
        return totalBytes() == 0 ? 0 : Math.min(1, (double) bytes() / totalBytes());
    }

    /** On average since the beginning. */
    public long rowsPerSecond() {
        long millis = elapsed().toMillis();
        return millis == 0 ? 0 : rows() * 1_000 / millis;
    }

    /** When the file will be through if it goes on like this; empty: nothing can be said yet. */
    public Optional<Instant> expectedEnd() {
        if (bytes() == 0) {
            return Optional.empty();
        }
        double millis = elapsed().toMillis() / share();
        return Optional.of(since().plusMillis(Math.round(millis)));
    }

    private Duration elapsed() {
        return Duration.between(since(), at());
    }
}
