package io.evenstock.file;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.List;
import java.util.function.Consumer;

/** The list of active products: what is sold online, by each of its identifications. */
public final class ActiveListFile {

    private static final List<String> HEADER = List.of("productId", "idType", "idValue");

    private ActiveListFile() {}

    /** One identification of an active product. */
    public record Entry(String productId, String idType, String idValue) {}

    /**
     * Writes header and entries in the order given and flushes; the stream stays open.
     *
     * @throws IllegalArgumentException a value with NUL or half a surrogate pair
     */
    public static void write(OutputStream out, Iterable<Entry> entries) throws IOException {
        CsvWriter csv = new CsvWriter(out);
        csv.write(HEADER);
        for (Entry entry : entries) {
            csv.write(List.of(entry.productId(), entry.idType(), entry.idValue()));
        }
        csv.flush();
    }

    /**
     * Reads entry by entry, columns in any order.
     *
     * @param entries may have got entries already when this throws; they are worth nothing then
     * @throws MalformedFileException a fault anywhere; a blank value is one
     */
    public static void read(InputStream in, Consumer<Entry> entries) throws IOException, MalformedFileException {
        CsvRows csv = new CsvRows(in, ',', CsvLimits.DEFAULT);
        int[] columns = csv.indexesOf(HEADER);
        while (csv.next()) {
            csv.requireComplete();
            entries.accept(new Entry(value(csv, columns, 0), value(csv, columns, 1), value(csv, columns, 2)));
        }
    }

    private static String value(CsvRows csv, int[] columns, int index) throws MalformedFileException {
        String value = csv.text(columns[index]);
        if (value.isBlank()) {
            throw csv.malformed("a blank " + HEADER.get(index));
        }
        return value;
    }
}
