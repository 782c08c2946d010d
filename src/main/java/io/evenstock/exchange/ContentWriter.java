package io.evenstock.exchange;

import io.evenstock.file.MalformedFileException;
import java.io.IOException;
import java.io.OutputStream;

/** Writes a file's content. */
@FunctionalInterface
public interface ContentWriter {
    void write(OutputStream out) throws IOException, MalformedFileException;
}
