package io.evenstock.file;

import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.stream.Collectors;

/** Which of several layouts a file has: the one whose columns its header names. Never a guess. */
public final class LayoutRecognition {
    private LayoutRecognition() {}

    /**
     * Reads the header only.
     *
     * @throws MalformedFileException the columns of none of the layouts are there, or those of several
     */
    public static Layout of(InputStream in, char delimiter, CsvLimits limits, List<Layout> known)
            throws IOException, MalformedFileException {
        CsvRows csv = new CsvRows(in, delimiter, limits);
        List<Layout> fitting = known.stream()
                .filter(layout -> csv.hasAll(SnapshotColumns.names(layout)))
                .toList();
        if (fitting.size() == 1) {
            return fitting.get(0);
        }
        String all = known.stream()
                .map(layout -> String.join(", ", SnapshotColumns.names(layout)))
                .collect(Collectors.joining(" or "));
        throw csv.malformed((fitting.isEmpty() ? "one of these must be there: " : "only one of these may be there: ")
                + all + "; found " + csv.shownHeader());
    }
}
