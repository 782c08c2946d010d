package io.evenstock.nightly;

import io.evenstock.settings.Settings;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

/** The business's days: a cycle's business date is the local date of its reset. */
final class BusinessCalendar {
    /** So much may a node's clock be ahead; well less than a day, as a ring may come late, too. */
    private static final Duration CLOCKS_APART = Duration.ofHours(6);

    /** For so long a tick looks back, as ticks may be late. */
    private static final Duration GAP_WATCH = Duration.ofMinutes(5);

    private final Settings settings;

    BusinessCalendar(Settings settings) {
        this.settings = settings;
    }

    /** Today in the business's zone. */
    LocalDate today(Instant now) {
        return now.atZone(settings.zone()).toLocalDate();
    }

    /**
     * The business date that a step is for whose timer rings now: the last one whose time has come, or comes within as much as
     * the node's clock, by which it rings, may be ahead of the one that counts.
     */
    LocalDate businessDate(StepName step, Instant now) {
        LocalDate date = today(now).minusDays(daysFromReset(step));
        return Stream.of(date.plusDays(1), date, date.minusDays(1))
                .filter(each -> !due(each, step).isAfter(now.plus(CLOCKS_APART)))
                .findFirst()
                .orElseThrow();
    }

    /** When a step of that business date is due. In a DST gap the time after it counts, in an overlap the first one. */
    Instant due(LocalDate businessDate, StepName step) {
        return local(businessDate, step).atZone(settings.zone()).toInstant();
    }

    /** Whether the clocks go forward over the local time at which the step is due. */
    boolean inGap(LocalDate businessDate, StepName step) {
        return moments(local(businessDate, step)) == 0;
    }

    /** Whether the clocks have skipped the step's time of day just now: no timer rings then. */
    boolean skipped(StepName step, Instant now) {
        LocalDate date = businessDate(step, now);
        Instant due = due(date, step);
        return inGap(date, step) && !due.isAfter(now) && due.plus(GAP_WATCH).isAfter(now);
    }

    private LocalDateTime local(LocalDate businessDate, StepName step) {
        return businessDate.plusDays(daysFromReset(step)).atTime(time(step));
    }

    private int moments(LocalDateTime local) {
        return settings.zone().getRules().getValidOffsets(local).size();
    }

    /** What is odd about the local time at which a step of that business date is due; empty: nothing. */
    Optional<String> oddity(LocalDate businessDate, StepName step) {
        LocalDateTime local = local(businessDate, step);
        return switch (moments(local)) {
            case 0 ->
                Optional.of(local + " does not exist in " + settings.zone() + "; the step is due at "
                        + due(businessDate, step).atZone(settings.zone()).toLocalTime());
            case 1 -> Optional.empty();
            default ->
                Optional.of(local + " comes twice in " + settings.zone()
                        + "; the step is due the first time, and runs once");
        };
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

    /** The local time of day at which a step is due. */
    LocalTime time(StepName step) {
        return Objects.requireNonNull(settings.schedule().times().get(step.text()));
    }
}
