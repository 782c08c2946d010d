package io.evenstock.file;

/**
 * What a run of the filter saw. The header and blank lines are not counted: {@code read = kept + dropped + refused}.
 *
 * @param bytes bytes read, header included
 * @param read data records read
 * @param kept records written
 * @param dropped records without a wanted key
 * @param refused records with the wrong number of columns
 */
public record FilterCounts(long bytes, long read, long kept, long dropped, long refused) {

    /**
     * Checks the sum.
     *
     * @throws IllegalArgumentException it does not hold
     */
    public FilterCounts {
        if (read != kept + dropped + refused) {
            throw new IllegalArgumentException(
                    "%d read is not %d kept + %d dropped + %d refused".formatted(read, kept, dropped, refused));
        }
    }
}
