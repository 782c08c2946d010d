package io.evenstock.snapshot;

import io.evenstock.database.Sql;
import jakarta.ejb.Stateless;
import jakarta.inject.Inject;
import java.time.Instant;
import java.util.Optional;

/** The runs of the frequent feed: a file each, without business date, filtered file and variance. */
@Stateless
public class FeedRuns {
    @Inject
    Sql sql;

    /** Whether a file with this content and as-of is in force already: the same once more would change nothing (R10). */
    public boolean applied(String sourceSha256, Instant asOf) {
        return sql.one("""
                select exists (select from snapshot_run where source_sha256 = ? and as_of = ? and state = 'APPLIED')
                """, row -> row.getBoolean(1), sourceSha256, asOf);
    }

    /** When its last file took force; empty: none ever did. */
    public Optional<Instant> lastApplied() {
        return sql.first(
                "select applied_at from snapshot_run where kind = 'FEED' and applied_at is not null"
                        + " order by applied_at desc limit 1",
                row -> Sql.instant(row, "applied_at"));
    }

    /** Begins a run. An attempt with the same file that was killed gives way. @return its id */
    public long prepare(Instant asOf, String sourceName, String sourceSha256) {
        sql.update("""
                update snapshot_run set state = 'ABANDONED'
                where kind = 'FEED' and state = 'PREPARED' and source_sha256 = ? and as_of = ?
                """, sourceSha256, asOf);
        return sql.one("""
                insert into snapshot_run (kind, as_of, source_name, source_sha256, state)
                values ('FEED', ?, ?, ?, 'PREPARED') returning run_id
                """, row -> row.getLong(1), asOf, sourceName, sourceSha256);
    }

    /** The run comes to nothing: its file is not applied. */
    public void refuse(long runId, SnapshotCounts counts, String reason) {
        sql.update("""
                update snapshot_run set state = 'REFUSED', reason = ?, rows = ?, rejects = ?, stale = ?, repeats = ?
                where run_id = ? and state = 'PREPARED'
                """, reason, counts.rows(), counts.rejects(), counts.stale(), counts.repeats(), runId);
    }
}
