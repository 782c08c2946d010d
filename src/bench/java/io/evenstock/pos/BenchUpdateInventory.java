package io.evenstock.pos;

import io.evenstock.movement.Outcome;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Specializes;
import jakarta.inject.Inject;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Other ends behind the same call, with the same keys, reading, checking and answering: a sale's reason chooses its end.
 * Added to the WAR by the benchmark only.
 */
@Specializes
@ApplicationScoped
public class BenchUpdateInventory extends UpdateInventory {
    /** The server's own ceiling: no database. */
    public static final String NOTHING = "BENCH_NOTHING";

    /** One transaction a request, in the request's thread. */
    public static final String ONE = "BENCH_ONE";

    private static final long PATIENCE_NANOS = 10_000_000_000L;

    @Inject
    GroupCommit groupCommit;

    @Override
    CompletionStage<List<Adjusted>> apply(List<Adjustment> adjustments) {
        return switch (adjustments.get(0).movement().reason()) {
            case NOTHING ->
                CompletableFuture.completedFuture(adjustments.stream()
                        .map(each -> new Adjusted(new Outcome.Recorded(1, Outcome.Status.APPLIED, false, 1, 1), null))
                        .toList());
            case ONE ->
                CompletableFuture.completedFuture(groupCommit.commit(adjustments, System.nanoTime() + PATIENCE_NANOS));
            default -> super.apply(adjustments);
        };
    }
}
