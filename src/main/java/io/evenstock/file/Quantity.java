package io.evenstock.file;

import org.jspecify.annotations.Nullable;

/**
 * The quantity of a row: {@code -?digits}, and only zeros behind a point ({@code -2}, {@code 3.000}), within an int. Nothing
 * is rounded, trimmed or guessed.
 */
final class Quantity {

    private Quantity() {}

    /** What is wrong with this text, null if it is a quantity. */
    static @Nullable String fault(String text) {
        if (text.isBlank()) {
            return "the quantity is blank";
        }
        int digits = text.charAt(0) == '-' ? 1 : 0;
        int point = digitsEnd(text, digits);
        if (point == digits) {
            return "not a number; digits, with a minus sign at most, are expected";
        }
        return point == text.length() ? rangeFault(text) : tailFault(text, point);
    }

    /** The value of a text without fault. */
    static int value(String text) {
        int point = text.indexOf('.');
        return Integer.parseInt(point < 0 ? text : text.substring(0, point));
    }

    private static @Nullable String tailFault(String text, int point) {
        if (text.charAt(point) != '.' || point + 1 == text.length()) {
            return unexpected(text.charAt(point));
        }
        int end = digitsEnd(text, point + 1);
        if (end < text.length()) {
            return unexpected(text.charAt(end));
        }
        boolean whole = text.chars().skip(point + 1L).allMatch(digit -> digit == '0');
        return whole ? rangeFault(text.substring(0, point)) : "a fraction; only whole units are counted";
    }

    private static String unexpected(char found) {
        return switch (found) {
            case ',' -> "a comma; thousands are not separated, a decimal point is a point";
            case 'e', 'E' -> "an exponent; the digits must be written out";
            case '.' -> "a point without digits behind it, or a second one";
            default ->
                Character.isDigit(found)
                        ? "digits other than 0 to 9"
                        : "a character that belongs to no number: " + shown(found);
        };
    }

    private static String shown(char found) {
        return found > ' ' && found < 0x7F ? String.valueOf(found) : "U+%04X".formatted((int) found);
    }

    private static @Nullable String rangeFault(String integer) {
        try {
            Integer.parseInt(integer);
            return null;
        } catch (NumberFormatException beyond) {
            return "beyond -2147483648 to 2147483647";
        }
    }

    private static int digitsEnd(String text, int from) {
        int at = from;
        while (at < text.length() && text.charAt(at) >= '0' && text.charAt(at) <= '9') {
            at++;
        }
        return at;
    }
}
