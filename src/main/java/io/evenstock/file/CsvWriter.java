package io.evenstock.file;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.CharsetEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.QuoteMode;

/**
 * Writes rows by RFC 4180, UTF-8, with LF line ends; a value is quoted where that is needed.
 * The same rows are the same bytes everywhere.
 */
final class CsvWriter {

    private static final CSVFormat FORMAT =
            CSVFormat.RFC4180.builder().setQuoteMode(QuoteMode.MINIMAL).get();

    private final OutputStream out;
    private final CharsetEncoder encoder = StandardCharsets.UTF_8.newEncoder();

    /** The stream must be flushed by {@link #flush()}; it is not closed. */
    CsvWriter(OutputStream out) {
        this.out = new BufferedOutputStream(out);
    }

    /** @throws IllegalArgumentException a value with NUL or half a surrogate pair, which no reader would take */
    void write(List<String> values) throws IOException {
        out.write(encoded(FORMAT.format(values.toArray()) + '\n'));
    }

    void flush() throws IOException {
        out.flush();
    }

    private byte[] encoded(String text) {
        if (text.indexOf('\0') >= 0 || !encoder.canEncode(text)) {
            throw new IllegalArgumentException("NUL or half a surrogate pair in " + text);
        }
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
