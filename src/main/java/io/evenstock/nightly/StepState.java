package io.evenstock.nightly;

/** Where a step stands. */
public enum StepState {
    /** Its time has not come. */
    PLANNED,
    /** It was asked for and waits; the reason says for what. */
    WAITING,
    /** A node has claimed it. */
    RUNNING,
    /** An operator must decide. */
    HELD,
    DONE,
    /** It changed nothing; the reason says why. */
    FAILED,
    /** A newer run left it nothing to do. */
    DROPPED
}
