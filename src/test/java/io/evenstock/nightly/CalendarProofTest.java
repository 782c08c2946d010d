package io.evenstock.nightly;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.evenstock.settings.Settings;
import io.evenstock.settings.SettingsReader;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/**
 * Weeks of nights in which the clocks go forward or back, February has 29 days, the business moves to another zone, nodes'
 * clocks are moments or up to a day off and all nodes are down for a while: each business date has each step exactly once, in its
 * order and never before its time. The calendar, the catch-up and the steps' states are the product's; timers ring as
 * servers' do, whose calendars differ in what they make of an hour that comes twice. {@code -Devenstock.seed=N} replays,
 * {@code -Devenstock.nights.histories=N} plays more; {@code mvn -Pproof verify} plays 400.
 */
class CalendarProofTest {
    private static final int HISTORIES = Integer.getInteger("evenstock.nights.histories", full() ? 400 : 16);
    private static final Duration TICK = Duration.ofMinutes(2);
    private static final Duration LEASE = Duration.ofSeconds(40);
    /** Where clocks are nearly right a step comes so soon; its timer may ring the second time in an overlap. */
    private static final Duration LATE = Duration.ofHours(2);

    private static final int DAYS = 24;

    private static final LocalDate LEAP_DAY = LocalDate.of(2028, 2, 29);

    /** Days in whose midst something happens to a clock. */
    private static final List<Turn> TURNS = List.of(
            new Turn("Europe/London", LocalDate.of(2027, 3, 28)),
            new Turn("Europe/London", LocalDate.of(2026, 10, 25)),
            new Turn("America/New_York", LocalDate.of(2027, 3, 14)),
            new Turn("America/New_York", LocalDate.of(2026, 11, 1)),
            new Turn("Australia/Lord_Howe", LocalDate.of(2026, 10, 4)),
            new Turn("Australia/Lord_Howe", LocalDate.of(2027, 4, 4)),
            new Turn("America/New_York", LEAP_DAY),
            new Turn("Europe/London", LEAP_DAY));

    private static final List<String[]> TIMES = List.of(
            new String[] {"01:00", "01:30", "02:00", "03:00"},
            new String[] {"22:30", "23:45", "01:59:59", "02:15"},
            new String[] {"23:59:59", "00:00", "00:00:01", "00:05"});

    private static boolean full() {
        return System.getProperty("evenstock.proof", "").equals("full");
    }

    private record Turn(String zone, LocalDate day) {}

    @Test
    void eachBusinessDateHasEachStepOnce() {
        long seed = Long.getLong("evenstock.seed", System.nanoTime());
        for (int number = 0; number < HISTORIES; number++) {
            History history = new History(seed + number, TURNS.get(number % TURNS.size()));
            String which = "-Devenstock.nights.histories=1 -Devenstock.seed=" + (seed + number) + ", " + history;
            history.play(which);
        }
    }

    /** Some weeks of some nodes. */
    private static final class History {
        private final Random dice;
        private final Turn turn;
        private final Instant begin;
        private final Instant end;
        private final Instant move;
        private final Settings before;
        private final Settings after;
        private final boolean all;

        /** No clock is right, each up to a day off; else the first node's is. In the weeks of a DST turn one must be. */
        private final boolean skewed;

        private final TreeMap<Instant, List<Runnable>> events = new TreeMap<>();
        private final Map<String, CycleStep> database = new HashMap<>();
        private final Map<String, Instant> ran = new HashMap<>();
        private Instant now;

        History(long seed, Turn turn) {
            this.dice = new Random(seed);
            this.turn = turn;
            this.begin =
                    turn.day.minusDays(DAYS / 2).atStartOfDay(ZoneOffset.UTC).toInstant();
            this.end = begin.plus(Duration.ofDays(DAYS));
            this.now = begin;
            this.all = dice.nextInt(3) > 0;
            String[] times = TIMES.get(dice.nextInt(TIMES.size()));
            String zone = dice.nextInt(3) > 0 ? turn.zone : TURNS.get(dice.nextInt(TURNS.size())).zone;
            this.skewed = turn.day.equals(LEAP_DAY) && dice.nextBoolean();
            this.move = skewed ? end : begin.plus(Duration.ofMinutes(dice.nextInt(DAYS * 1_440)));
            this.before = settings(turn.zone, times);
            this.after = settings(zone, times);
        }

        private Settings settings(String zone, String... times) {
            Map<String, String> set = new HashMap<>();
            set.put("evenstock.zone", zone);
            set.put("evenstock.schedule.catch-up", all ? "ALL" : "LAST");
            set.put("evenstock.schedule.list", times[0]);
            set.put("evenstock.schedule.filter", times[1]);
            set.put("evenstock.schedule.reset", times[2]);
            set.put("evenstock.schedule.variance", times[3]);
            return new SettingsReader(name -> Optional.ofNullable(set.get(name))).read();
        }

        private Settings settings() {
            return now.isBefore(move) ? before : after;
        }

        private BusinessCalendar calendar() {
            return new BusinessCalendar(settings());
        }

        void play(String which) {
            int nodes = 1 + dice.nextInt(4);
            Instant allDown = begin.plus(Duration.ofMinutes(dice.nextInt((DAYS - 10) * 1_440)));
            Duration outage = Duration.ofMinutes(dice.nextInt(8 * 1_440));
            // A wrong clock's rings may hide that the right ones' fail.
            boolean allRight = dice.nextInt(3) > 0;
            for (int node = 0; node < nodes; node++) {
                Duration ahead = (node == 0 || allRight) && !skewed ? nearly() : ahead();
                if (skewed) {
                    up(begin, end, before, ahead);
                } else {
                    runs(begin, allDown, ahead);
                    runs(allDown.plus(outage), end, ahead);
                }
            }
            events.forEach((at, what) -> {
                now = at;
                what.forEach(Runnable::run);
            });
            requireEachOnce(allDown, allDown.plus(outage), which);
        }

        /** As right as NTP makes it. */
        private Duration nearly() {
            return Duration.ofMillis(dice.nextInt(4_001) - 2_000L);
        }

        private Duration ahead() {
            return Duration.ofMinutes(dice.nextInt(2_881) - 1_440L);
        }

        /** A node is up for a while; a move to another zone takes a restart. */
        private void runs(Instant from, Instant to, Duration ahead) {
            if (from.isBefore(move) && move.isBefore(to)) {
                up(from, move, before, ahead);
                up(move, to, after, ahead);
            } else {
                up(from, to, from.isBefore(move) ? before : after, ahead);
            }
        }

        private void up(Instant from, Instant to, Settings settings, Duration ahead) {
            boolean java = dice.nextBoolean();
            at(from, this::catchUp);
            for (Instant tick = from; tick.isBefore(to); tick = tick.plus(TICK)) {
                at(tick, () -> tick(ahead));
            }
            for (LocalDate date = turn.day.minusDays(DAYS);
                    date.isBefore(turn.day.plusDays(DAYS));
                    date = date.plusDays(1)) {
                for (StepName step : StepName.values()) {
                    LocalTime time = new BusinessCalendar(settings).time(step);
                    for (Instant ring : rings(date.atTime(time), settings.zone(), java)) {
                        Instant at = ring.minus(ahead);
                        if (!at.isBefore(from) && at.isBefore(to)) {
                            at(at, () -> ask(calendar().businessDate(step, now), step));
                        }
                    }
                }
            }
        }

        /** No ring in a gap; in an overlap the first (java.time), or the last (java.util.Calendar), or both. */
        private static List<Instant> rings(LocalDateTime local, ZoneId zone, boolean both) {
            List<ZoneOffset> offsets = zone.getRules().getValidOffsets(local);
            return offsets.stream()
                    .skip(both ? 0 : Math.max(0, offsets.size() - 1))
                    .map(local::toInstant)
                    .toList();
        }

        private void at(Instant at, Runnable what) {
            events.computeIfAbsent(at, each -> new ArrayList<>()).add(what);
        }

        private void catchUp() {
            for (CatchUp.Missed missed : CatchUp.missed(settings().schedule().catchUp(), calendar(), now, begin)) {
                if (step(missed.businessDate(), missed.step()).unasked()) {
                    ask(missed.businessDate(), missed.step());
                }
            }
        }

        private void tick(Duration ahead) {
            List.copyOf(database.values()).stream()
                    .filter(step -> step.state() == StepState.WAITING)
                    .forEach(step -> ask(step.businessDate(), step.step()));
            for (StepName step : StepName.values()) {
                if (calendar().skipped(step, now.plus(ahead))) {
                    ask(calendar().businessDate(step, now), step);
                }
            }
        }

        /** As {@link Cycles#ask}, and it is done at once. */
        private void ask(LocalDate date, StepName name) {
            CycleStep step = step(date, name);
            if (!step.goesOn(now)) {
                return;
            }
            boolean early = calendar().due(date, name).isAfter(now);
            Optional<StepName> before = name.predecessor();
            boolean waits = before.isPresent() && step(date, before.get()).state() != StepState.DONE;
            if (early || waits) {
                step.await("its turn");
                return;
            }
            step.claim("a node", now, LEASE);
            step.succeed(new StepResult(null, 1, 1, 0, 1, null, List.of(), () -> {}, () -> {}), now);
            assertEquals(1, step.attempt());
            ran.put(date + " " + name, now);
        }

        private CycleStep step(LocalDate date, StepName name) {
            return database.computeIfAbsent(date + " " + name, each -> new CycleStep(date, name));
        }

        /** All nights, but with LAST those that passed while nobody was up. */
        private void requireEachOnce(Instant down, Instant up, String which) {
            LocalDate last = turn.day.plusDays(DAYS / 2 - 4L);
            for (LocalDate date = turn.day.minusDays(DAYS / 2 - 2L); date.isBefore(last); date = date.plusDays(1)) {
                if (all || !missed(date, down, up)) {
                    requireNight(date, down, up, which);
                }
            }
        }

        private boolean missed(LocalDate date, Instant down, Instant up) {
            BusinessCalendar old = new BusinessCalendar(before);
            BusinessCalendar young = new BusinessCalendar(after);
            Instant first = earlier(old.due(date, StepName.LIST), young.due(date, StepName.LIST));
            Instant last = later(old.due(date, StepName.VARIANCE), young.due(date, StepName.VARIANCE));
            return last.plus(Duration.ofDays(1)).isAfter(down)
                    && first.minus(Duration.ofDays(1)).isBefore(up);
        }

        private void requireNight(LocalDate date, Instant down, Instant up, String which) {
            boolean punctual = !skewed && before.zone().equals(after.zone()) && !missed(date, down, up);
            Instant earliest = Instant.MIN;
            for (StepName step : StepName.values()) {
                Instant at = Optional.ofNullable(ran.get(date + " " + step))
                        .orElseThrow(() -> new AssertionError(date + " has no " + step + ": " + which));
                assertTrue(!at.isBefore(earliest), () -> date + " " + step + " before its predecessor: " + which);
                Instant due = earlier(
                        new BusinessCalendar(this.before).due(date, step), new BusinessCalendar(after).due(date, step));
                assertTrue(!at.isBefore(due), () -> date + " " + step + " before its time: " + which);
                assertTrue(
                        !punctual || at.isBefore(due.plus(LATE)),
                        () -> date + " " + step + " only at " + at + ": " + which);
                earliest = at;
            }
        }

        private static Instant earlier(Instant one, Instant other) {
            return one.isBefore(other) ? one : other;
        }

        private static Instant later(Instant one, Instant other) {
            return one.isBefore(other) ? other : one;
        }

        @Override
        public String toString() {
            return "%s, %s, then %s from %s, %s%s"
                    .formatted(turn, before.zone(), after.zone(), move, all ? "ALL" : "LAST", skewed ? ", skewed" : "");
        }
    }
}
