package io.evenstock.movement;

import org.jspecify.annotations.Nullable;

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
     * @param facilityKey null: in quarantine
     * @param productKey null: in quarantine
     */
    record Recorded(
            long entryId,
            Status status,
            boolean repeated,
            @Nullable Integer facilityKey,
            @Nullable Integer productKey) implements Outcome {}

    /** Its id was recorded before with other content: refused (R8). */
    record Conflicting(long entryId) implements Outcome {}

    /** Its identification names several products: refused. */
    record Ambiguous() implements Outcome {}

    /** The database refused it, alone: nothing was recorded, and a repeat will not help. The log has it under the id. */
    record Failed(String logId) implements Outcome {}

    /** The database did not answer in time: whether it was recorded is not known. A repeat under the same id tells. */
    record Unanswered(String logId) implements Outcome {}
}
