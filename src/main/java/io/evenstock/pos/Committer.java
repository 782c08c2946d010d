package io.evenstock.pos;

import io.evenstock.database.Migration;
import io.evenstock.movement.Outcome;
import io.evenstock.observation.AdjustmentMetrics;
import io.evenstock.settings.Settings;
import jakarta.annotation.PostConstruct;
import jakarta.annotation.PreDestroy;
import jakarta.annotation.Resource;
import jakarta.ejb.ConcurrencyManagement;
import jakarta.ejb.ConcurrencyManagementType;
import jakarta.ejb.DependsOn;
import jakarta.ejb.Singleton;
import jakarta.ejb.Startup;
import jakarta.ejb.TransactionManagement;
import jakarta.ejb.TransactionManagementType;
import jakarta.enterprise.concurrent.ManagedExecutorService;
import jakarta.enterprise.concurrent.ManagedThreadFactory;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * The one thread of a node that commits adjustments: it takes all that wait, commits them together and has them
 * answered by other threads while it commits the next. At shutdown it first commits what waits.
 */
@Startup
@Singleton
@DependsOn(Migration.NAME)
@TransactionManagement(TransactionManagementType.BEAN)
@ConcurrencyManagement(ConcurrencyManagementType.BEAN)
public class Committer {
    private static final Logger LOG = Logger.getLogger(Committer.class.getName());
    private static final Duration LOOK = Duration.ofMillis(200);
    private static final int DRAIN_SECONDS = 30;

    private final CountDownLatch stopped = new CountDownLatch(1);
    private volatile boolean running = true;

    @Inject
    UpdateInventory updateInventory;

    @Inject
    GroupCommit groupCommit;

    @Inject
    Settings settings;

    @Inject
    AdjustmentMetrics metrics;

    @Resource
    ManagedThreadFactory threads;

    @Resource
    ManagedExecutorService answerers;

    @PostConstruct
    void start() {
        metrics.queue(updateInventory::waiting);
        Thread thread = threads.newThread(this::run);
        thread.setName("evenstock-committer");
        thread.start();
    }

    @PreDestroy
    void stop() {
        updateInventory.close();
        running = false;
        try {
            if (!stopped.await(DRAIN_SECONDS, TimeUnit.SECONDS)) {
                LOG.severe(updateInventory.waiting() + " adjustments were not committed before the shutdown");
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void run() {
        try {
            boolean idle = false;
            while (running || !idle) {
                idle = commitNext();
            }
        } catch (InterruptedException interrupted) {
            LOG.log(Level.SEVERE, "The committer was interrupted: this node records no more adjustments", interrupted);
        } finally {
            updateInventory.close();
            stopped.countDown();
        }
    }

    /** Whatever fails, the next batch has its turn: those whose call was lost are told so by its time limit. */
    private boolean commitNext() throws InterruptedException {
        try {
            List<Waiting> batch = updateInventory.next(LOOK);
            if (!batch.isEmpty()) {
                commit(batch);
            }
            return batch.isEmpty();
        } catch (RuntimeException | Error failure) {
            LOG.log(Level.SEVERE, "A batch of adjustments failed", failure);
            return true;
        }
    }

    private void commit(List<Waiting> batch) {
        List<Adjustment> adjustments = new ArrayList<>();
        batch.forEach(call -> adjustments.addAll(call.adjustments()));
        long begun = System.nanoTime();
        try {
            List<Adjusted> adjusted = groupCommit.commit(adjustments, deadline(batch));
            metrics.committed(adjusted.size(), System.nanoTime() - begun);
            adjusted.forEach(each -> metrics.answered(status(each.outcome())));
            answer(batch, adjusted);
        } catch (RuntimeException | Error failure) {
            batch.forEach(call -> call.answer().completeExceptionally(failure));
            LOG.log(Level.SEVERE, "A batch of " + adjustments.size() + " adjustments failed", failure);
        }
    }

    private static String status(Outcome outcome) {
        if (outcome instanceof Outcome.Recorded recorded) {
            return recorded.repeated() ? "REPEATED" : recorded.status().name();
        }
        return "REFUSED";
    }

    private long deadline(List<Waiting> batch) {
        return batch.get(batch.size() - 1).since() + settings.sales().patience().toNanos();
    }

    /** Single ones by one task, arrays by one each: whoever reads his answer slowly makes nobody else wait. */
    private void answer(List<Waiting> batch, List<Adjusted> adjusted) {
        List<Runnable> singles = new ArrayList<>();
        int next = 0;
        for (Waiting call : batch) {
            List<Adjusted> its = List.copyOf(adjusted.subList(next, next + call.size()));
            next += call.size();
            if (call.single()) {
                singles.add(() -> call.answer().complete(its));
            } else {
                execute(() -> call.answer().complete(its));
            }
        }
        if (!singles.isEmpty()) {
            execute(() -> singles.forEach(Runnable::run));
        }
    }

    private void execute(Runnable answers) {
        try {
            answerers.execute(answers);
        } catch (RejectedExecutionException | IllegalStateException shuttingDown) {
            answers.run();
        }
    }
}
