package io.evenstock.catalog;

import jakarta.ejb.ApplicationException;

/** An identification names several products; which is meant is never guessed. */
@ApplicationException(rollback = true)
public final class AmbiguousException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public AmbiguousException(Identification identification) {
        super(identification + " names several products");
    }
}
