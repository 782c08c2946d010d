package io.evenstock.settings;

import java.util.Arrays;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Patterns of file names: globs, separated by commas, with {@code *} for any characters and {@code ?} for one, case not
 * counting; or, behind {@code regex:}, one regular expression for the whole name.
 */
final class NamePattern {
    private static final String REGEX = "regex:";

    private NamePattern() {}

    /** @throws IllegalArgumentException no pattern, or no regular expression */
    static Pattern of(String text) {
        if (text.startsWith(REGEX)) {
            return Pattern.compile(text.substring(REGEX.length()));
        }
        String regex = Arrays.stream(text.split(",", -1))
                .map(String::strip)
                .map(NamePattern::regex)
                .collect(Collectors.joining("|"));
        return Pattern.compile(regex, Pattern.CASE_INSENSITIVE | Pattern.UNICODE_CASE);
    }

    private static String regex(String glob) {
        if (glob.isEmpty()) {
            throw new IllegalArgumentException("an empty pattern");
        }
        return glob.codePoints()
                .mapToObj(c -> c == '*' ? ".*" : c == '?' ? "." : Pattern.quote(Character.toString(c)))
                .collect(Collectors.joining());
    }
}
