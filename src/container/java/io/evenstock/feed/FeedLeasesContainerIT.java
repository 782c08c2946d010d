package io.evenstock.feed;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.evenstock.container.BuiltWar;
import io.evenstock.database.Sql;
import io.evenstock.snapshot.FeedRuns;
import io.evenstock.snapshot.SnapshotCounts;
import io.evenstock.snapshot.SnapshotRun;
import io.evenstock.snapshot.Snapshots;
import jakarta.ejb.EJBException;
import jakarta.inject.Inject;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jboss.arquillian.container.test.api.Deployment;
import org.jboss.arquillian.junit5.ArquillianExtension;
import org.jboss.shrinkwrap.api.spec.WebArchive;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** One node after the other, and a node that lost its claim changes nothing. */
@ExtendWith(ArquillianExtension.class)
class FeedLeasesContainerIT {
    private static final Instant AS_OF = Instant.parse("2026-03-01T05:55:00Z");
    private static final SnapshotCounts COUNTS = new SnapshotCounts(3, 1, 0, 1, 1);

    @Inject
    FeedLeases leases;

    @Inject
    FeedRuns runs;

    @Inject
    Snapshots snapshots;

    @Inject
    Sql sql;

    @Deployment
    static WebArchive war() {
        return BuiltWar.with(FeedLeasesContainerIT.class, BuiltWar.class);
    }

    @Test
    void aFolderIsClaimedByOneNodeAndNotAgainBeforeItsInterval() {
        FeedClaim first = claim("/turns", Duration.ZERO).orElseThrow();
        assertEquals(Optional.empty(), claim("/turns", Duration.ZERO), "it is claimed");
        leases.release(first);
        assertEquals(Optional.empty(), claim("/turns", Duration.ofHours(1)), "the next look is not due");
        assertTrue(claim("/turns", Duration.ZERO).isPresent());
        assertTrue(claim("/other", Duration.ofHours(1)).isPresent(), "another folder");
    }

    @Test
    void aLookIsDueWhenTheDatabasesClockWasSetBack() {
        leases.release(claim("/clock", Duration.ZERO).orElseThrow());
        sql.update("update feed_lease set polled_at = clock_timestamp() + interval '1 day' where name = '/clock'");
        assertTrue(claim("/clock", Duration.ofHours(1)).isPresent());
    }

    @Test
    void aNodeThatLostItsClaimChangesNothing() {
        FeedClaim stalled = claim("/lost", Duration.ZERO).orElseThrow();
        long run = runs.prepare(AS_OF, "lost.csv", "sha-lost");
        sql.update("update feed_lease set lease_until = clock_timestamp() - interval '1 second' where name = '/lost'");
        FeedClaim next = claim("/lost", Duration.ofHours(1)).orElseThrow();

        leases.renew(stalled);
        leases.release(stalled);
        assertFalse(leases.holds(stalled));
        assertThrows(EJBException.class, () -> leases.apply(stalled, run, COUNTS));
        assertThrows(EJBException.class, () -> leases.refuse(stalled, run, COUNTS, "stale"));
        assertEquals(SnapshotRun.State.PREPARED, snapshots.run(run).state());

        long again = runs.prepare(AS_OF, "lost.csv", "sha-lost");
        leases.apply(next, again, COUNTS);
        assertEquals(SnapshotRun.State.ABANDONED, snapshots.run(run).state());
        assertEquals(SnapshotRun.State.APPLIED, snapshots.run(again).state());
        assertTrue(runs.applied("sha-lost", AS_OF));
        assertFalse(runs.applied("sha-lost", AS_OF.plusSeconds(1)));
        assertFalse(runs.applied("sha-other", AS_OF));
    }

    @Test
    void aRefusedRunIsRecordedWithItsReason() {
        FeedClaim claim = claim("/refused", Duration.ZERO).orElseThrow();
        long run = runs.prepare(AS_OF, "refused.csv", "sha-refused");
        leases.refuse(claim, run, COUNTS, "too few good rows");
        assertEquals("FEED REFUSED null null too few good rows 3 0 1 1", sql.one("""
                        select concat_ws(' ', kind, state, coalesce(business_date::text, 'null'),
                                         coalesce(variance, 'null'), reason, rows, lines, stale, rejects)
                        from snapshot_run where run_id = ?
                        """, row -> row.getString(1), run));
        assertFalse(runs.applied("sha-refused", AS_OF));
    }

    private Optional<FeedClaim> claim(String folder, Duration interval) {
        return leases.claim(folder, "node", interval);
    }
}
