package io.evenstock.pos;

import io.evenstock.http.Problem;
import io.evenstock.http.ProblemException;
import io.evenstock.observation.AdjustmentMetrics;
import io.evenstock.settings.Settings;
import jakarta.annotation.PostConstruct;
import jakarta.annotation.PreDestroy;
import jakarta.annotation.Resource;
import jakarta.enterprise.concurrent.ManagedThreadFactory;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** Where adjustments wait until the committer takes all that wait at once. Bounded by the number of adjustments. */
@ApplicationScoped
public class UpdateInventory {
    /** When a call that could not be taken, or was given up, may succeed. */
    static final long RETRY_AFTER_SECONDS = 5;

    /** An attempt that ends by itself is told as what it was. */
    private static final Duration BEYOND_PATIENCE = Duration.ofSeconds(1);

    private final BlockingQueue<Waiting> queue = new LinkedBlockingQueue<>();
    private final AtomicInteger waiting = new AtomicInteger();
    private volatile boolean open = true;

    @Inject
    Settings settings;

    @Inject
    AdjustmentMetrics metrics;

    @Resource
    ManagedThreadFactory threads;

    private ScheduledThreadPoolExecutor timeLimits;

    @PostConstruct
    void start() {
        timeLimits = new ScheduledThreadPoolExecutor(1, threads);
        // Nothing of a call that was answered is kept.
        timeLimits.setRemoveOnCancelPolicy(true);
    }

    @PreDestroy
    void stop() {
        timeLimits.shutdownNow();
    }

    /**
     * Lets the adjustments of a call wait.
     *
     * @return completed after the commit, with an entry for each in the order given; a database that stands still holds up no
     *     caller: what is told then is that nobody knows
     * @throws ProblemException 503 if too many wait already, or the server shuts down
     */
    CompletionStage<List<Adjusted>> apply(List<Adjustment> adjustments) {
        if (!open || waiting.get() >= settings.sales().queue()) {
            metrics.turnedAway(adjustments.size());
            throw new ProblemException(new Problem(
                    503,
                    "busy",
                    "Too many adjustments wait",
                    "Nothing was recorded by this call; try again under the same id",
                    null,
                    RETRY_AFTER_SECONDS));
        }
        Waiting call = new Waiting(adjustments, System.nanoTime(), new CompletableFuture<>());
        limit(call);
        waiting.addAndGet(call.size());
        queue.add(call);
        return call.answer();
    }

    private void limit(Waiting call) {
        Duration longest = settings.sales().patience().plus(BEYOND_PATIENCE);
        Future<?> late = timeLimits.schedule(
                () -> call.answer().complete(GroupCommit.notCommitted(call.adjustments(), longest)),
                longest.toMillis(),
                TimeUnit.MILLISECONDS);
        CompletionStage<List<Adjusted>> answer = call.answer();
        answer.whenComplete((adjusted, failure) -> late.cancel(false));
    }

    /** All that wait, up to the batch's size; empty if none comes within the time given. */
    List<Waiting> next(Duration atMost) throws InterruptedException {
        Waiting call = queue.poll(atMost.toMillis(), TimeUnit.MILLISECONDS);
        List<Waiting> batch = new ArrayList<>();
        int room = settings.sales().batch();
        while (call != null) {
            batch.add(call);
            room -= call.size();
            waiting.addAndGet(-call.size());
            call = fitting(room);
        }
        return batch;
    }

    private @Nullable Waiting fitting(int room) {
        Waiting next = queue.peek();
        return next == null || next.size() > room ? null : queue.poll();
    }

    /** How many adjustments wait. */
    public int waiting() {
        return waiting.get();
    }

    /** How many calls have a time limit still. */
    int limited() {
        return timeLimits.getQueue().size();
    }

    /** Whether it takes more: not once the server shuts down. */
    boolean open() {
        return open;
    }

    /** Takes nothing more; what waits is still handed out. */
    void close() {
        open = false;
    }
}
