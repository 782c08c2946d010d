package io.evenstock.selfaudit;

import io.evenstock.database.Migration;
import io.evenstock.observation.LogLine;
import io.evenstock.settings.Settings;
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

/** Every five seconds, on each node. No failure leaves the timer, or it would be struck off. */
@Startup
@Singleton
@DependsOn(Migration.NAME)
@Lock(LockType.READ)
@TransactionManagement(TransactionManagementType.BEAN)
public class SelfAuditSchedule {
    private static final Logger LOG = Logger.getLogger(SelfAuditSchedule.class.getName());

    private final AtomicBoolean checking = new AtomicBoolean();

    @Inject
    Auditor auditor;

    @Inject
    Settings settings;

    @Schedule(hour = "*", minute = "*", second = "*/5", persistent = false, info = "self-audit")
    void tick() {
        if (settings.selfAuditPairs() == 0 || !checking.compareAndSet(false, true)) {
            return;
        }
        try {
            auditor.step(settings.selfAuditPairs()).forEach(SelfAuditSchedule::tell);
        } catch (RuntimeException | Error failure) {
            LOG.log(Level.SEVERE, "The timer 'self-audit' failed; it fires again", failure);
        } finally {
            checking.set(false);
        }
    }

    private static void tell(Offence offence) {
        LOG.severe(() -> LogLine.of("self-audit")
                .with("facility", offence.facilityId())
                .with("product", offence.productId())
                .with("facts", offence.facts())
                .with("figure", offence.figure())
                .with("published", offence.published().orElse(null))
                .with("hourlySumsOff", offence.sumsOff())
                .toString());
    }
}
