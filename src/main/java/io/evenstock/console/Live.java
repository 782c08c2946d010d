package io.evenstock.console;

import io.evenstock.nightly.Nights;
import jakarta.ejb.ConcurrencyManagement;
import jakarta.ejb.ConcurrencyManagementType;
import jakarta.ejb.Schedule;
import jakarta.ejb.Singleton;
import jakarta.ejb.TransactionManagement;
import jakarta.ejb.TransactionManagementType;
import jakarta.inject.Inject;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * Looks each second, as long as somebody looks at a page of this node, whether a night has changed: whichever node carries
 * it out, the database knows.
 */
@Singleton
@ConcurrencyManagement(ConcurrencyManagementType.BEAN)
@TransactionManagement(TransactionManagementType.BEAN)
public class Live {
    private static final Logger LOG = Logger.getLogger(Live.class.getName());

    @Inject
    Nights nights;

    @Inject
    Pages pages;

    private volatile String pulse = "";

    @Schedule(hour = "*", minute = "*", second = "*", persistent = false, info = "console")
    void look() {
        if (pages.open()) {
            try {
                String now = nights.pulse();
                if (!now.equals(pulse)) {
                    pulse = now;
                    pages.tell();
                }
            } catch (RuntimeException failure) {
                LOG.log(Level.FINE, "The pages could not be told of changes", failure);
            }
        }
    }
}
