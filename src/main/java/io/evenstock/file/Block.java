package io.evenstock.file;

import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;

/**
 * The part of the stream at hand, with its marks. Behind its bytes stands a padding of quotes, at which every search for the
 * end of a field stops: no bounds test a byte. The arrays grow only for a record that does not fit, up to the longest one
 * allowed.
 */
final class Block {

    /** Bytes that may be read behind the end of the data. */
    static final int PADDING = 2 * Words.BYTES;

    /** What a filter takes from the stream at once. */
    static final int DEFAULT_BYTES = 256 << 10;

    private final InputStream in;
    private final int maxCapacity;
    private final long delimiters;
    private byte[] bytes;
    private Marks marks;
    private int end;
    private long offset;
    private boolean last;

    /**
     * @param blockBytes taken from the stream at once, at least 1
     * @param delimiter to be marked
     * @param maxRecordBytes up to which the block grows if one record fills it; one byte more tells it is too long
     */
    Block(InputStream in, int blockBytes, char delimiter, int maxRecordBytes) {
        this.in = in;
        this.maxCapacity = Math.max(blockBytes, maxRecordBytes + 1);
        this.delimiters = Words.of(delimiter);
        this.bytes = new byte[blockBytes + PADDING];
        this.marks = new Marks(bytes.length);
    }

    byte[] bytes() {
        return bytes;
    }

    Marks marks() {
        return marks;
    }

    /** Index behind the last byte of data. */
    int end() {
        return end;
    }

    /** Whether the stream ends with this block. */
    boolean last() {
        return last;
    }

    /** Offset in the stream of the byte at this index. */
    long offsetOf(int index) {
        return offset + index;
    }

    /** Bytes taken from the stream so far. */
    long bytesSoFar() {
        return offset + end;
    }

    /** Carries the bytes from {@code from} on to the front and fills the rest from the stream. */
    void refill(int from) throws IOException {
        byte[] source = bytes;
        if (from == 0 && end == capacity()) {
            grow();
        }
        System.arraycopy(source, from, bytes, 0, end - from);
        offset += from;
        end -= from;
        fill();
        Arrays.fill(bytes, end, end + PADDING, RecordScanner.QUOTE);
        marks.mark(bytes, end, delimiters);
    }

    private void fill() throws IOException {
        while (!last && end < capacity()) {
            int count = in.read(bytes, end, capacity() - end);
            last = count < 0;
            end += Math.max(count, 0);
        }
    }

    private int capacity() {
        return bytes.length - PADDING;
    }

    private void grow() {
        bytes = new byte[Math.min(2 * capacity(), maxCapacity) + PADDING];
        marks = new Marks(bytes.length);
    }
}
