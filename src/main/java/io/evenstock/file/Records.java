package io.evenstock.file;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** The records of a stream, one after another; blank lines are passed over. */
final class Records {

    /** Told once a block. */
    @FunctionalInterface
    interface Progress {
        /**
         * Tells how far the scan is.
         *
         * @param bytes taken from the stream
         * @param records scanned, header included
         */
        void at(long bytes, long records);
    }

    private static final int BOM_BYTES = 3;
    private static final int MAX_SHOWN_BYTES = 4 * (Reject.MAX_VALUE_CHARS + 1);

    private final Block block;
    private final RecordScanner scanner;
    private final CsvLimits limits;
    private final Progress progress;
    private final Utf8 utf8 = new Utf8();
    private byte[] scratch = new byte[Block.PADDING];
    private int start;
    private int end;
    private long line;
    private long nextLine = 1;
    private long count;

    Records(InputStream in, char delimiter, CsvLimits limits) {
        this(
                new Block(in, Block.DEFAULT_BYTES, delimiter, limits.maxRecordBytes()),
                delimiter,
                limits,
                (bytes, records) -> {});
    }

    Records(Block block, char delimiter, CsvLimits limits, Progress progress) {
        this.block = block;
        this.scanner = new RecordScanner(block, delimiter, limits.maxColumns());
        this.limits = limits;
        this.progress = progress;
    }

    /**
     * Passes over a byte order mark; to be called once, before the first record.
     *
     * @return the mark's bytes, none if there is no mark
     * @throws MalformedFileException the stream is empty or UTF-16
     */
    byte[] byteOrderMark() throws IOException, MalformedFileException {
        while (block.end() < BOM_BYTES && !block.last()) {
            block.refill(0);
        }
        if (block.end() == 0) {
            throw new MalformedFileException(0, 0, "the file is empty (0 bytes)");
        }
        int first = firstBytes(2);
        if (first == 0xFEFF || first == 0xFFFE) {
            throw new MalformedFileException(1, 0, "the file is UTF-16 by its byte order mark; UTF-8 is expected");
        }
        end = firstBytes(BOM_BYTES) == 0xEFBBBF ? BOM_BYTES : 0;
        return Arrays.copyOf(block.bytes(), end);
    }

    private int firstBytes(int wanted) {
        int value = 0;
        for (int at = 0; at < Math.min(wanted, block.end()); at++) {
            value = (value << Byte.SIZE) | (block.bytes()[at] & 0xFF);
        }
        return value;
    }

    /** Goes to the next record that is not blank; false at the end of the stream. */
    boolean next() throws IOException, MalformedFileException {
        while (advance()) {
            if (scanner.contentEnd() > start) {
                count++;
                return true;
            }
        }
        return false;
    }

    private boolean advance() throws IOException, MalformedFileException {
        start = end;
        line = nextLine;
        int after = scan();
        while (after == RecordScanner.UNFINISHED) {
            if (block.last()) {
                return false;
            }
            refill();
            after = scan();
        }
        end = after;
        nextLine += scanner.newlines();
        checkLimits();
        return true;
    }

    private int scan() throws MalformedFileException {
        return start == block.end() ? RecordScanner.UNFINISHED : scanner.scan(start, line);
    }

    private void refill() throws IOException, MalformedFileException {
        checkLength(block.end() - start);
        progress.at(block.bytesSoFar(), count);
        block.refill(start);
        start = 0;
    }

    private void checkLimits() throws MalformedFileException {
        checkLength(end - start);
        if (scanner.columns() > limits.maxColumns()) {
            throw malformed(start, "more than " + limits.maxColumns() + " columns");
        }
    }

    private void checkLength(int length) throws MalformedFileException {
        if (length > limits.maxRecordBytes()) {
            throw malformed(
                    start + limits.maxRecordBytes(), "a record longer than " + limits.maxRecordBytes() + " bytes");
        }
    }

    /** @throws MalformedFileException the record is not UTF-8 */
    void checkUtf8() throws MalformedFileException {
        int valid = utf8.validUpTo(block.bytes(), start, end);
        if (valid < end) {
            throw malformed(valid, "not UTF-8");
        }
    }

    byte[] bytes() {
        return block.bytes();
    }

    /** Index of the record's first byte. */
    int start() {
        return start;
    }

    /** Index behind the record's line end. */
    int end() {
        return end;
    }

    /** Physical line where the record starts. */
    long line() {
        return line;
    }

    int columns() {
        return scanner.columns();
    }

    /** Bytes taken from the stream so far. */
    long bytesSoFar() {
        return block.bytesSoFar();
    }

    /** Records so far, header included. */
    long count() {
        return count;
    }

    /** The value of a field, as text, without its quotes. The record must be known to be UTF-8. */
    String text(int column) {
        int from = scanner.fieldStart(column);
        int to = scanner.fieldEnd(column, from);
        String text = new String(block.bytes(), from, to - from, StandardCharsets.UTF_8);
        return isQuoted(from, to) ? text.substring(1, text.length() - 1).replace("\"\"", "\"") : text;
    }

    /** The beginning of the record as it stands, without its line end, for a report. */
    String shown() {
        int length = Math.min(end - start, MAX_SHOWN_BYTES);
        return new String(block.bytes(), start, length, StandardCharsets.UTF_8).stripTrailing();
    }

    /** Whether the value of a field is one of the keys. */
    boolean isIn(Keys keys, int column) {
        int from = scanner.fieldStart(column);
        int to = scanner.fieldEnd(column, from);
        return isQuoted(from, to) ? isUndoubledIn(keys, from + 1, to - 1) : keys.contains(block.bytes(), from, to);
    }

    private boolean isQuoted(int from, int to) {
        return from < to && block.bytes()[from] == RecordScanner.QUOTE;
    }

    private boolean isUndoubledIn(Keys keys, int from, int to) {
        if (to - from > 2 * keys.longestBytes()) {
            return false;
        }
        if (scratch.length < to - from + Block.PADDING) {
            scratch = new byte[2 * keys.longestBytes() + Block.PADDING];
        }
        int length = 0;
        for (int at = from; at < to; at++) {
            byte value = block.bytes()[at];
            scratch[length++] = value;
            at += value == RecordScanner.QUOTE ? 1 : 0;
        }
        return keys.contains(scratch, 0, length);
    }

    /** A fault of this record, at this index. */
    MalformedFileException malformed(int at, String reason) {
        return new MalformedFileException(line, block.offsetOf(at), reason);
    }

    /** A fault of this record as a whole. */
    MalformedFileException malformed(String reason) {
        return malformed(start, reason);
    }
}
