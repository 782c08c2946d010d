package io.evenstock.file;

/** The file is not what it should be. Reading it again gives the same: never worth a retry. */
public final class MalformedFileException extends Exception {

    private static final long serialVersionUID = 1L;

    private final long line;
    private final long offset;
    private final String reason;

    /**
     * A fault at a place.
     *
     * @param line physical line (1-based) where the record starts, 0 if there is none
     * @param offset of the offending byte from the start of the (unpacked) stream, -1 if unknown
     * @param reason what is wrong, for a person
     */
    public MalformedFileException(long line, long offset, String reason) {
        super(place(line, offset) + reason);
        this.line = line;
        this.offset = offset;
        this.reason = reason;
    }

    /** Physical line (1-based) where the record starts, 0 if there is none. */
    public long line() {
        return line;
    }

    /** Offset of the offending byte, -1 if unknown. */
    public long offset() {
        return offset;
    }

    /** The message without its place. */
    public String reason() {
        return reason;
    }

    private static String place(long line, long offset) {
        String lineText = line > 0 ? "line " + line : "";
        String offsetText = offset >= 0 ? "byte " + offset : "";
        String separator = lineText.isEmpty() || offsetText.isEmpty() ? "" : ", ";
        String place = lineText + separator + offsetText;
        return place.isEmpty() ? "" : place + ": ";
    }
}
