package io.evenstock.nightly;

import java.io.IOException;

/** The night's file has not arrived; it may be late. */
final class NoFileException extends IOException {
    private static final long serialVersionUID = 1L;

    NoFileException(String reason) {
        super(reason);
    }
}
