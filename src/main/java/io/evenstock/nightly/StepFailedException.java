package io.evenstock.nightly;

/** A step cannot succeed as things stand; the message tells the operator why and what to do. */
final class StepFailedException extends Exception {
    private static final long serialVersionUID = 1L;

    StepFailedException(String reason) {
        super(reason);
    }
}
