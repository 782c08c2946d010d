package io.evenstock.file;

import java.io.IOException;
import java.io.InputStream;
import java.util.function.Consumer;

/**
 * Reads a snapshot, a filtered Reset Inventory File or a frequent feed, row by row. A bad row is a reject and the others go
 * on; a file that is not RFC 4180 or UTF-8 is malformed as a whole. Values are taken as they stand: leading zeros and blanks
 * count. Whether a facility or product is known is not asked here.
 */
public final class SnapshotReader {

    /** Longest facility id, type or value, in UTF-16 units. */
    public static final int MAX_VALUE_CHARS = 255;

    private final Layout layout;
    private final CsvLimits limits;

    /** With the default limits. */
    public SnapshotReader(Layout layout) {
        this(layout, CsvLimits.DEFAULT);
    }

    public SnapshotReader(Layout layout, CsvLimits limits) {
        this.layout = layout;
        this.limits = limits;
    }

    /**
     * A valid row.
     *
     * @param line physical line (1-based) where it starts
     * @param facilityId external id, not blank, at most {@value SnapshotReader#MAX_VALUE_CHARS} characters
     * @param idType likewise
     * @param idValue likewise
     * @param quantity in units, may be negative
     */
    public record Row(long line, String facilityId, String idType, String idValue, int quantity) {}

    /**
     * Reads a whole stream and does not close it. Each row goes to one of the two; a file with a header only gives none.
     *
     * @param rows may have got rows already when this throws; they are worth nothing then
     * @throws IOException reading failed: worth a retry
     * @throws MalformedFileException not RFC 4180 or UTF-8, a needed column missing or twice, a limit exceeded
     */
    public void read(InputStream in, char delimiter, Consumer<Row> rows, Consumer<Reject> rejects)
            throws IOException, MalformedFileException {
        CsvRows csv = new CsvRows(in, delimiter, limits);
        SnapshotColumns columns = SnapshotColumns.of(layout, csv);
        while (csv.next()) {
            if (csv.isComplete()) {
                columns.take(csv, rows, rejects);
            } else {
                rejects.accept(new Reject(csv.line(), "", csv.shown(), csv.columnsFault()));
            }
        }
    }
}
