package io.evenstock.snapshot;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.time.Instant;
import org.postgresql.copy.CopyIn;

/** PostgreSQL's binary COPY format (its manual, COPY, File Formats), for the few types that are needed. */
final class BinaryCopy {
    private static final Instant EPOCH = Instant.parse("2000-01-01T00:00:00Z");
    private static final long MICROS = 1_000_000;
    private static final int MAX_ROW_BYTES = 256;

    private final CopyIn copy;
    private final Pace pace;
    private final ByteBuffer buffer = ByteBuffer.allocate(64 << 10);
    private int rows;

    BinaryCopy(CopyIn copy, Pace pace) {
        this.copy = copy;
        this.pace = pace;
        buffer.put("PGCOPY\n".getBytes(StandardCharsets.US_ASCII));
        buffer.put(new byte[] {(byte) 0xFF, '\r', '\n', 0}).putInt(0).putInt(0);
    }

    /** Begins a row of so many fields; they follow in the order of the columns. */
    BinaryCopy row(int fields) throws SQLException {
        if (buffer.remaining() < MAX_ROW_BYTES) {
            flush();
        }
        rows++;
        buffer.putShort((short) fields);
        return this;
    }

    BinaryCopy int4(int value) {
        buffer.putInt(Integer.BYTES).putInt(value);
        return this;
    }

    BinaryCopy int8(long value) {
        buffer.putInt(Long.BYTES).putLong(value);
        return this;
    }

    BinaryCopy timestamptz(Instant value) {
        // In seconds first: the difference in nanoseconds would overflow after 292 years.
        long seconds = value.getEpochSecond() - EPOCH.getEpochSecond();
        return int8(Math.addExact(Math.multiplyExact(seconds, MICROS), value.getNano() / 1_000));
    }

    /** Ends the copy. @return the number of rows copied */
    long end() throws SQLException {
        buffer.putShort((short) -1);
        flush();
        return copy.endCopy();
    }

    private void flush() throws SQLException {
        copy.writeToCopy(buffer.array(), 0, buffer.position());
        buffer.clear();
        pace.done(rows);
        rows = 0;
    }
}
