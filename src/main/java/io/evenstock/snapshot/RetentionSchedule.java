package io.evenstock.snapshot;

import io.evenstock.database.Migration;
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

/** Each minute, on each node: the database lets one of them tidy. No failure leaves the timer, or it would be struck off. */
@Startup
@Singleton
@DependsOn(Migration.NAME)
@Lock(LockType.READ)
@TransactionManagement(TransactionManagementType.BEAN)
public class RetentionSchedule {
    private static final Logger LOG = Logger.getLogger(RetentionSchedule.class.getName());

    private final AtomicBoolean tidying = new AtomicBoolean();

    @Inject
    Retention retention;

    @Schedule(hour = "*", minute = "*", second = "25", persistent = false, info = "retention")
    void tick() {
        if (tidying.compareAndSet(false, true)) {
            try {
                Retention.Tidied tidied = retention.tidy();
                if (tidied.parts() > 0) {
                    LOG.log(Level.INFO, "Gave up {0} parts of old snapshots; kept {1} lines of them", new Object[] {
                        tidied.parts(), tidied.linesKept()
                    });
                }
            } catch (RuntimeException | Error failure) {
                LOG.log(Level.SEVERE, "The timer 'retention' failed; it fires again", failure);
            } finally {
                tidying.set(false);
            }
        }
    }
}
