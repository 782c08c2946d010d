package io.evenstock.file;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;

/** The inventory variance file: what the OMS shipped and Retail Pro had not acknowledged, one line a shipment item. */
public final class VarianceFile {

    /** Most lines that are read. */
    public static final int MAX_LINES = 1_000_000;

    private static final List<String> HEADER = List.of(
            "externalFacilityId",
            "idType",
            "idValue",
            "availableDelta",
            "varianceReasonId",
            "comments",
            "shipmentId",
            "shipmentItemSeqId");

    private VarianceFile() {}

    /**
     * A line of the file.
     *
     * @param availableDelta in units, negative for what was shipped
     */
    public record Line(
            String externalFacilityId,
            String idType,
            String idValue,
            int availableDelta,
            String varianceReasonId,
            String comments,
            String shipmentId,
            String shipmentItemSeqId) {}

    /**
     * Writes header and lines in the order given and flushes; the stream stays open.
     *
     * @throws IllegalArgumentException a value with NUL or half a surrogate pair
     */
    public static void write(OutputStream out, Iterable<Line> lines) throws IOException {
        CsvWriter csv = new CsvWriter(out);
        csv.write(HEADER);
        for (Line line : lines) {
            csv.write(values(line));
        }
        csv.flush();
    }

    /**
     * Reads all lines, columns in any order.
     *
     * @throws MalformedFileException a fault anywhere, or more than {@value #MAX_LINES} lines
     */
    public static List<Line> read(InputStream in) throws IOException, MalformedFileException {
        CsvRows csv = new CsvRows(in, ',', CsvLimits.DEFAULT);
        int[] columns = csv.indexesOf(HEADER);
        List<Line> lines = new ArrayList<>();
        while (csv.next()) {
            csv.requireComplete();
            if (lines.size() == MAX_LINES) {
                throw csv.malformed("more than " + MAX_LINES + " lines");
            }
            lines.add(line(csv, columns));
        }
        return lines;
    }

    private static List<String> values(Line line) {
        return List.of(
                line.externalFacilityId(),
                line.idType(),
                line.idValue(),
                Integer.toString(line.availableDelta()),
                line.varianceReasonId(),
                line.comments(),
                line.shipmentId(),
                line.shipmentItemSeqId());
    }

    private static Line line(CsvRows csv, int[] columns) throws MalformedFileException {
        String delta = csv.text(columns[3]);
        String fault = Quantity.fault(delta);
        if (fault != null) {
            throw csv.malformed("availableDelta: " + fault);
        }
        return new Line(
                csv.text(columns[0]),
                csv.text(columns[1]),
                csv.text(columns[2]),
                Quantity.value(delta),
                csv.text(columns[4]),
                csv.text(columns[5]),
                csv.text(columns[6]),
                csv.text(columns[7]));
    }
}
