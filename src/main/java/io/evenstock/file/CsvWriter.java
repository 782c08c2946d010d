package io.evenstock.file;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.CharsetEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * Writes rows by RFC 4180, UTF-8, with LF line ends; a value is quoted only where a comma, quote, CR or LF makes it needed.
 * The same rows are the same bytes everywhere.
 */
final class CsvWriter {

    private final OutputStream out;
    private final CharsetEncoder encoder = StandardCharsets.UTF_8.newEncoder();
    private final StringBuilder row = new StringBuilder();

    /** The stream must be flushed by {@link #flush()}; it is not closed. */
    CsvWriter(OutputStream out) {
        this.out = new BufferedOutputStream(out);
    }

    /** @throws IllegalArgumentException a value with NUL or half a surrogate pair, which no reader would take */
    void write(List<String> values) throws IOException {
        row.setLength(0);
        String separator = "";
        for (String value : values) {
            row.append(separator).append(quoted(value));
            separator = ",";
        }
        out.write(encoded(row.append('\n').toString()));
    }

    void flush() throws IOException {
        out.flush();
    }

    private static String quoted(String value) {
        boolean needed = value.chars().anyMatch(c -> c == ',' || c == '"' || c == '\r' || c == '\n');
        return needed ? '"' + value.replace("\"", "\"\"") + '"' : value;
    }

    private byte[] encoded(String text) {
        if (text.indexOf('\0') >= 0 || !encoder.canEncode(text)) {
            throw new IllegalArgumentException("NUL or half a surrogate pair in " + text);
        }
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
