package io.evenstock.lab;

import java.io.IOException;
import java.io.OutputStream;

/** Where the sample is uploaded: to a server in this JVM, or to somebody's real one. */
interface Uploads {

    /** Writes a file's content to a stream and leaves it open. */
    @FunctionalInterface
    interface Content {
        void writeTo(OutputStream out) throws IOException;
    }

    /** Uploads under a temporary name and renames, so that nobody sees half a file. */
    void upload(String name, Content content) throws IOException;
}
