package io.evenstock.nightly;

import io.evenstock.database.Sql;
import io.evenstock.settings.Settings;
import jakarta.ejb.Stateless;
import jakarta.inject.Inject;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The nights as people look at them: the one that counts now, and the last ones. */
@Stateless
public class Nights {
    /** A timer that is so late has not rung. */
    private static final Duration SILENCE = Duration.ofMinutes(10);

    @Inject
    Cycles cycles;

    @Inject
    Settings settings;

    @Inject
    Sql sql;

    /**
     * A night with the times of its steps.
     *
     * @param due when each step is asked for
     */
    public record Night(LocalDate businessDate, List<CycleStep> steps, Map<StepName, Instant> due, Instant now) {
        public Night {
            steps = List.copyOf(steps);
            due = Map.copyOf(due);
        }

        public CycleStep step(StepName name) {
            return steps.stream()
                    .filter(step -> step.step() == name)
                    .findFirst()
                    .orElseThrow();
        }

        /** When a step is asked for. */
        public Instant due(StepName name) {
            return Objects.requireNonNull(due.get(name));
        }

        /** Whether it has come to its end. */
        public boolean done() {
            return step(StepName.VARIANCE).state() == StepState.DONE
                    || step(StepName.VARIANCE).state() == StepState.DROPPED;
        }
    }

    /**
     * A past night in a few words.
     *
     * @param state of the step that has come to the least: FAILED, HELD, RUNNING, WAITING, PLANNED or DONE
     * @param rows that its filter read
     * @param kept of these
     * @param seconds that its filter worked
     */
    public record Summary(
            LocalDate businessDate,
            StepState state,
            @Nullable Long rows,
            @Nullable Long kept,
            double seconds) {}

    /** The business date whose night counts now: from its first step's time on, today's; before, the last one's. */
    public LocalDate current() {
        BusinessCalendar calendar = new BusinessCalendar(settings);
        Instant now = cycles.now();
        LocalDate date = calendar.today(now).plusDays(1);
        while (calendar.due(date, StepName.LIST).isAfter(now)) {
            date = date.minusDays(1);
        }
        return date;
    }

    /** A night of any date, planned or run. */
    public Night night(LocalDate businessDate) {
        BusinessCalendar calendar = new BusinessCalendar(settings);
        Map<StepName, Instant> due = new EnumMap<>(StepName.class);
        for (StepName step : StepName.values()) {
            due.put(step, calendar.due(businessDate, step));
        }
        return new Night(businessDate, cycles.steps(businessDate), due, cycles.now());
    }

    /** Steps that should have been asked for by now, but never were; none while the schedule is off. */
    public List<StepName> silent(Night night) {
        List<StepName> silent = new ArrayList<>();
        if (settings.schedule().enabled() && night.due(StepName.LIST).isAfter(cycles.begin())) {
            for (CycleStep step : night.steps()) {
                Instant due = night.due(step.step());
                if (step.state() == StepState.PLANNED
                        && step.reason() == null
                        && due.plus(SILENCE).isBefore(night.now())) {
                    silent.add(step.step());
                }
            }
        }
        return silent;
    }

    /**
     * Nights, the newest, whose variance an operator must run: it was planned anew, as a run was taken back, its reset is done
     * and its timer has rung before. Their lines are withheld, but not deducted.
     */
    public List<Night> variancesToRun(int limit) {
        return sql.list("""
                select v.business_date from cycle_step v join cycle_step r using (business_date)
                where v.step = 'variance' and v.state = 'PLANNED' and v.reason is not null
                  and r.step = 'reset' and r.state = 'DONE'
                order by v.business_date desc limit ?
                """, row -> row.getObject(1, LocalDate.class), limit).stream()
                .map(this::night)
                .filter(night -> night.due(StepName.VARIANCE).plus(SILENCE).isBefore(night.now()))
                .toList();
    }

    /** The newest nights up to a date, the newest first. */
    public List<Summary> last(LocalDate until, int limit) {
        return sql.list(
                """
                select business_date,
                       (array['FAILED', 'HELD', 'RUNNING', 'WAITING', 'PLANNED', 'DONE'])[min(
                           array_position(array['FAILED', 'HELD', 'RUNNING', 'WAITING', 'PLANNED', 'DONE'],
                                          case state when 'DROPPED' then 'DONE' else state end))] as state,
                       max(rows) filter (where step = 'filter') as rows,
                       max(kept) filter (where step = 'filter') as kept,
                       coalesce(extract(epoch from max(finished_at - coalesce(working_since, started_at))
                                filter (where step = 'filter' and state = 'DONE')), 0) as seconds
                from (select business_date from cycle where business_date <= ? order by business_date desc limit ?) c
                join cycle_step using (business_date)
                group by business_date order by business_date desc
                """,
                row -> new Summary(
                        row.getObject("business_date", LocalDate.class),
                        StepState.valueOf(row.getString("state")),
                        row.getObject("rows", Long.class),
                        row.getObject("kept", Long.class),
                        row.getDouble("seconds")),
                until,
                limit);
    }

    /** Steps of other nights that need an operator. */
    public List<CycleStep> leftBehind(LocalDate but, int limit) {
        return sql.list("""
                        select distinct business_date from cycle_step
                        where state = 'FAILED' and retry_at is null and business_date <> ?
                        order by business_date desc limit ?
                        """, row -> row.getObject(1, LocalDate.class), but, limit).stream()
                .flatMap(date -> cycles.steps(date).stream())
                .filter(step -> step.state() == StepState.FAILED && step.retryAt() == null)
                .toList();
    }

    /** Nights before a date, the newest, of which something has begun and not come to its end. */
    public List<LocalDate> unfinished(LocalDate before, int limit) {
        return sql.list("""
                select distinct business_date from cycle_step
                where business_date < ? and state in ('WAITING', 'RUNNING', 'HELD', 'FAILED')
                order by business_date desc limit ?
                """, row -> row.getObject(1, LocalDate.class), before, limit);
    }

    /** Changes whenever a step of any night does: its state, its progress, its reason. */
    public String pulse() {
        return sql.one("""
                select coalesce(md5(string_agg(concat_ws(',', business_date, step, state, attempt, reason, progress_at,
                           finished_at), ';' order by business_date, step)), '')
                       || (select count(*) from snapshot_run where state = 'HELD')
                from cycle_step
                where business_date >= (select coalesce(max(business_date), 'epoch') - 2 from cycle)
                """, row -> row.getString(1));
    }

    /** Whether a business date may be looked at: from 2000 to today. */
    public Optional<LocalDate> known(LocalDate date) {
        LocalDate today = new BusinessCalendar(settings).today(cycles.now());
        return date.isAfter(today) || date.getYear() < 2000 ? Optional.empty() : Optional.of(date);
    }
}
