package io.evenstock.file;

import java.io.IOException;
import java.io.InputStream;
import java.util.List;

/** The rows of a small file as text: each is checked to be UTF-8 and to have the header's number of columns. */
final class CsvRows {

    private final Records records;
    private final Header header;

    /** Reads the header. */
    CsvRows(InputStream in, char delimiter, CsvLimits limits) throws IOException, MalformedFileException {
        records = new Records(in, delimiter, limits);
        records.byteOrderMark();
        header = Header.of(records);
    }

    /** Whether the header has all of these columns. */
    boolean hasAll(List<String> columns) {
        return columns.stream().allMatch(header::has);
    }

    String shownHeader() {
        return header.shown();
    }

    int[] indexesOf(String column) throws MalformedFileException {
        return indexesOf(List.of(column));
    }

    /** Indexes of these columns. To be called before the first row is read. */
    int[] indexesOf(List<String> columns) throws MalformedFileException {
        int[] indexes = new int[columns.size()];
        for (int index = 0; index < indexes.length; index++) {
            indexes[index] = header.indexOf(columns.get(index));
        }
        return indexes;
    }

    boolean next() throws IOException, MalformedFileException {
        if (!records.next()) {
            return false;
        }
        records.checkUtf8();
        return true;
    }

    /** Whether the row has as many columns as the header; only then may its values be asked for. */
    boolean isComplete() {
        return records.columns() == header.size();
    }

    /** What to say of a row that is not complete. */
    String columnsFault() {
        return records.columns() + " columns where the header has " + header.size();
    }

    /** @throws MalformedFileException the row is not complete */
    void requireComplete() throws MalformedFileException {
        if (!isComplete()) {
            throw malformed(columnsFault());
        }
    }

    String text(int column) {
        return records.text(column);
    }

    long line() {
        return records.line();
    }

    /** The row as it stands in the file, its beginning at least. */
    String shown() {
        return records.shown();
    }

    MalformedFileException malformed(String reason) {
        return records.malformed(reason);
    }
}
