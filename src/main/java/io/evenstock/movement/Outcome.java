package io.evenstock.movement;

/** What became of a movement that was told. */
public sealed interface Outcome {

    /** How a movement stands in the facts. */
    enum Status {
        /** It counts. */
        APPLIED,
        /** It is kept with effect 0: its pair's snapshot held it already (R5). */
        ABSORBED,
        /** It is kept until its product and facility are known (R11). */
        QUARANTINED
    }

    /**
     * It is a fact.
     *
     * @param status as it was first recorded
     * @param repeated whether it was recorded before and this was a repeat
     */
    record Recorded(long entryId, Status status, boolean repeated) implements Outcome {}

    /** Its id was recorded before with other content: refused (R8). */
    record Conflicting(long entryId) implements Outcome {}

    /** Its identification names several products: refused. */
    record Ambiguous() implements Outcome {}
}
