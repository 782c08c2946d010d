package io.evenstock.nightly;

import io.evenstock.settings.Settings;
import jakarta.annotation.Resource;
import jakarta.ejb.DependsOn;
import jakarta.ejb.Lock;
import jakarta.ejb.LockType;
import jakarta.ejb.Schedule;
import jakarta.ejb.ScheduleExpression;
import jakarta.ejb.Singleton;
import jakarta.ejb.Startup;
import jakarta.ejb.Timeout;
import jakarta.ejb.Timer;
import jakarta.ejb.TimerConfig;
import jakarta.ejb.TimerService;
import jakarta.ejb.TransactionManagement;
import jakarta.ejb.TransactionManagementType;
import jakarta.inject.Inject;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * The clock that ticks: the timers only ask for a step; whether it runs, the database decides. No failure leaves a timer,
 * or the server would strike it off. {@code @Schedule} has the defaults, in the server's zone; where the settings have
 * another time or zone, the first tick puts a timer of the same name in its place. What day it is, the database says.
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
        if (adjusted.compareAndSet(false, true)) {
            guarded("adjust", this::adjust);
        }
        guarded("carry on", nightly::carryOn);
        if (settings.schedule().enabled()) {
            guarded("catch up", this::catchUp);
            guarded("gap", this::askInGap);
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
                ask(step);
            }
        }
    }

    /** One of the timers that the settings have put in the place of a default. */
    @Timeout
    void ring(Timer timer) {
        StepName.of(String.valueOf(timer.getInfo())).ifPresent(this::ask);
    }

    private void adjust() {
        for (Timer timer : timers.getTimers()) {
            StepName.of(String.valueOf(timer.getInfo()))
                    .filter(step -> !isDefault(step))
                    .ifPresent(step -> replace(timer, step));
        }
    }

    private void replace(Timer timer, StepName step) {
        LocalTime time = time(step);
        timer.cancel();
        timers.createCalendarTimer(
                new ScheduleExpression()
                        .hour(time.getHour())
                        .minute(time.getMinute())
                        .second(time.getSecond())
                        .timezone(settings.zone().getId()),
                new TimerConfig(step.text(), false));
        LOG.info("The timer '" + step.text() + "' fires at " + time + " " + settings.zone());
    }

    private boolean isDefault(StepName step) {
        LocalTime byDefault = switch (step) {
            case LIST -> LocalTime.of(1, 0);
            case FILTER -> LocalTime.of(1, 30);
            case RESET -> LocalTime.of(2, 0);
            case VARIANCE -> LocalTime.of(3, 0);
        };
        return time(step).equals(byDefault) && settings.zone().equals(ZoneId.systemDefault());
    }

    private LocalTime time(StepName step) {
        return Objects.requireNonNull(settings.schedule().times().get(step.text()));
    }

    private void ask(StepName step) {
        if (settings.schedule().enabled()) {
            guarded(
                    step.text(),
                    () -> nightly.ask(new BusinessCalendar(settings).businessDate(step, nightly.now()), step));
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
