package io.evenstock.nightly;

import io.evenstock.settings.Settings;
import jakarta.ejb.DependsOn;
import jakarta.ejb.Lock;
import jakarta.ejb.LockType;
import jakarta.ejb.Schedule;
import jakarta.ejb.Singleton;
import jakarta.ejb.Startup;
import jakarta.ejb.TransactionAttribute;
import jakarta.ejb.TransactionAttributeType;
import jakarta.inject.Inject;
import java.time.Clock;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * The clock that ticks: the timers only ask for a step; whether it runs, the database decides. No failure leaves a timer,
 * or the server would strike it off.
 */
@Startup
@Singleton
@DependsOn("Nightly")
@Lock(LockType.READ)
@TransactionAttribute(TransactionAttributeType.NOT_SUPPORTED)
public class NightlySchedule {
    private static final Logger LOG = Logger.getLogger(NightlySchedule.class.getName());

    @Inject
    Nightly nightly;

    @Inject
    Settings settings;

    @Inject
    Clock clock;

    @Schedule(hour = "1", minute = "0", persistent = false, info = "list")
    void list() {
        ask(StepName.LIST);
    }

    @Schedule(hour = "1", minute = "30", persistent = false, info = "filter")
    void filter() {
        ask(StepName.FILTER);
    }

    @Schedule(hour = "2", minute = "0", persistent = false, info = "reset")
    void reset() {
        ask(StepName.RESET);
    }

    @Schedule(hour = "3", minute = "0", persistent = false, info = "variance")
    void variance() {
        ask(StepName.VARIANCE);
    }

    @Schedule(hour = "*", minute = "*", second = "*/10", persistent = false, info = "carry on")
    void tick() {
        guarded("carry on", nightly::carryOn);
    }

    private void ask(StepName step) {
        if (settings.schedule().enabled()) {
            guarded(
                    step.text(),
                    () -> nightly.ask(new BusinessCalendar(settings).businessDate(step, clock.instant()), step));
        }
    }

    private static void guarded(String what, Runnable work) {
        try {
            work.run();
        } catch (RuntimeException | Error failure) {
            LOG.log(Level.SEVERE, "The timer '" + what + "' failed; it fires again", failure);
        }
    }
}
