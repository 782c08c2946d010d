package io.evenstock.file;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;

/** Input and expected files, beside the tests. */
final class Golden {

    private Golden() {}

    static byte[] bytes(String name) throws IOException {
        try (InputStream in = Golden.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new FileNotFoundException(name);
            }
            return in.readAllBytes();
        }
    }
}
