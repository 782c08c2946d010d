package io.evenstock.observation;

import org.jspecify.annotations.Nullable;

/**
 * A line of the log as {@code event key=value …} (logfmt): to be read by people and programs. Values are quoted where
 * needed, and control characters escaped, so that nothing from outside can begin a line of its own.
 */
public final class LogLine {
    private final StringBuilder line;

    private LogLine(String event) {
        this.line = new StringBuilder(event);
    }

    /** A line about an event, named in one word. */
    public static LogLine of(String event) {
        return new LogLine(event);
    }

    /** Adds a value; null is left out. */
    public LogLine with(String key, @Nullable Object value) {
        if (value != null) {
            line.append(' ').append(key).append('=');
            append(value.toString());
        }
        return this;
    }

    private void append(String value) {
        if (!value.isEmpty() && value.chars().allMatch(LogLine::plain)) {
            line.append(value);
            return;
        }
        line.append('"');
        value.codePoints().forEach(this::escaped);
        line.append('"');
    }

    private static boolean plain(int c) {
        return c > ' ' && c < 127 && c != '"' && c != '=' && c != '\\';
    }

    private void escaped(int c) {
        if (c == '"' || c == '\\') {
            line.append('\\').append((char) c);
        } else if (Character.isISOControl(c) || breaksLine(c) || Character.getType(c) == Character.SURROGATE) {
            line.append("\\u{").append(Integer.toHexString(c)).append('}');
        } else {
            line.appendCodePoint(c);
        }
    }

    /** Unicode's own line ends, and what turns the direction of writing. */
    private static boolean breaksLine(int c) {
        return c == 0x2028 || c == 0x2029 || Character.getType(c) == Character.FORMAT;
    }

    @Override
    public String toString() {
        return line.toString();
    }
}
