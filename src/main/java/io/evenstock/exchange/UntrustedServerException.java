package io.evenstock.exchange;

import java.io.IOException;

/**
 * The server has not shown the host key it is known by: no credential was sent. Trying again does not help in safety; a
 * person must look.
 */
public final class UntrustedServerException extends IOException {
    private static final long serialVersionUID = 1L;

    UntrustedServerException(String reason, Throwable cause) {
        super(reason, cause);
    }
}
