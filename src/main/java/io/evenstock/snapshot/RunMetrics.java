package io.evenstock.snapshot;

import io.evenstock.database.DatabaseException;
import io.evenstock.database.Sql;
import io.evenstock.observation.Metrics;
import io.prometheus.metrics.core.metrics.GaugeWithCallback;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.context.Initialized;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** How many runs there are in each state, asked of the database when the metrics are; without it nothing is told. */
@ApplicationScoped
public class RunMetrics {
    private static final List<String> KINDS = List.of("NIGHTLY", "FEED");

    @Inject
    Sql sql;

    @Inject
    Metrics metrics;

    void start(@Observes @Initialized(ApplicationScoped.class) Object application) {
        GaugeWithCallback.builder()
                .name("evenstock_runs")
                .help("Runs by kind and state, of all nodes")
                .labelNames("kind", "state")
                .callback(this::tell)
                .register(metrics.registry());
    }

    private void tell(GaugeWithCallback.Callback gauge) {
        Map<List<String>, Long> counts = new HashMap<>();
        try {
            sql.list(
                    "select kind, state, count(*) from snapshot_run group by kind, state",
                    row -> counts.put(List.of(row.getString(1), row.getString(2)), row.getLong(3)));
        } catch (DatabaseException gone) {
            return;
        }
        for (String kind : KINDS) {
            for (SnapshotRun.State state : SnapshotRun.State.values()) {
                gauge.call(counts.getOrDefault(List.of(kind, state.name()), 0L), kind, state.name());
            }
        }
    }
}
