package io.evenstock.file;

import java.util.Arrays;

/**
 * Finds the end of one record and its fields, strictly by RFC 4180, on bytes, with the block's {@link Marks}. It goes from stop
 * to stop: in front of a quote, and from a closing one on, all separators are counted at once.
 *
 * <pre>
 * 7 , 0 1 2 3 , " a , b " , 9 LF      stops     "           " LF
 *                                     columns   1 + 2       + 1   = 4
 *                                     quoted    column 2, from " to behind "
 * </pre>
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
    private static final int DATA = -2;

    private final Block block;
    private final byte delimiter;
    private final int[] quotedColumns;
    private final int[] quotedStarts;
    private final int[] quotedEnds;
    private byte[] bytes;
    private Marks marks;
    private int end;
    private int start;
    private long line;
    private int columns;
    private int quoted;
    private int newlines;
    private int contentEnd;

    /** @param maxColumns most columns that can be told apart; all are counted */
    RecordScanner(Block block, char delimiter, int maxColumns) {
        checkDelimiter(delimiter);
        this.block = block;
        this.bytes = block.bytes();
        this.marks = block.marks();
        this.delimiter = (byte) delimiter;
        this.quotedColumns = new int[maxColumns];
        this.quotedStarts = new int[maxColumns];
        this.quotedEnds = new int[maxColumns];
    }

    /** @throws IllegalArgumentException a quote, CR, LF, NUL, or not ASCII */
    static void checkDelimiter(char delimiter) {
        if (delimiter == QUOTE || delimiter == LF || delimiter == CR || delimiter == NUL || delimiter > 0x7F) {
            throw new IllegalArgumentException("not a delimiter: character " + (int) delimiter);
        }
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

    /** Index of a field's first byte, which may be its quote. */
    int fieldStart(int column) {
        int before = quotedUpTo(column);
        if (before < 0) {
            return column == 0 ? start : marks.separator(start, column) + 1;
        }
        int ahead = column - quotedColumns[before];
        return ahead == 0 ? quotedStarts[before] : marks.separator(quotedEnds[before], ahead) + 1;
    }

    /** Index behind the field that starts here, and behind its closing quote. */
    int fieldEnd(int column, int fieldStart) {
        if (column == columns - 1) {
            return contentEnd;
        }
        return bytes[fieldStart] == QUOTE ? quotedEnds[quotedUpTo(column)] : marks.separator(fieldStart, 1);
    }

    /** Which quoted field is this column, or else the last one in front of it; -1: there is none. */
    private int quotedUpTo(int column) {
        if (quoted == 0 || quotedColumns[0] > column) {
            return -1;
        }
        int found = Arrays.binarySearch(quotedColumns, 0, quoted, column);
        return found >= 0 ? found : -found - 2;
    }

    /**
     * Scans the record that starts at this index of the block.
     *
     * @param startLine line of the record, for messages
     * @return index behind the record's line end, or {@link #UNFINISHED}
     */
    int scan(int from, long startLine) throws MalformedFileException {
        bytes = block.bytes();
        marks = block.marks();
        end = block.end();
        start = from;
        line = startLine;
        columns = 1;
        quoted = 0;
        newlines = 0;
        int at = recordEnd();
        return at == UNFINISHED ? UNFINISHED : behindLineEnd(at);
    }

    private int recordEnd() throws MalformedFileException {
        int at = start;
        while (true) {
            at = marks.stop(at);
            columns += marks.passed();
            if (at < end && bytes[at] == QUOTE) {
                at = quotedField(at);
                if (at == UNFINISHED || bytes[at] != delimiter) {
                    return at;
                }
            } else {
                int found = judge(at);
                if (found != DATA) {
                    return found;
                }
                at++;
            }
        }
    }

    /** What a control character outside quotes, or the block's end, is: the record's end, a fault or {@link #DATA}. */
    private int judge(int at) throws MalformedFileException {
        if (at == end) {
            return block.last() ? end : UNFINISHED;
        }
        return switch (bytes[at]) {
            case LF -> at;
            case CR -> crLf(at);
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

    /** The end of the quoted field that starts here: a delimiter or the record's end. */
    private int quotedField(int opening) throws MalformedFileException {
        if (opening > start && bytes[opening - 1] != delimiter) {
            throw malformed(opening, "a quote inside an unquoted field");
        }
        int fieldEnd = quotedEnd(opening);
        if (quoted < quotedColumns.length) {
            quotedColumns[quoted] = columns - 1;
            quotedStarts[quoted] = opening;
            quotedEnds[quoted++] = fieldEnd;
        }
        return fieldEnd;
    }

    private int quotedEnd(int opening) throws MalformedFileException {
        int at = marks.stop(opening + 1);
        while (at < end) {
            switch (bytes[at]) {
                case NUL -> throw nul(at);
                case LF -> newlines++;
                case QUOTE -> {
                    if (at + 1 == end || bytes[at + 1] != QUOTE) {
                        return behindQuote(at + 1);
                    }
                    at++;
                }
                default -> {} // data
            }
            at = marks.stop(at + 1);
        }
        return unclosed(opening);
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
