package io.evenstock.nightly;

import io.evenstock.snapshot.RunDecided;
import jakarta.annotation.Resource;
import jakarta.enterprise.concurrent.ManagedThreadFactory;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.event.TransactionPhase;
import jakarta.inject.Inject;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * What an operator has let go on goes on at once. Told by the thread whose transaction has just ended: no enterprise bean may
 * be called by it (Payara tries to resume what is over), and none begins another transaction there.
 */
@ApplicationScoped
public class Approvals {
    private static final Logger LOG = Logger.getLogger(Approvals.class.getName());

    @Resource
    ManagedThreadFactory threads;

    @Inject
    Nightly nightly;

    void decided(@Observes(during = TransactionPhase.AFTER_SUCCESS) RunDecided decided) {
        if (decided.approved() && decided.run().businessDate() != null) {
            threads.newThread(this::goOn).start();
        }
    }

    private void goOn() {
        try {
            nightly.carryOn();
        } catch (RuntimeException failure) {
            LOG.log(Level.WARNING, "What was approved goes on at the next tick", failure);
        }
    }
}
