package io.evenstock.file;

import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;

/**
 * The column in which every row of a snapshot tells its as-of, by RFC 3339. One file has one as-of: rows that differ make
 * it malformed. Rows with a wrong number of columns are passed over; they are rejects elsewhere.
 */
public final class AsOfColumn {
    private final String name;
    private final char delimiter;
    private final CsvLimits limits;

    public AsOfColumn(String name, char delimiter, CsvLimits limits) {
        this.name = name;
        this.delimiter = delimiter;
        this.limits = limits;
    }

    /** What the first row says; the rest of the stream is not read. */
    public Instant first(InputStream in) throws IOException, MalformedFileException {
        CsvRows csv = new CsvRows(in, delimiter, limits);
        int column = csv.indexesOf(name)[0];
        return next(csv, column);
    }

    /** What every row says; the stream is read to its end. */
    public Instant only(InputStream in) throws IOException, MalformedFileException {
        CsvRows csv = new CsvRows(in, delimiter, limits);
        int column = csv.indexesOf(name)[0];
        Instant asOf = next(csv, column);
        while (csv.next()) {
            if (csv.isComplete() && !moment(csv, column).equals(asOf)) {
                throw csv.malformed(name + " is " + csv.text(column) + " here, but " + asOf
                        + " in the rows before: a file has one as-of");
            }
        }
        return asOf;
    }

    private Instant next(CsvRows csv, int column) throws IOException, MalformedFileException {
        while (csv.next()) {
            if (csv.isComplete()) {
                return moment(csv, column);
            }
        }
        throw new MalformedFileException(1, -1, "there is a header, but no row that tells its " + name);
    }

    private Instant moment(CsvRows csv, int column) throws MalformedFileException {
        String text = csv.text(column);
        return Rfc3339.instant(text)
                .orElseThrow(() -> csv.malformed(
                        name + " must be a time like 2026-11-22T00:55:00Z, not " + text.replaceAll("\\p{Cntrl}", "?")));
    }
}
