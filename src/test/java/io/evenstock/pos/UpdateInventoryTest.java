package io.evenstock.pos;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import io.evenstock.movement.Movement;
import io.evenstock.movement.Outcome;
import io.evenstock.settings.SettingsReader;
import jakarta.enterprise.concurrent.ManagedThreadFactory;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.ForkJoinWorkerThread;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class UpdateInventoryTest {
    private static final Adjustment SALE = new Adjustment(
            Movement.told("F", "UPCA", "1", -1, "POS_SALE", null, "sale", null, null, null, Instant.EPOCH), true);

    private final UpdateInventory sales = sales();

    @SuppressWarnings("UnnecessaryAssignment") // no container is here to inject
    private static UpdateInventory sales() {
        Map<String, String> settings = Map.of("evenstock.sales.patience", "PT0.1S");
        UpdateInventory made = new UpdateInventory();
        made.settings = new SettingsReader(name -> Optional.ofNullable(settings.get(name))).read();
        made.threads = new Threads();
        made.start();
        return made;
    }

    @AfterEach
    void end() {
        sales.stop();
    }

    /** The database stands still, and the committer with it. */
    @Test
    void whoWaitsForACommitThatDoesNotEndIsToldThatNobodyKnows() throws InterruptedException {
        var answer = sales.apply(List.of(SALE, SALE)).toCompletableFuture();
        assertEquals(1, sales.next(Duration.ofSeconds(1)).size(), "the committer has taken it");

        assertEquals(2, answer.join().size());
        for (Adjusted each : answer.join()) {
            assertInstanceOf(Outcome.Unanswered.class, each.outcome());
        }
    }

    @Test
    void nothingIsKeptOfACallThatWasAnswered() throws InterruptedException {
        sales.apply(List.of(SALE));
        assertEquals(1, sales.limited());
        sales.next(Duration.ofSeconds(1)).get(0).answer().complete(List.of());
        assertEquals(0, sales.limited());
    }

    private static final class Threads implements ManagedThreadFactory {
        @Override
        public Thread newThread(Runnable work) {
            return new Thread(work, "time limits");
        }

        @Override
        public ForkJoinWorkerThread newThread(ForkJoinPool pool) {
            throw new UnsupportedOperationException();
        }
    }
}
