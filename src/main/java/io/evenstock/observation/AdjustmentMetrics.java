package io.evenstock.observation;

import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.Histogram;
import jakarta.annotation.PostConstruct;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.context.Initialized;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import java.util.List;
import java.util.function.IntSupplier;

/** What becomes of adjustments on this node: outcomes, batches, the time a commit takes, the queue. */
@ApplicationScoped
public class AdjustmentMetrics {
    private static final double NANOS = 1e9;

    private static final List<String> STATUSES = List.of("APPLIED", "ABSORBED", "QUARANTINED", "REPEATED", "REFUSED");

    @Inject
    Metrics metrics;

    private Counter outcomes;
    private Counter turnedAway;
    private Histogram batches;
    private Histogram commits;
    private volatile IntSupplier queue = () -> 0;

    /** At the start, so that what has not happened yet is told as 0. */
    void start(@Observes @Initialized(ApplicationScoped.class) Object application) {
        STATUSES.forEach(outcomes::initLabelValues);
    }

    @PostConstruct
    void register() {
        outcomes = metrics.counter("evenstock_adjustments", "Adjustments answered, by outcome", "outcome");
        turnedAway = metrics.counter("evenstock_adjustments_turned_away", "Adjustments that found the queue full");
        batches = metrics.sizes("evenstock_batch_adjustments", "Adjustments in one transaction");
        commits = metrics.seconds("evenstock_commit", "From the begin of a batch's transaction to its commit");
        metrics.gauge("evenstock_queue_adjustments", "Adjustments that wait", () -> queue.getAsInt());
    }

    /** An adjustment was answered with this status. */
    public void answered(String status) {
        outcomes.labelValues(status).inc();
    }

    /** Adjustments found the queue full. */
    public void turnedAway(int adjustments) {
        turnedAway.inc(adjustments);
    }

    /** A batch was committed. */
    public void committed(int adjustments, long nanos) {
        batches.observe(adjustments);
        commits.observe(nanos / NANOS);
    }

    /** How many wait is asked here from now on. */
    public void queue(IntSupplier waiting) {
        queue = waiting;
    }
}
