package io.evenstock.nightly;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.function.LongConsumer;

/** Tells every second, between two reads, how many bytes were read through it. */
final class WatchedInputStream extends FilterInputStream {
    private static final Duration INTERVAL = Duration.ofSeconds(1);

    private final Clock clock;
    private final LongConsumer watcher;
    private long count;
    private Instant next;

    /** The watcher is told 0 at once. */
    WatchedInputStream(InputStream in, Clock clock, LongConsumer watcher) {
        super(in);
        this.clock = clock;
        this.watcher = watcher;
        watcher.accept(0);
        this.next = clock.instant().plus(INTERVAL);
    }

    @Override
    public int read() throws IOException {
        int value = in.read();
        passed(value < 0 ? 0 : 1);
        return value;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
        int read = in.read(target, offset, length);
        passed(Math.max(0, read));
        return read;
    }

    private void passed(int bytes) {
        count += bytes;
        Instant now = clock.instant();
        if (!now.isBefore(next)) {
            watcher.accept(count);
            next = now.plus(INTERVAL);
        }
    }
}
