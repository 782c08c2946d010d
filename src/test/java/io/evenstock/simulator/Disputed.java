package io.evenstock.simulator;

/** Undos whose outcome domain.md leaves open; a history can be made without them ({@link History.Options}). */
public enum Disputed {
    /**
     * A row skipped as stale when its file was applied (R10) becomes the newest one because the newer run is undone.
     * Decision: it counts, as "the figures are again what they would be without it" (R13), and a base is the
     * "greatest as-of among the applied runs".
     */
    SKIPPED_ROW_RETURNS,
    /**
     * A file was stale as a whole and would not have been without the run that is undone. Decision: it stays out,
     * since it was never applied.
     */
    STALE_FILE_STAYS_OUT,
    /**
     * A cycle was dropped (R3) because of the run that is undone. Decision: its lines are pending again and its
     * variance may be asked for, as "the figures are again what they would be without it" (R13).
     */
    DROPPED_VARIANCE_RETURNS
}
