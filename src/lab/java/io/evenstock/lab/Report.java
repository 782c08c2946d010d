package io.evenstock.lab;

import java.io.IOException;
import java.io.PrintStream;
import java.util.Locale;

/** What the person at the terminal sees: plain ASCII, aligned, one line a thing. */
final class Report {

    /** Something that takes a while and ends with a word about it. */
    @FunctionalInterface
    interface Work {
        String done() throws IOException;
    }

    private final PrintStream out;

    Report(PrintStream out) {
        this.out = out;
    }

    /** A heading, after an empty line. */
    void heading(String text) {
        out.println();
        line(text);
    }

    void line(String text) {
        out.println(text);
        out.flush();
    }

    /** Begins a line that is continued bit by bit. */
    void begin(String text) {
        out.print(text);
        out.flush();
    }

    /** An aligned name and what there is to say about it. */
    void item(String name, String text) {
        line("  %-11s %s".formatted(name, text));
    }

    /** Does the work and says what came of it and how long it took. */
    void timed(String name, Work work) throws IOException {
        begin("  %-11s ".formatted(name));
        long start = System.nanoTime();
        try {
            String text = work.done();
            line("%-76s %7.1f s".formatted(text, (System.nanoTime() - start) / 1e9));
        } catch (IOException | RuntimeException e) {
            line("failed");
            throw e;
        }
    }

    /** For example {@code 3,500,000}. */
    static String grouped(long number) {
        return String.format(Locale.ROOT, "%,d", number);
    }

    /** For example {@code 299.5 MB}. */
    static String size(long bytes) {
        if (bytes < 1_000) {
            return bytes + " B";
        }
        return bytes < 1_000_000
                ? String.format(Locale.ROOT, "%.1f kB", bytes / 1e3)
                : String.format(Locale.ROOT, "%.1f MB", bytes / 1e6);
    }
}
