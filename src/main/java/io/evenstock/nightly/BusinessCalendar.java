package io.evenstock.nightly;

import io.evenstock.settings.Settings;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZonedDateTime;
import java.util.Objects;

/** The business's days: a cycle's business date is the local date of its reset. */
final class BusinessCalendar {
    private final Settings settings;

    BusinessCalendar(Settings settings) {
        this.settings = settings;
    }

    /** Today in the business's zone. */
    LocalDate today(Instant now) {
        return now.atZone(settings.zone()).toLocalDate();
    }

    /** The business date that a step is for which is due now. */
    LocalDate businessDate(StepName step, Instant now) {
        return today(now).plusDays(-daysFromReset(step));
    }

    /** When a step of that business date is due. In a DST gap the time after it counts, in an overlap the first one. */
    Instant due(LocalDate businessDate, StepName step) {
        return ZonedDateTime.of(businessDate.plusDays(daysFromReset(step)), time(step), settings.zone())
                .toInstant();
    }

    /** -1: on the evening before its reset; 1: after midnight behind it. */
    private int daysFromReset(StepName step) {
        LocalTime reset = time(StepName.RESET);
        return switch (step) {
            case LIST, FILTER -> time(step).isAfter(reset) ? -1 : 0;
            case RESET -> 0;
            case VARIANCE -> time(step).isBefore(reset) ? 1 : 0;
        };
    }

    private LocalTime time(StepName step) {
        return Objects.requireNonNull(settings.schedule().times().get(step.text()));
    }
}
