package io.evenstock.file;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * RFC 4180 as plainly as it can be said, a character at a time: what the fast scanner must agree with. A character stands for
 * a byte.
 */
final class Reference {

    /** A record that is not blank: all its characters with the line end, its values, its line. */
    record Rec(String raw, List<String> values, long line) {}

    private final String document;
    private final char delimiter;
    private final List<Rec> records = new ArrayList<>();
    private List<String> values = new ArrayList<>();
    private int at;

    private Reference(String document, char delimiter) {
        this.document = document;
        this.delimiter = delimiter;
    }

    /** The records, empty if the document is malformed. */
    static Optional<List<Rec>> parse(String document, char delimiter) {
        Reference reference = new Reference(document, delimiter);
        return reference.parsed() ? Optional.of(reference.records) : Optional.empty();
    }

    private boolean parsed() {
        while (at < document.length()) {
            int start = at;
            values = new ArrayList<>();
            do {
                if (!field()) {
                    return false;
                }
            } while (taken(delimiter));
            int content = at;
            if (!lineEnd()) {
                return false;
            }
            if (content > start) {
                long line = 1
                        + document.substring(0, start)
                                .chars()
                                .filter(c -> c == '\n')
                                .count();
                records.add(new Rec(document.substring(start, at), values, line));
            }
        }
        return true;
    }

    private boolean field() {
        StringBuilder value = new StringBuilder();
        if (!taken('"')) {
            while (at < document.length() && isPlain(document.charAt(at))) {
                value.append(document.charAt(at++));
            }
            values.add(value.toString());
            return true;
        }
        while (at < document.length() && document.charAt(at) != '\0') {
            if (!taken('"')) {
                value.append(document.charAt(at++));
            } else if (taken('"')) {
                value.append('"');
            } else {
                values.add(value.toString());
                return true;
            }
        }
        return false;
    }

    private boolean isPlain(char c) {
        return c != delimiter && c != '"' && c != '\r' && c != '\n' && c != '\0';
    }

    private boolean lineEnd() {
        return at == document.length() || taken('\n') || (taken('\r') && taken('\n'));
    }

    private boolean taken(char expected) {
        boolean there = at < document.length() && document.charAt(at) == expected;
        at += there ? 1 : 0;
        return there;
    }
}
