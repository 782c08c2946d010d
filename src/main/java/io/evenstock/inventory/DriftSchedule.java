package io.evenstock.inventory;

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

/** Every ten seconds, on each node: a night that was applied is compared. No failure leaves the timer. */
@Startup
@Singleton
@DependsOn(Migration.NAME)
@Lock(LockType.READ)
@TransactionManagement(TransactionManagementType.BEAN)
public class DriftSchedule {
    private static final Logger LOG = Logger.getLogger(DriftSchedule.class.getName());

    private final AtomicBoolean comparing = new AtomicBoolean();

    @Inject
    DriftRecorder recorder;

    @Schedule(hour = "*", minute = "*", second = "*/10", persistent = false, info = "drift")
    void tick() {
        if (comparing.compareAndSet(false, true)) {
            try {
                recorder.record();
            } catch (RuntimeException | Error failure) {
                LOG.log(Level.SEVERE, "The timer 'drift' failed; it fires again", failure);
            } finally {
                comparing.set(false);
            }
        }
    }
}
