package io.evenstock.snapshot;

import io.evenstock.database.Sql;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.persistence.EntityManager;
import jakarta.persistence.PersistenceContext;
import jakarta.transaction.Transactional;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Runs as lists: paged, sorted and filtered by the database. */
@ApplicationScoped
public class Runs {
    private static final String MATCHING = """
            from snapshot_run where (? is null or state = ?) and (? is null or kind = ?)
              and (? = '' or position(lower(?) in lower(source_name)) > 0 or business_date::text = ?)
            """.replace("? is null", "?::text is null");

    @Inject
    Sql sql;

    @PersistenceContext(unitName = "evenstock")
    EntityManager entities;

    /** One page of a list. */
    public record Page(List<SnapshotRun> runs, long total) {}

    @Transactional
    public Page page(RunQuery query) {
        Object[] which = which(query);
        long total = sql.one("select count(*) " + MATCHING, row -> row.getLong(1), which);
        String direction = query.descending() ? "desc" : "asc";
        List<Object> paged = new ArrayList<>(Arrays.asList(which));
        paged.add(query.limit());
        paged.add(query.first());
        List<Long> ids = sql.list(
                "select run_id " + MATCHING + "order by " + query.order().text() + " " + direction + ", run_id "
                        + direction + " limit ? offset ?",
                row -> row.getLong(1),
                paged.toArray());
        return new Page(ids.stream().map(this::run).toList(), total);
    }

    /** Runs that wait for an operator, the oldest first. */
    @Transactional
    public List<SnapshotRun> held(int limit) {
        return sql
                .list(
                        "select run_id from snapshot_run where state = 'HELD' order by run_id limit ?",
                        row -> row.getLong(1),
                        limit)
                .stream()
                .map(this::run)
                .toList();
    }

    private SnapshotRun run(long runId) {
        return entities.find(SnapshotRun.class, runId);
    }

    private static @Nullable Object[] which(RunQuery query) {
        String state = query.state() == null ? null : query.state().name();
        return new @Nullable Object[] {
            state, state, query.kind(), query.kind(), query.text(), query.text(), query.text()
        };
    }
}
