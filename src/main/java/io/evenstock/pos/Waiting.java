package io.evenstock.pos;

import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * A call whose adjustments wait for their commit.
 *
 * @param since when it began to wait, by {@link System#nanoTime}
 * @param answer completed once their fate is known, with an entry for each, in the order given
 */
record Waiting(List<Adjustment> adjustments, long since, CompletableFuture<List<Adjusted>> answer) {
    int size() {
        return adjustments.size();
    }

    /** One adjustment is answered in a few bytes; an array's reader may be slow. */
    boolean single() {
        return size() == 1;
    }
}
