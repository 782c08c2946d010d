package io.evenstock.nightly;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a step has done, to be made lasting.
 *
 * @param rows read
 * @param kept of them kept (filter), applied (reset), or recorded (variance)
 * @param rejects of them refused
 * @param remark what else should be known; null: nothing
 * @param files read and written
 * @param effect its effect on the figures, carried out in the very transaction that marks the step done
 * @param afterwards tidies up after the commit; may fail without harm
 */
record StepResult(
        @Nullable Long runId,
        long rows,
        long kept,
        long rejects,
        long bytes,
        @Nullable String remark,
        List<CycleFile> files,
        Runnable effect,
        Afterwards afterwards) {
    StepResult {
        files = List.copyOf(files);
    }
}
