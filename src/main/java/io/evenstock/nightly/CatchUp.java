package io.evenstock.nightly;

import io.evenstock.settings.Settings;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;

/**
 * Makes up for steps that were due while no node was up, at the start of a node: NONE of them, those of the LAST night, or
 * of ALL nights, the oldest first. Only what nobody has asked for is missed, and only since the database was set up.
 */
@ApplicationScoped
class CatchUp {
    /** Files older than that are hardly there any more. */
    static final int MOST_NIGHTS = 31;

    @Inject
    Cycles cycles;

    @Inject
    Nightly nightly;

    @Inject
    Settings settings;

    /** Asks for what was missed. */
    void run() {
        for (Missed missed :
                missed(settings.schedule().catchUp(), new BusinessCalendar(settings), cycles.now(), cycles.begin())) {
            askIfNobodyHas(missed.businessDate(), missed.step());
        }
    }

    /** Asks for a step, unless somebody has before, whatever came of it. */
    void askIfNobodyHas(LocalDate businessDate, StepName step) {
        if (cycles.unasked(businessDate, step)) {
            nightly.ask(businessDate, step);
        }
    }

    /** What was due from {@code begin} to {@code now} by the policy, in the order in which it is to run. */
    static List<Missed> missed(Settings.CatchUp policy, BusinessCalendar calendar, Instant now, Instant begin) {
        // A list in the evening is for tomorrow's business date.
        LocalDate newest = calendar.today(now).plusDays(1);
        List<Missed> missed = new ArrayList<>();
        for (LocalDate date = newest.minusDays(MOST_NIGHTS); !date.isAfter(newest); date = date.plusDays(1)) {
            List<Missed> night = due(calendar, date, now, begin);
            if (!night.isEmpty() && policy == Settings.CatchUp.LAST) {
                missed.clear();
            }
            missed.addAll(night);
        }
        return policy == Settings.CatchUp.NONE ? List.of() : missed;
    }

    private static List<Missed> due(BusinessCalendar calendar, LocalDate date, Instant now, Instant begin) {
        List<Missed> due = new ArrayList<>();
        for (StepName step : StepName.values()) {
            Instant at = calendar.due(date, step);
            if (at.isAfter(begin) && !at.isAfter(now)) {
                due.add(new Missed(date, step));
            }
        }
        return due;
    }

    record Missed(LocalDate businessDate, StepName step) {}
}
