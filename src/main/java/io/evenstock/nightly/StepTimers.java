package io.evenstock.nightly;

import io.evenstock.settings.Settings;
import jakarta.ejb.ScheduleExpression;
import jakarta.ejb.Timer;
import jakarta.ejb.TimerConfig;
import jakarta.ejb.TimerService;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.EnumSet;
import java.util.Objects;
import java.util.Set;
import java.util.logging.Logger;

/** Puts the settings' timers in the place of the defaults, each once. No step is without a timer meanwhile. */
final class StepTimers {
    private static final Logger LOG = Logger.getLogger(StepTimers.class.getName());

    private final Set<StepName> placed = EnumSet.noneOf(StepName.class);

    /** What fails is thrown; what was placed before stays, and the next call goes on with the rest. */
    synchronized void adjust(TimerService timers, Settings settings) {
        for (Timer timer : timers.getTimers()) {
            StepName.of(String.valueOf(timer.getInfo()))
                    .filter(step -> !isDefault(step, settings) && !placed.contains(step))
                    .ifPresent(step -> replace(timer, step, timers, settings));
        }
    }

    /** The default goes last: one that stayed would only ask twice, or too early, which changes nothing. */
    private void replace(Timer byDefault, StepName step, TimerService timers, Settings settings) {
        LocalTime time = time(step, settings);
        timers.createCalendarTimer(
                new ScheduleExpression()
                        .hour(time.getHour())
                        .minute(time.getMinute())
                        .second(time.getSecond())
                        .timezone(settings.zone().getId()),
                new TimerConfig(step.text(), false));
        placed.add(step);
        byDefault.cancel();
        LOG.info("The timer '" + step.text() + "' fires at " + time + " " + settings.zone());
    }

    private static boolean isDefault(StepName step, Settings settings) {
        LocalTime byDefault = switch (step) {
            case LIST -> LocalTime.of(1, 0);
            case FILTER -> LocalTime.of(1, 30);
            case RESET -> LocalTime.of(2, 0);
            case VARIANCE -> LocalTime.of(3, 0);
        };
        return time(step, settings).equals(byDefault) && settings.zone().equals(ZoneId.systemDefault());
    }

    private static LocalTime time(StepName step, Settings settings) {
        return Objects.requireNonNull(settings.schedule().times().get(step.text()));
    }
}
