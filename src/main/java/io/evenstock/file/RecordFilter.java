package io.evenstock.file;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The filter of the night: bytes in, bytes out. Writes the header, as it stands with its byte order mark, and byte for byte
 * every record that has one of the keys in its column; a last record without a line end stays so.
 *
 * <p>Keys are compared with the field's value, quotes taken off, as it stands. Blank lines are passed over. Heap: one block
 * of 256 KiB, more only for a longer record, up to the limit; nothing is allocated for a record that is dropped.
 *
 * <p>One run at a time; only the progress may be read by other threads meanwhile.
 */
public final class RecordFilter {

    /** Most refused records that are reported; all are counted. */
    public static final int MAX_REJECTS = 1_000;

    private final char delimiter;
    private final List<String> requiredColumns;
    private final Map<String, Keys> keysByColumn;
    private final CsvLimits limits;
    private final WrongColumnCount wrongColumnCount;
    private final int blockBytes;
    private final List<Reject> rejects = new ArrayList<>();
    private volatile long bytesSoFar;
    private volatile long recordsSoFar;

    /** A filter that refuses the file if a record has not as many columns as the header. */
    public RecordFilter(
            char delimiter, List<String> requiredColumns, Map<String, Keys> keysByColumn, CsvLimits limits) {
        this(delimiter, requiredColumns, keysByColumn, limits, WrongColumnCount.REFUSE_FILE);
    }

    /**
     * A filter for files of these columns.
     *
     * @param delimiter any ASCII character but a quote, CR, LF, NUL
     * @param requiredColumns must be in the header exactly once
     * @param keysByColumn a record is kept if any of these columns has one of its keys; at least one column
     * @throws IllegalArgumentException another delimiter, no key column
     */
    public RecordFilter(
            char delimiter,
            List<String> requiredColumns,
            Map<String, Keys> keysByColumn,
            CsvLimits limits,
            WrongColumnCount wrongColumnCount) {
        this(delimiter, requiredColumns, keysByColumn, limits, wrongColumnCount, Block.DEFAULT_BYTES);
    }

    RecordFilter(
            char delimiter,
            List<String> requiredColumns,
            Map<String, Keys> keysByColumn,
            CsvLimits limits,
            WrongColumnCount wrongColumnCount,
            int blockBytes) {
        RecordScanner.checkDelimiter(delimiter);
        if (keysByColumn.isEmpty()) {
            throw new IllegalArgumentException("no key column");
        }
        this.delimiter = delimiter;
        this.requiredColumns = List.copyOf(requiredColumns);
        this.keysByColumn = Map.copyOf(keysByColumn);
        this.limits = limits;
        this.wrongColumnCount = wrongColumnCount;
        this.blockBytes = blockBytes;
    }

    /**
     * Filters a whole stream. Neither stream is closed; the output is flushed. What was written when this throws is worth
     * nothing.
     *
     * @throws IOException reading or writing failed: worth a retry
     * @throws MalformedFileException not RFC 4180 or UTF-8, a needed column missing or twice, a limit exceeded
     */
    public FilterCounts run(InputStream in, OutputStream out) throws IOException, MalformedFileException {
        rejects.clear();
        progress(0, 0);
        Records records = new Records(
                new Block(in, blockBytes, delimiter, limits.maxRecordBytes()), delimiter, limits, this::progress);
        OutputStream buffered = new BufferedOutputStream(out, 1 << 16);
        FilterCounts counts = filter(records, buffered);
        buffered.flush();
        progress(records.bytesSoFar(), records.count());
        return counts;
    }

    /** Bytes taken from the input so far; brought up to date once a block. */
    public long bytesSoFar() {
        return bytesSoFar;
    }

    /** Data records read so far; brought up to date once a block. */
    public long recordsSoFar() {
        return recordsSoFar;
    }

    /** The refused records of the last run, the first {@value #MAX_REJECTS} of them. */
    public List<Reject> rejects() {
        return List.copyOf(rejects);
    }

    private FilterCounts filter(Records records, OutputStream out) throws IOException, MalformedFileException {
        out.write(records.byteOrderMark());
        Header header = Header.of(records);
        KeyColumns keyColumns = keyColumns(header);
        keep(records, out);
        long kept = 0;
        long refused = 0;
        while (records.next()) {
            if (records.columns() != header.size()) {
                refuse(records, header.size());
                refused++;
            } else if (keyColumns.match(records)) {
                keep(records, out);
                kept++;
            }
        }
        long read = records.count() - 1;
        return new FilterCounts(records.bytesSoFar(), read, kept, read - kept - refused, refused);
    }

    private KeyColumns keyColumns(Header header) throws MalformedFileException {
        for (String column : requiredColumns) {
            header.indexOf(column);
        }
        return KeyColumns.of(header, keysByColumn);
    }

    private static void keep(Records records, OutputStream out) throws IOException, MalformedFileException {
        records.checkUtf8();
        out.write(records.bytes(), records.start(), records.end() - records.start());
    }

    private void refuse(Records records, int expected) throws MalformedFileException {
        String reason = records.columns() + " columns where the header has " + expected;
        if (wrongColumnCount == WrongColumnCount.REFUSE_FILE) {
            throw records.malformed(reason);
        }
        if (rejects.size() < MAX_REJECTS) {
            rejects.add(new Reject(records.line(), "", records.shown(), reason));
        }
    }

    private void progress(long bytes, long records) {
        bytesSoFar = bytes;
        recordsSoFar = Math.max(0, records - 1);
    }
}
