package io.evenstock.catalog;

import jakarta.ejb.Schedule;
import jakarta.ejb.Singleton;
import jakarta.ejb.TransactionManagement;
import jakarta.ejb.TransactionManagementType;
import jakarta.enterprise.event.Event;
import jakarta.inject.Inject;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * A fact that arrives while the transaction that makes its product known is not committed yet sees neither the product
 * nor is it seen: it is released here.
 */
@Singleton
@TransactionManagement(TransactionManagementType.BEAN)
public class QuarantineSweep {
    private static final Logger LOG = Logger.getLogger(QuarantineSweep.class.getName());

    @Inject
    Event<CatalogChanged> changes;

    @Schedule(hour = "*", minute = "*", second = "*/10", persistent = false, info = "quarantine sweep")
    void sweep() {
        try {
            changes.fire(new CatalogChanged());
        } catch (RuntimeException | Error failure) {
            LOG.log(Level.WARNING, "The quarantine sweep failed; it is repeated in 10 s", failure);
        }
    }
}
