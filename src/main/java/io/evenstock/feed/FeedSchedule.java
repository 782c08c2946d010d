package io.evenstock.feed;

import jakarta.ejb.DependsOn;
import jakarta.ejb.Lock;
import jakarta.ejb.LockType;
import jakarta.ejb.Schedule;
import jakarta.ejb.Singleton;
import jakarta.ejb.Startup;
import jakarta.ejb.TransactionManagement;
import jakarta.ejb.TransactionManagementType;
import jakarta.inject.Inject;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * The feed's clock: asks each second whether a look is due; the database decides. A tick that finds the one before still
 * asking passes. No failure leaves the timer, or the server would strike it off.
 */
@Startup
@Singleton
@DependsOn("Feed")
@Lock(LockType.READ)
@TransactionManagement(TransactionManagementType.BEAN)
public class FeedSchedule {
    private static final Logger LOG = Logger.getLogger(FeedSchedule.class.getName());

    private final AtomicBoolean asking = new AtomicBoolean();

    @Inject
    Feed feed;

    @Schedule(hour = "*", minute = "*", second = "*", persistent = false, info = "feed")
    void tick() {
        if (asking.compareAndSet(false, true)) {
            try {
                feed.tick();
            } catch (RuntimeException | Error failure) {
                LOG.log(Level.SEVERE, "The timer 'feed' failed; it fires again", failure);
            } finally {
                asking.set(false);
            }
        }
    }
}
