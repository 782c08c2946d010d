package io.evenstock.lab;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** Copies of a server's own folders, one for each node. */
final class Folders {
    private Folders() {}

    /** Copies a file, or a folder with all that is in it, to where nothing is yet. */
    static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> all = Files.walk(from)) {
            all.forEach(each -> copyOne(each, to.resolve(from.relativize(each).toString())));
        } catch (UncheckedIOException failure) {
            throw failure.getCause();
        }
    }

    private static void copyOne(Path from, Path to) {
        try {
            Files.copy(from, to);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}
