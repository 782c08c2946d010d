package io.evenstock.nightly;

import io.evenstock.access.Actor;
import io.evenstock.access.Audit;
import io.evenstock.http.ProblemException;
import io.evenstock.settings.Settings;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.transaction.Transactional;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The steps' timers: when each asks next, what the clocks do to it, and who has paused it. A pause stands in the audit trail, in
 * one transaction.
 */
@ApplicationScoped
public class Timers {
    private static final int DAYS_LOOKED_AHEAD = 366;

    @Inject
    Cycles cycles;

    @Inject
    TimerPauses pauses;

    @Inject
    Settings settings;

    @Inject
    Audit audit;

    /**
     * A step's timer.
     *
     * @param time of day, local to the business
     * @param fires the next ones, at least one
     * @param notes on the days of the coming year on which the clocks change over the step's time
     */
    public record Timer(
            StepName step, LocalTime time, List<Fire> fires, List<String> notes, Optional<TimerPause> pause) {
        public Timer {
            fires = List.copyOf(fires);
            notes = List.copyOf(notes);
        }
    }

    /**
     * A moment at which the timer asks.
     *
     * @param note what the clocks do at that time of that day; null: nothing
     */
    public record Fire(
            Instant at, LocalDate businessDate, @Nullable String note) {}

    /** A step's timer with so many of its next fires. */
    public Timer of(StepName step, int fires) {
        BusinessCalendar calendar = new BusinessCalendar(settings);
        LocalDate next = next(calendar, step, cycles.now());
        List<Fire> coming = new ArrayList<>();
        for (int i = 0; i < fires; i++) {
            LocalDate date = next.plusDays(i);
            coming.add(new Fire(
                    calendar.due(date, step), date, calendar.oddity(date, step).orElse(null)));
        }
        List<String> notes = next.datesUntil(next.plusDays(DAYS_LOOKED_AHEAD))
                .flatMap(date -> calendar.oddity(date, step).stream())
                .toList();
        return new Timer(step, calendar.time(step), coming, notes, pauses.of(step));
    }

    /**
     * Pauses a timer on all nodes.
     *
     * @param until null: until somebody resumes it
     * @throws ProblemException 400 if {@code until} has passed
     */
    @Transactional
    public void pause(StepName step, Actor by, @Nullable String reason, @Nullable Instant until) {
        if (until != null && !until.isAfter(cycles.now())) {
            throw ProblemException.invalid("/until", "until must lie in the future: " + until);
        }
        pauses.pause(step, by.name(), reason, until);
        audit.record(
                by,
                "timer paused",
                step.text(),
                (reason == null ? "no reason given" : reason) + (until == null ? "" : "; until " + until));
    }

    /** The timer asks again. */
    @Transactional
    public void resume(StepName step, Actor by) {
        pauses.resume(step);
        audit.record(by, "timer resumed", step.text(), null);
    }

    /** The database's time. */
    public Instant now() {
        return cycles.now();
    }

    private static LocalDate next(BusinessCalendar calendar, StepName step, Instant now) {
        LocalDate date = calendar.today(now).minusDays(1);
        while (!calendar.due(date, step).isAfter(now)) {
            date = date.plusDays(1);
        }
        return date;
    }
}
