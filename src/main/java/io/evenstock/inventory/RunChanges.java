package io.evenstock.inventory;

import io.evenstock.database.Sql;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** What an applied run's file changed: its lines against those that the same pairs had before. */
@ApplicationScoped
public class RunChanges {
    /** A run with more lines is not compared while somebody waits for a page. */
    static final long MOST_LINES = 100_000;

    private static final int MOST_REMEMBERED = 500;

    private final ConcurrentHashMap<Long, RunChange> known = new ConcurrentHashMap<>();

    @Inject
    Sql sql;

    /**
     * Lines against those before.
     *
     * @param pairs how many differ
     * @param first how many of them no run had before
     * @param gained units more
     * @param lost units less, 0 or more
     */
    public record RunChange(long pairs, long first, long gained, long lost) {
        /** All in all, signed. */
        public long net() {
            return gained - lost;
        }
    }

    /** Whether a run of so many lines is not compared. */
    public static boolean tooMany(long lines) {
        return lines > MOST_LINES;
    }

    /** Of an applied run; empty: its lines are too many, or no longer kept. */
    public Optional<RunChange> of(long runId, long lines) {
        if (tooMany(lines)) {
            return Optional.empty();
        }
        if (known.size() > MOST_REMEMBERED) {
            known.clear();
        }
        return Optional.of(known.computeIfAbsent(runId, this::compared));
    }

    private RunChange compared(long runId) {
        return sql.one(
                """
                select count(*) filter (where b.quantity is distinct from l.quantity) as pairs,
                       count(*) filter (where b.quantity is null) as first,
                       coalesce(sum(l.quantity - coalesce(b.quantity, 0))
                                filter (where l.quantity > coalesce(b.quantity, 0)), 0) as gained,
                       coalesce(sum(coalesce(b.quantity, 0) - l.quantity)
                                filter (where l.quantity < coalesce(b.quantity, 0)), 0) as lost
                from snapshot_line l
                left join lateral (
                    select o.quantity from snapshot_line o join snapshot_run r on r.run_id = o.run_id
                    where o.facility_key = l.facility_key and o.product_key = l.product_key and o.as_of < l.as_of
                      and r.state = 'APPLIED'
                    order by o.as_of desc limit 1) b on true
                where l.part = (select part from snapshot_run where run_id = ?) and l.run_id = ?
                """,
                row -> new RunChange(
                        row.getLong("pairs"), row.getLong("first"), row.getLong("gained"), row.getLong("lost")),
                runId,
                runId);
    }
}
