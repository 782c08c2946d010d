package io.evenstock.nightly;

import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.spi.Extension;
import jakarta.enterprise.inject.spi.ProcessAnnotatedType;
import java.util.Set;

/** Puts stops on all that does lasting work in a step, with a file of the feed, or with sales. */
public class StopsExtension implements Extension {
    private static final Set<String> WHERE = Set.of(
            "io.evenstock.nightly.ActiveListStep",
            "io.evenstock.nightly.FilterStep",
            "io.evenstock.nightly.ResetStep",
            "io.evenstock.nightly.VarianceStep",
            "io.evenstock.nightly.ActiveLists",
            "io.evenstock.nightly.NightsVariance",
            "io.evenstock.nightly.Cycles",
            "io.evenstock.feed.FeedReset",
            "io.evenstock.snapshot.FeedRuns",
            "io.evenstock.feed.FeedLeases",
            "io.evenstock.snapshot.Snapshots",
            "io.evenstock.snapshot.SnapshotLoader",
            "io.evenstock.pos.GroupCommit",
            "io.evenstock.pos.Booking");

    <T> void mark(@Observes ProcessAnnotatedType<T> type) {
        if (WHERE.contains(type.getAnnotatedType().getJavaClass().getName())) {
            type.configureAnnotatedType().add(new Stops.Here());
        }
    }
}
