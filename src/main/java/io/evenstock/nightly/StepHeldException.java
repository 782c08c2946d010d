package io.evenstock.nightly;

/** A step must wait for an operator's decision on its run; nothing was changed. */
final class StepHeldException extends Exception {
    private static final long serialVersionUID = 1L;

    private final long runId;

    StepHeldException(long runId, String reason) {
        super(reason);
        this.runId = runId;
    }

    long runId() {
        return runId;
    }
}
