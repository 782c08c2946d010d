package io.evenstock.file;

import java.util.Map;

/** Where the keys stand in a file, and which are wanted. */
final class KeyColumns {

    private final int[] columns;
    private final Keys[] keys;

    private KeyColumns(int[] columns, Keys[] keys) {
        this.columns = columns;
        this.keys = keys;
    }

    static KeyColumns of(Header header, Map<String, Keys> keysByColumn) throws MalformedFileException {
        int[] columns = new int[keysByColumn.size()];
        Keys[] keys = new Keys[columns.length];
        int index = 0;
        for (Map.Entry<String, Keys> entry : keysByColumn.entrySet()) {
            columns[index] = header.indexOf(entry.getKey());
            keys[index++] = entry.getValue();
        }
        return new KeyColumns(columns, keys);
    }

    /** Whether any key column of the record has one of its keys. */
    boolean match(Records records) {
        for (int index = 0; index < columns.length; index++) {
            if (records.isIn(keys[index], columns[index])) {
                return true;
            }
        }
        return false;
    }
}
