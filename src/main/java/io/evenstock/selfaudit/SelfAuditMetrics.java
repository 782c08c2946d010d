package io.evenstock.selfaudit;

import io.evenstock.database.DatabaseException;
import io.evenstock.observation.Metrics;
import io.prometheus.metrics.core.metrics.GaugeWithCallback;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.context.Initialized;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import java.time.Clock;
import java.time.Duration;
import java.util.function.Consumer;

/** The verdict as numbers, asked of the database when the metrics are; without it nothing is told. */
@ApplicationScoped
public class SelfAuditMetrics {
    private static final double MILLIS = 1_000;

    @Inject
    Verdicts verdicts;

    @Inject
    Metrics metrics;

    @Inject
    Clock clock;

    void start(@Observes @Initialized(ApplicationScoped.class) Object application) {
        gauge("evenstock_self_audit_offences", "Pairs whose figure is not the sum of their facts", this::tellOffences);
        gauge("evenstock_self_audit_age_seconds", "Since the last pass over all pairs ended", this::tellAge);
    }

    private void gauge(String name, String help, Consumer<GaugeWithCallback.Callback> callback) {
        GaugeWithCallback.builder().name(name).help(help).callback(callback).register(metrics.registry());
    }

    private void tellOffences(GaugeWithCallback.Callback gauge) {
        try {
            gauge.call((double) verdicts.now().offences());
        } catch (DatabaseException gone) {
            return;
        }
    }

    private void tellAge(GaugeWithCallback.Callback gauge) {
        try {
            verdicts.now()
                    .lastPass()
                    .ifPresent(pass -> gauge.call(
                            Duration.between(pass.endedAt(), clock.instant()).toMillis() / MILLIS));
        } catch (DatabaseException gone) {
            return;
        }
    }
}
