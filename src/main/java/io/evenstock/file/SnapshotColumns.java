package io.evenstock.file;

import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Makes rows of a file's columns, as its layout says. The last column is the quantity, those before it are texts. */
final class SnapshotColumns {

    private final Layout layout;
    private final List<String> names;
    private final int[] indexes;

    private SnapshotColumns(Layout layout, List<String> names, int[] indexes) {
        this.layout = layout;
        this.names = names;
        this.indexes = indexes;
    }

    static SnapshotColumns of(Layout layout, CsvRows csv) throws MalformedFileException {
        List<String> names = names(layout);
        return new SnapshotColumns(layout, names, csv.indexesOf(names));
    }

    /** Gives the current row, or its first fault, to the one of the two that it is for. */
    void take(CsvRows csv, Consumer<SnapshotReader.Row> rows, Consumer<Reject> rejects) {
        String[] values = new String[indexes.length];
        for (int index = 0; index < values.length; index++) {
            values[index] = csv.text(indexes[index]);
            String fault = fault(index, values[index]);
            if (fault != null) {
                rejects.accept(new Reject(csv.line(), names.get(index), values[index], fault));
                return;
            }
        }
        SnapshotReader.Row row = row(csv.line(), values);
        if (row.facilityId().length() > SnapshotReader.MAX_VALUE_CHARS) {
            rejects.accept(new Reject(csv.line(), names.get(0), row.facilityId(), tooLong()));
            return;
        }
        rows.accept(row);
    }

    static List<String> names(Layout layout) {
        if (layout instanceof Layout.RetailPro retailPro) {
            return List.of(
                    retailPro.subsidiaryColumn(),
                    retailPro.storeColumn(),
                    retailPro.idColumn(),
                    retailPro.quantityColumn());
        }
        return List.of("externalFacilityId", "idType", "idValue", "availableQty");
    }

    private SnapshotReader.Row row(long line, String[] values) {
        int quantity = Quantity.value(values[3]);
        return layout instanceof Layout.RetailPro retailPro
                ? new SnapshotReader.Row(line, values[0] + '-' + values[1], retailPro.idType(), values[2], quantity)
                : new SnapshotReader.Row(line, values[0], values[1], values[2], quantity);
    }

    private @Nullable String fault(int index, String value) {
        if (index == names.size() - 1) {
            return Quantity.fault(value);
        }
        if (value.isBlank()) {
            return "blank";
        }
        if (index == 0 && layout instanceof Layout.RetailPro && value.indexOf('-') >= 0) {
            return "a subsidiary number with a hyphen would make two stores one facility";
        }
        return value.length() > SnapshotReader.MAX_VALUE_CHARS ? tooLong() : null;
    }

    private static String tooLong() {
        return "longer than " + SnapshotReader.MAX_VALUE_CHARS + " characters";
    }
}
