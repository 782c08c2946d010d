package io.evenstock.pos;

import io.evenstock.database.DatabaseException;
import io.evenstock.movement.Movement;
import io.evenstock.movement.Outcome;
import io.evenstock.observation.LogLine;
import jakarta.annotation.Resource;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.transaction.HeuristicMixedException;
import jakarta.transaction.HeuristicRollbackException;
import jakarta.transaction.NotSupportedException;
import jakarta.transaction.RollbackException;
import jakarta.transaction.Status;
import jakarta.transaction.SystemException;
import jakarta.transaction.UserTransaction;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.locks.LockSupport;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * Commits adjustments in one transaction, whatever happens meanwhile:
 *
 * <ul>
 *   <li>The database is away, or refuses for want of resources, or because of somebody else's transaction: the whole is
 *       tried again until the deadline.
 *   <li>It was lost during the commit: trying again tells. What the first attempt did commit is found under its event
 *       id, with the entry id that the first attempt had, and is told as that attempt would have told it.
 *   <li>It refuses the adjustments themselves: they are halved until the one at fault stands alone and fails alone.
 * </ul>
 */
@ApplicationScoped
class GroupCommit {
    private static final Logger LOG = Logger.getLogger(GroupCommit.class.getName());
    private static final long FIRST_PAUSE_NANOS = 20_000_000;
    private static final long LONGEST_PAUSE_NANOS = 1_000_000_000;

    @Inject
    Booking booking;

    @Inject
    UpdateInventory updateInventory;

    @Resource
    UserTransaction transaction;

    /**
     * Commits the adjustments.
     *
     * @param deadline when to give up on a database that does not answer, by {@link System#nanoTime}
     * @return an entry for each, in the order given
     */
    List<Adjusted> commit(List<Adjustment> adjustments, long deadline) {
        List<Adjusted> before = List.of();
        long pause = FIRST_PAUSE_NANOS;
        while (true) {
            List<Adjusted> booked = List.of();
            try {
                transaction.begin();
                booked = settled(before, book(adjustments));
                transaction.commit();
                return booked;
            } catch (RefusedException refused) {
                rollBack();
                if (refused.ours && !updateInventory.open()) {
                    // A server that shuts down takes the parts away that our code needs: the repeat finds another.
                    return unanswered(adjustments, refused);
                }
                return adjustments.size() == 1 ? failed(adjustments.get(0), refused) : halved(adjustments, deadline);
            } catch (NotSupportedException
                    | SystemException
                    | RollbackException
                    | HeuristicMixedException
                    | HeuristicRollbackException
                    | RuntimeException failure) {
                // also whatever begin and commit may throw: they know nothing of the content
                rollBack();
                if (System.nanoTime() - deadline > 0) {
                    return unanswered(adjustments, failure);
                }
                LOG.log(Level.WARNING, line("sales-tried-again", adjustments).toString(), failure);
                before = booked.isEmpty() ? before : booked;
                LockSupport.parkNanos(pause);
                pause = Math.min(2 * pause, LONGEST_PAUSE_NANOS);
            }
        }
    }

    private List<Adjusted> book(List<Adjustment> adjustments) {
        try {
            return booking.book(adjustments);
        } catch (RuntimeException failure) {
            throw DatabaseException.passing(failure) ? failure : new RefusedException(failure, isOurs(failure));
        }
    }

    /** What an earlier attempt has committed, though nobody told us, is no repeat. */
    private static List<Adjusted> settled(List<Adjusted> before, List<Adjusted> now) {
        if (before.isEmpty()) {
            return now;
        }
        List<Adjusted> settled = new ArrayList<>(now.size());
        for (int i = 0; i < now.size(); i++) {
            boolean ours = before.get(i).outcome() instanceof Outcome.Recorded first
                    && now.get(i).outcome() instanceof Outcome.Recorded found
                    && first.entryId() == found.entryId();
            settled.add(ours ? new Adjusted(before.get(i).outcome(), now.get(i).figure()) : now.get(i));
        }
        return settled;
    }

    private List<Adjusted> halved(List<Adjustment> adjustments, long deadline) {
        int half = adjustments.size() / 2;
        List<Adjusted> all = new ArrayList<>(commit(adjustments.subList(0, half), deadline));
        all.addAll(commit(adjustments.subList(half, adjustments.size()), deadline));
        return all;
    }

    private static List<Adjusted> failed(Adjustment adjustment, Exception failure) {
        String id = UUID.randomUUID().toString();
        LOG.log(
                Level.SEVERE,
                line("sale-failed", List.of(adjustment)).with("failure", id).toString(),
                failure);
        return List.of(new Adjusted(new Outcome.Failed(id), null));
    }

    private static List<Adjusted> unanswered(List<Adjustment> adjustments, Exception failure) {
        String id = UUID.randomUUID().toString();
        LOG.log(
                Level.SEVERE,
                line("sales-given-up", adjustments).with("failure", id).toString(),
                failure);
        return unanswered(adjustments, id);
    }

    /** For those who wait no longer: whether the commit takes place all the same, the repeat tells. */
    static List<Adjusted> notCommitted(List<Adjustment> adjustments, Duration waited) {
        String id = UUID.randomUUID().toString();
        LOG.warning(() -> line("sales-not-committed", adjustments)
                .with("waited", waited)
                .with("failure", id)
                .toString());
        return unanswered(adjustments, id);
    }

    private static List<Adjusted> unanswered(List<Adjustment> adjustments, String id) {
        return Collections.nCopies(adjustments.size(), new Adjusted(new Outcome.Unanswered(id), null));
    }

    /** Names the first event; a caller's call is found by its own, in the line of its request. */
    private static LogLine line(String event, List<Adjustment> adjustments) {
        Movement first = adjustments.get(0).movement();
        return LogLine.of(event)
                .with("adjustments", adjustments.size())
                .with("facility", first.facilityId())
                .with("event", first.eventId());
    }

    private void rollBack() {
        try {
            if (transaction.getStatus() != Status.STATUS_NO_TRANSACTION) {
                transaction.rollback();
            }
        } catch (SystemException | IllegalStateException | SecurityException gone) {
            LOG.log(Level.WARNING, "A transaction could not be rolled back", gone);
        }
    }

    private static boolean isOurs(Throwable failure) {
        for (Throwable at = failure; at != null; at = at.getCause()) {
            if (at instanceof SQLException) {
                return false;
            }
        }
        return true;
    }

    /** The content is at fault, or our own code. */
    private static final class RefusedException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        private final boolean ours;

        RefusedException(RuntimeException cause, boolean ours) {
            super(cause);
            this.ours = ours;
        }
    }
}
