package io.evenstock.file;

/**
 * How much of a file is taken into memory at once.
 *
 * @param maxRecordBytes longest record in bytes, its line end included; 16 to 64 MiB
 * @param maxColumns most columns of a record; 1 to 100,000
 */
public record CsvLimits(int maxRecordBytes, int maxColumns) {

    /** 1 MiB a record, 1,000 columns. */
    public static final CsvLimits DEFAULT = new CsvLimits(1 << 20, 1_000);

    private static final int LEAST_RECORD_BYTES = 16;
    private static final int MOST_RECORD_BYTES = 64 << 20;
    private static final int MOST_COLUMNS = 100_000;

    /**
     * Checks the bounds.
     *
     * @throws IllegalArgumentException out of bounds
     */
    public CsvLimits {
        if (maxRecordBytes < LEAST_RECORD_BYTES || maxRecordBytes > MOST_RECORD_BYTES) {
            throw new IllegalArgumentException(
                    "maxRecordBytes must be 16 to " + MOST_RECORD_BYTES + ", not " + maxRecordBytes);
        }
        if (maxColumns < 1 || maxColumns > MOST_COLUMNS) {
            throw new IllegalArgumentException("maxColumns must be 1 to " + MOST_COLUMNS + ", not " + maxColumns);
        }
    }
}
