package io.evenstock.exchange;

import java.io.IOException;

/** A file is still being uploaded, or was replaced while it was read: nothing is wrong, it is looked at again later. */
public final class IncompleteException extends IOException {
    private static final long serialVersionUID = 1L;

    IncompleteException(String reason) {
        super(reason);
    }
}
