package io.evenstock.file;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * The rows of a file that were not taken, for a person with a spreadsheet: a cell that it would take for a formula gets an
 * apostrophe in front.
 */
public final class RejectsFile {

    private static final List<String> HEADER = List.of("line", "column", "value", "reason");
    private static final String FORMULA_STARTS = "=+-@\t\r\n";

    private RejectsFile() {}

    /** Writes header and rejects in the order given and flushes; the stream stays open. */
    public static void write(OutputStream out, Iterable<Reject> rejects) throws IOException {
        CsvWriter csv = new CsvWriter(out);
        csv.write(HEADER);
        for (Reject reject : rejects) {
            csv.write(List.of(
                    Long.toString(reject.line()), cell(reject.column()), cell(reject.value()), cell(reject.reason())));
        }
        csv.flush();
    }

    private static String cell(String value) {
        String writable = new String(value.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8).replace('\0', '?');
        boolean formula = !writable.isEmpty() && FORMULA_STARTS.indexOf(writable.charAt(0)) >= 0;
        return formula ? "'" + writable : writable;
    }
}
