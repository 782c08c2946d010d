package io.evenstock.feed;

import io.evenstock.database.Sql;
import io.evenstock.snapshot.FeedRuns;
import io.evenstock.snapshot.RunDecided;
import io.evenstock.snapshot.SnapshotCounts;
import io.evenstock.snapshot.SnapshotRun;
import io.evenstock.snapshot.Snapshots;
import jakarta.ejb.Stateless;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Which node looks into the feed's folder, as the database owns it: by its time, and one node after the other. What a run
 * comes to is committed together with the proof that its node still has the claim.
 */
@Stateless
public class FeedLeases {
    /** A node that is gone is replaced after so long. */
    static final Duration LEASE = Duration.ofSeconds(40);

    @Inject
    Sql sql;

    @Inject
    Snapshots snapshots;

    @Inject
    FeedRuns runs;

    /** Claims a folder if the last look is so long ago, or the node that began it is gone. */
    public Optional<FeedClaim> claim(String folder, String node, Duration interval) {
        sql.update("insert into feed_lease (name) values (?) on conflict do nothing", folder);
        return sql.first(
                """
                update feed_lease
                set claimed_by = ?, fence = fence + 1, polled_at = clock_timestamp(),
                    lease_until = clock_timestamp() + ? * interval '1 millisecond'
                where name = ?
                  and (lease_until < clock_timestamp()
                       or lease_until is null and not polled_at
                          between clock_timestamp() - ? * interval '1 millisecond' and clock_timestamp())
                returning fence
                """, row -> new FeedClaim(folder, row.getLong(1)), node, LEASE.toMillis(), folder, interval.toMillis());
    }

    /** Prolongs the lease. */
    public void renew(FeedClaim claim) {
        sql.update("""
                update feed_lease set lease_until = clock_timestamp() + ? * interval '1 millisecond'
                where name = ? and fence = ? and lease_until is not null
                """, LEASE.toMillis(), claim.folder(), claim.fence());
    }

    /** Gives the folder back until the next look is due. */
    public void release(FeedClaim claim) {
        sql.update(
                "update feed_lease set claimed_by = null, lease_until = null where name = ? and fence = ?",
                claim.folder(),
                claim.fence());
    }

    /**
     * Takes down how a look ended, unless the claim was lost.
     *
     * @param trouble why it could not be done, null: it went well
     */
    public void looked(FeedClaim claim, @Nullable String trouble) {
        sql.update("""
                update feed_lease set trouble = ?,
                    trouble_since = case when ?::text is not null then coalesce(trouble_since, clock_timestamp()) end
                where name = ? and fence = ? and trouble is distinct from ?
                """, trouble, trouble, claim.folder(), claim.fence(), trouble);
    }

    /** Why a folder cannot be looked into, or a file not be taken; empty: the last look went well. */
    public Optional<FeedTrouble> trouble(String folder) {
        return sql.first(
                "select trouble, trouble_since from feed_lease where name = ? and trouble is not null",
                row -> new FeedTrouble(row.getString("trouble"), Sql.instant(row, "trouble_since")),
                folder);
    }

    /** Whether the claim is still worth something. */
    public boolean holds(FeedClaim claim) {
        return sql.first(
                        "select 1 from feed_lease where name = ? and fence = ?",
                        row -> true,
                        claim.folder(),
                        claim.fence())
                .isPresent();
    }

    /** The run takes force, in this transaction. A claim that was lost meanwhile changes nothing. */
    public void apply(FeedClaim claim, long runId, SnapshotCounts counts) {
        requireHeld(claim);
        snapshots.apply(runId, counts);
    }

    /** The run waits for an operator, in this transaction. A claim that was lost meanwhile changes nothing. */
    public void hold(FeedClaim claim, long runId, SnapshotCounts counts, String reason) {
        requireHeld(claim);
        snapshots.hold(runId, reason, counts);
    }

    /** An operator has approved a held run: its lines stand loaded, it takes force. */
    public void decided(@Observes RunDecided decided) {
        SnapshotRun run = decided.run();
        if (decided.approved() && run.businessDate() == null && run.state() == SnapshotRun.State.PREPARED) {
            snapshots.apply(run.runId(), run.counts());
        }
    }

    /** The run comes to nothing, in this transaction. A claim that was lost meanwhile changes nothing. */
    public void refuse(FeedClaim claim, long runId, SnapshotCounts counts, String reason) {
        requireHeld(claim);
        runs.refuse(runId, counts, reason);
    }

    /** The database's time. */
    public Instant now() {
        return sql.one("select clock_timestamp() as now", row -> Sql.instant(row, "now"));
    }

    private void requireHeld(FeedClaim claim) {
        boolean held = sql.first(
                        "select 1 from feed_lease where name = ? and fence = ? for update",
                        row -> true,
                        claim.folder(),
                        claim.fence())
                .isPresent();
        if (!held) {
            throw new IllegalStateException(claim + " was lost to another node; nothing was changed");
        }
    }
}
