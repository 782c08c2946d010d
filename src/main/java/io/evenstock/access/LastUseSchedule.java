package io.evenstock.access;

import jakarta.ejb.ConcurrencyManagement;
import jakarta.ejb.ConcurrencyManagementType;
import jakarta.ejb.Schedule;
import jakarta.ejb.Singleton;
import jakarta.ejb.Startup;
import jakarta.ejb.TransactionManagement;
import jakarta.ejb.TransactionManagementType;
import jakarta.inject.Inject;
import java.util.logging.Level;
import java.util.logging.Logger;

/** The clock of {@link LastUse}. No failure leaves the timer, or the server would strike it off. */
@Startup
@Singleton
@ConcurrencyManagement(ConcurrencyManagementType.BEAN)
@TransactionManagement(TransactionManagementType.BEAN)
public class LastUseSchedule {
    private static final Logger LOG = Logger.getLogger(LastUseSchedule.class.getName());

    @Inject
    LastUse lastUse;

    @Schedule(hour = "*", minute = "*", second = "*/5", persistent = false, info = "last use of keys")
    void tick() {
        try {
            lastUse.note();
        } catch (RuntimeException | Error failure) {
            LOG.log(Level.SEVERE, "The timer 'last use of keys' failed; it fires again", failure);
        }
    }
}
