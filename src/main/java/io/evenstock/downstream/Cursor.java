package io.evenstock.downstream;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How far a consumer has read: all versions up to {@code urgent} of the changes by sales and the like, up to {@code bulk} of
 * those by whole files. Written {@code 17-4}; opaque to consumers.
 */
public record Cursor(long urgent, long bulk) {
    /** Before everything. */
    public static final Cursor START = new Cursor(0, 0);

    private static final Pattern TEXT = Pattern.compile("([0-9]{1,18})(?:-([0-9]{1,18}))?");

    /** From its text; a single number counts for both. Empty: no cursor at all. */
    static Optional<Cursor> of(String text) {
        Matcher matcher = TEXT.matcher(text);
        if (!matcher.matches()) {
            return Optional.empty();
        }
        long urgent = Long.parseLong(matcher.group(1));
        return Optional.of(new Cursor(urgent, matcher.group(2) == null ? urgent : Long.parseLong(matcher.group(2))));
    }

    Cursor atLeast(Cursor other) {
        return new Cursor(Math.max(urgent, other.urgent), Math.max(bulk, other.bulk));
    }

    @Override
    public String toString() {
        return urgent + "-" + bulk;
    }
}
