package io.evenstock.downstream;

import io.evenstock.database.DatabaseException;
import io.evenstock.database.Sql;
import io.evenstock.observation.Metrics;
import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.GaugeWithCallback;
import io.prometheus.metrics.core.metrics.Histogram;
import jakarta.annotation.PostConstruct;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.context.Initialized;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import java.util.function.ToDoubleFunction;

/** What this node published and sent; and what waits, of all nodes, asked of the database when the metrics are. */
@ApplicationScoped
class DownstreamMetrics {
    private static final double NANOS = 1e9;

    @Inject
    Metrics metrics;

    @Inject
    DownstreamStatus status;

    @Inject
    Sql sql;

    private Counter published;
    private Counter messages;
    private Counter told;
    private Histogram sending;

    /** At the start, so that what has not happened yet is told as 0. */
    void start(@Observes @Initialized(ApplicationScoped.class) Object application) {
        messages.initLabelValues("taken");
        messages.initLabelValues("failed");
    }

    @PostConstruct
    void register() {
        published = metrics.counter("evenstock_published_changes", "Changes published by this node");
        messages = metrics.counter("evenstock_webhook_messages", "Messages sent by this node, by outcome", "outcome");
        told = metrics.counter("evenstock_webhook_changes", "Changes in messages that were taken");
        sending = metrics.seconds("evenstock_webhook", "From sending a message to its answer");
        gauge("evenstock_downstream_lag_seconds", "Age of the oldest change not published", now -> now.lagSeconds());
        gauge(
                "evenstock_downstream_bulk_lag_seconds",
                "Age of the oldest bulk not published to its end",
                now -> now.bulkLagSeconds());
        gauge("evenstock_downstream_marked_pairs", "Pairs marked for publishing", now -> now.markedPairs());
        gauge("evenstock_downstream_bulks", "Runs, products and channels whose pairs wait", now -> now.bulks());
        GaugeWithCallback.builder()
                .name("evenstock_webhook_backlog_pairs")
                .help("Pairs that an endpoint has not been told yet, counted up to 100,000")
                .labelNames("webhook", "state")
                .callback(this::tellBacklogs)
                .register(metrics.registry());
        GaugeWithCallback.builder()
                .name("evenstock_shopify_refused_pairs")
                .help("Pairs that a Shopify store did not take when it was told them last")
                .labelNames("webhook")
                .callback(this::tellRefusals)
                .register(metrics.registry());
    }

    /** A round is done. */
    void published(Publisher.Round round) {
        published.inc(round.changed());
    }

    /** A message was sent. */
    void sent(Message message, Attempt attempt) {
        messages.labelValues(attempt.succeeded() ? "taken" : "failed").inc();
        sending.observe(attempt.took().toNanos() / NANOS);
        if (attempt.succeeded()) {
            told.inc(message.items());
        }
    }

    private void gauge(String name, String help, ToDoubleFunction<DownstreamStatus.Waiting> value) {
        GaugeWithCallback.builder()
                .name(name)
                .help(help)
                .callback(gauge -> tell(gauge, value))
                .register(metrics.registry());
    }

    /** Without the database nothing is told. */
    private void tell(GaugeWithCallback.Callback gauge, ToDoubleFunction<DownstreamStatus.Waiting> value) {
        try {
            gauge.call(value.applyAsDouble(status.waiting()));
        } catch (DatabaseException gone) {
            return;
        }
    }

    private void tellBacklogs(GaugeWithCallback.Callback gauge) {
        try {
            sql.list(
                    "select webhook_id, state, backlog(w, ?) from webhook w",
                    row -> {
                        gauge.call(row.getInt(3), row.getString(1), row.getString(2));
                        return row;
                    },
                    Webhooks.MOST_BACKLOG);
        } catch (DatabaseException gone) {
            return;
        }
    }

    private void tellRefusals(GaugeWithCallback.Callback gauge) {
        try {
            sql.list("""
                    select webhook_id, (select count(*) from shopify_refusal r where r.webhook_id = w.webhook_id)
                    from webhook w where target = 'shopify'
                    """, row -> {
                gauge.call(row.getInt(2), row.getString(1));
                return row;
            });
        } catch (DatabaseException gone) {
            return;
        }
    }
}
