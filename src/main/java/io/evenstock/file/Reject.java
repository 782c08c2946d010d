package io.evenstock.file;

/**
 * A row that was not taken.
 *
 * @param line physical line (1-based) where the row starts, 0 if it has none
 * @param column its column, empty if the whole row is meant
 * @param value what stood there; cut to {@value #MAX_VALUE_CHARS} characters and an ellipsis
 * @param reason what is wrong, for a person
 */
public record Reject(long line, String column, String value, String reason) {

    /** The longest value that is shown whole. */
    public static final int MAX_VALUE_CHARS = 255;

    /** Cuts a long value. */
    public Reject {
        value = cut(value);
    }

    private static String cut(String value) {
        if (value.length() <= MAX_VALUE_CHARS) {
            return value;
        }
        boolean splitsPair = Character.isHighSurrogate(value.charAt(MAX_VALUE_CHARS - 1));
        return value.substring(0, splitsPair ? MAX_VALUE_CHARS - 1 : MAX_VALUE_CHARS) + "…";
    }
}
