package io.evenstock.file;

/**
 * Finds the end of one record, strictly by RFC 4180, on bytes. The fields of the first columns are located, those behind
 * only counted: eight bytes at a step, until a quote or a control character.
 *
 * <p>A quote opens a field only as its first byte; behind the closing one stands a delimiter, a line end or nothing. A
 * record ends with LF or CR LF, mixed as they come; a lone CR and NUL are faults.
 */
final class RecordScanner {

    /** The block ends before the record does. */
    static final int UNFINISHED = -1;

    static final byte QUOTE = '"';

    private static final byte LF = '\n';
    private static final byte CR = '\r';
    private static final byte NUL = 0;
    private static final long QUOTES = Words.of(QUOTE);
    private static final long NULS = Words.of(NUL);
    private static final long LFS = Words.of(LF);
    private static final int DATA = -2;

    private final Block block;
    private final byte delimiter;
    private final long delimiters;
    private final int[] fieldStarts;
    private final int[] fieldEnds;
    private int located;
    private byte[] bytes;
    private int end;
    private long line;
    private int columns;
    private int newlines;
    private int contentEnd;

    /** @param maxColumns most columns that can be located; at first all of them are */
    RecordScanner(Block block, char delimiter, int maxColumns) {
        checkDelimiter(delimiter);
        this.block = block;
        this.bytes = block.bytes();
        this.delimiter = (byte) delimiter;
        this.delimiters = Words.of(delimiter);
        this.fieldStarts = new int[maxColumns];
        this.fieldEnds = new int[maxColumns];
        this.located = maxColumns;
    }

    /** @throws IllegalArgumentException a quote, CR, LF, NUL, or not ASCII */
    static void checkDelimiter(char delimiter) {
        if (delimiter == QUOTE || delimiter == LF || delimiter == CR || delimiter == NUL || delimiter > 0x7F) {
            throw new IllegalArgumentException("not a delimiter: character " + (int) delimiter);
        }
    }

    /** From now on locate the first {@code count} columns, at least 1; the others are only counted. */
    void locate(int count) {
        located = count;
    }

    /** Columns of the record. */
    int columns() {
        return columns;
    }

    /** Line feeds in the record, with that of its line end. */
    int newlines() {
        return newlines;
    }

    /** Index of the record's line end, or of the block's end. */
    int contentEnd() {
        return contentEnd;
    }

    /** Index of a located field's first byte, which may be its quote. */
    int fieldStart(int column) {
        return fieldStarts[column];
    }

    /** Index behind a located field, and behind its closing quote. */
    int fieldEnd(int column) {
        return fieldEnds[column];
    }

    /**
     * Scans the record that starts at this index of the block.
     *
     * @param startLine line of the record, for messages
     * @return index behind the record's line end, or {@link #UNFINISHED}
     */
    int scan(int start, long startLine) throws MalformedFileException {
        bytes = block.bytes();
        end = block.end();
        line = startLine;
        columns = 1;
        newlines = 0;
        int at = locateFields(start);
        return at == UNFINISHED ? UNFINISHED : behindLineEnd(at);
    }

    private int locateFields(int start) throws MalformedFileException {
        int at = start;
        for (int column = 0; column < located; column++) {
            fieldStarts[column] = at;
            at = fieldEndFrom(at);
            if (at == UNFINISHED || bytes[at] != delimiter) {
                fieldEnds[column] = at;
                return at;
            }
            fieldEnds[column] = at;
            columns++;
            at++;
        }
        return countFields(at);
    }

    private int fieldEndFrom(int at) throws MalformedFileException {
        return at < end && bytes[at] == QUOTE ? quotedEnd(at) : plainEnd(at);
    }

    private int plainEnd(int start) throws MalformedFileException {
        byte[] data = bytes;
        int at = start;
        while (true) {
            long word = Words.at(data, at);
            long stops = Words.search(word, delimiters) | Words.searchControl(word) | Words.search(word, QUOTES);
            if (stops == 0) {
                at += Words.BYTES;
                continue;
            }
            at += Words.first(stops);
            int found = data[at] == delimiter ? at : judge(at);
            if (found != DATA) {
                return found;
            }
            at++;
        }
    }

    private int countFields(int start) throws MalformedFileException {
        byte[] data = bytes;
        int at = start;
        int count = 0;
        while (true) {
            long word = Words.at(data, at);
            long separators = Words.equal(word, delimiters);
            long stops = (Words.searchControl(word) | Words.search(word, QUOTES)) & ~separators;
            if (stops == 0) {
                count += Long.bitCount(separators);
                at += Words.BYTES;
                continue;
            }
            count += Long.bitCount(separators & Words.before(stops));
            at += Words.first(stops);
            if (data[at] == LF) {
                columns += count;
                return at;
            }
            int found = opensField(at) ? quotedEnd(at) : judge(at);
            if (found == DATA) {
                at++;
            } else if (found != UNFINISHED && data[found] == delimiter) {
                count++;
                at = found + 1;
            } else {
                columns += count;
                return found;
            }
        }
    }

    private boolean opensField(int at) {
        return at < end && bytes[at] == QUOTE && bytes[at - 1] == delimiter;
    }

    /** What a quote or control character outside quotes is: the record's end, a fault or {@link #DATA}. */
    private int judge(int at) throws MalformedFileException {
        if (at == end) {
            return block.last() ? end : UNFINISHED;
        }
        return switch (bytes[at]) {
            case LF -> at;
            case CR -> crLf(at);
            case QUOTE -> throw malformed(at, "a quote inside an unquoted field");
            case NUL -> throw nul(at);
            default -> DATA;
        };
    }

    private int crLf(int at) throws MalformedFileException {
        if (at + 1 < end ? bytes[at + 1] != LF : block.last()) {
            throw malformed(at, "a carriage return without a line feed");
        }
        return at + 1 < end ? at : UNFINISHED;
    }

    private int quotedEnd(int opening) throws MalformedFileException {
        int at = opening + 1;
        while (true) {
            long word = Words.at(bytes, at);
            long stops = Words.equal(word, QUOTES) | Words.equal(word, NULS);
            long lineFeeds = Words.equal(word, LFS);
            if (stops == 0) {
                newlines += Long.bitCount(lineFeeds);
                at += Words.BYTES;
                continue;
            }
            newlines += Long.bitCount(lineFeeds & Words.before(stops));
            at += Words.first(stops);
            if (at == end) {
                return unclosed(opening);
            }
            if (bytes[at] == NUL) {
                throw nul(at);
            }
            if (at + 1 == end || bytes[at + 1] != QUOTE) {
                return behindQuote(at + 1);
            }
            at += 2;
        }
    }

    private int unclosed(int opening) throws MalformedFileException {
        if (block.last()) {
            throw malformed(opening, "a quote that is never closed");
        }
        return UNFINISHED;
    }

    private int behindQuote(int at) throws MalformedFileException {
        if (at == end) {
            return block.last() ? end : UNFINISHED;
        }
        if (bytes[at] == delimiter || bytes[at] == LF) {
            return at;
        }
        if (bytes[at] == CR) {
            return crLf(at);
        }
        throw malformed(at, "neither a delimiter nor a line end behind a closing quote");
    }

    private int behindLineEnd(int at) {
        contentEnd = at;
        if (at == end) {
            return at;
        }
        newlines++;
        return bytes[at] == CR ? at + 2 : at + 1;
    }

    private MalformedFileException nul(int at) {
        return malformed(at, "a NUL byte; is the file UTF-16, or binary?");
    }

    private MalformedFileException malformed(int at, String reason) {
        return new MalformedFileException(line, block.offsetOf(at), reason);
    }
}
