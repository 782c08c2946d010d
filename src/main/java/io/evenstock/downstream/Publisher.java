package io.evenstock.downstream;

import io.evenstock.database.Sql;
import io.evenstock.settings.Settings;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.Optional;

/**
 * Publishes what changed: takes marks, computes the figures when it writes them, gives them versions. A round is one call of
 * the database's function {@code publish}: a node that is killed or paused cannot leave half of one, nor keep the lock.
 */
@ApplicationScoped
class Publisher {
    @Inject
    Sql sql;

    @Inject
    Settings settings;

    /**
     * A round.
     *
     * @param pairs that were marked
     * @param bulkPairs of a file, product or facility
     * @param changed how many of them got a new version
     * @param more whether marks are left
     */
    record Round(long pairs, long bulkPairs, long changed, boolean more) {}

    /** Publishes a bounded number of pairs. Empty: another node is at it. */
    Optional<Round> round() {
        int chunk = settings.downstream().chunk();
        return round(chunk, chunk);
    }

    Optional<Round> round(int mostPairs, int mostBulk) {
        return sql.first(
                "select pairs, bulk_pairs, changed, more from publish(?, ?)",
                row -> new Round(row.getLong(1), row.getLong(2), row.getLong(3), row.getBoolean(4)),
                mostPairs,
                mostBulk);
    }
}
