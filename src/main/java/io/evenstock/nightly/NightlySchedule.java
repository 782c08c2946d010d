package io.evenstock.nightly;

import io.evenstock.nightly.Rings.Ring;
import io.evenstock.settings.Settings;
import jakarta.annotation.Resource;
import jakarta.ejb.DependsOn;
import jakarta.ejb.Lock;
import jakarta.ejb.LockType;
import jakarta.ejb.Schedule;
import jakarta.ejb.Singleton;
import jakarta.ejb.Startup;
import jakarta.ejb.Timeout;
import jakarta.ejb.Timer;
import jakarta.ejb.TimerService;
import jakarta.ejb.TransactionManagement;
import jakarta.ejb.TransactionManagementType;
import jakarta.inject.Inject;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDate;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * The clock that ticks: the timers only ask for a step; whether it runs, the database decides. No failure leaves a timer,
 * or the server would strike it off. {@code @Schedule} has the defaults, in the server's zone; where the settings have
 * another time or zone, the first tick puts a timer of the same name in its place. What day it is, the database says; a ring that
 * it did not hear is told again at each tick.
 */
@Startup
@Singleton
@DependsOn("Nightly")
@Lock(LockType.READ)
@TransactionManagement(TransactionManagementType.BEAN)
public class NightlySchedule {
    private static final Logger LOG = Logger.getLogger(NightlySchedule.class.getName());

    private final AtomicBoolean adjusted = new AtomicBoolean();
    private final AtomicBoolean caughtUp = new AtomicBoolean();
    private final StepTimers stepTimers = new StepTimers();
    private final Rings rings = new Rings();

    @Resource
    TimerService timers;

    @Inject
    Nightly nightly;

    @Inject
    CatchUp catchUp;

    @Inject
    Settings settings;

    @Inject
    Clock clock;

    @Schedule(hour = "1", minute = "0", persistent = false, info = "list")
    void list() {
        rung(StepName.LIST);
    }

    @Schedule(hour = "1", minute = "30", persistent = false, info = "filter")
    void filter() {
        rung(StepName.FILTER);
    }

    @Schedule(hour = "2", minute = "0", persistent = false, info = "reset")
    void reset() {
        rung(StepName.RESET);
    }

    @Schedule(hour = "3", minute = "0", persistent = false, info = "variance")
    void variance() {
        rung(StepName.VARIANCE);
    }

    @Schedule(hour = "*", minute = "*", second = "*/10", persistent = false, info = "carry on")
    void tick() {
        guarded("adjust", this::adjust);
        guarded("carry on", nightly::carryOn);
        guarded("ask again", () -> rings.again(this::askAgain));
        if (settings.schedule().enabled()) {
            guarded("catch up", this::catchUp);
            guarded("gap", this::askInGap);
        }
    }

    /** Once a start; again at the next tick if it failed. */
    private void adjust() {
        if (!adjusted.get()) {
            stepTimers.adjust(timers, settings);
            adjusted.set(true);
        }
    }

    /** Once a start; again at the next tick if the database could not be asked. */
    private void catchUp() {
        if (!caughtUp.get()) {
            catchUp.run();
            caughtUp.set(true);
        }
    }

    /**
     * When the clocks go forward, a step's time of day may not exist, and no timer rings: then the tick asks in its place.
     * As it rings by the node's clock, so does this.
     */
    private void askInGap() {
        Instant now = clock.instant();
        BusinessCalendar calendar = new BusinessCalendar(settings);
        for (StepName step : StepName.values()) {
            if (calendar.skipped(step, now)) {
                tell(new Ring(step, calendar.due(calendar.businessDate(step, now), step)));
            }
        }
    }

    /** One of the timers that the settings have put in the place of a default. */
    @Timeout
    void ring(Timer timer) {
        StepName.of(String.valueOf(timer.getInfo())).ifPresent(this::rung);
    }

    private void rung(StepName step) {
        if (settings.schedule().enabled()) {
            tell(new Ring(step, clock.instant()));
        }
    }

    private void tell(Ring ring) {
        guarded(ring.step().text(), () -> rings.ring(ring, this::ask));
    }

    private void ask(Ring ring) {
        nightly.ask(businessDate(ring), ring.step());
    }

    /** Others may have asked meanwhile, and an operator may have taken back what came of it. */
    private void askAgain(Ring ring) {
        catchUp.askIfNobodyHas(businessDate(ring), ring.step());
    }

    private LocalDate businessDate(Ring ring) {
        return new BusinessCalendar(settings).businessDate(ring.step(), ring.by(nightly.now(), clock.instant()));
    }

    private static void guarded(String what, Runnable work) {
        try {
            work.run();
        } catch (RuntimeException | Error failure) {
            LOG.log(Level.SEVERE, "The timer '" + what + "' failed; tried again at the next tick", failure);
        }
    }
}
