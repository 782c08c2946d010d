package io.evenstock.simulator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledIfSystemProperty;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/**
 * Random histories against the oracle. {@code -Dsimulator.base=N} repeats a whole run, {@code -Dsimulator.seed=N}
 * replays and prints one history, {@code -Dsimulator.histories=N} plays more or fewer, {@code -Dsimulator.table=true}
 * tries every mutation on all of its 2,000 histories instead of stopping when 5 have noticed.
 */
class SimulatorTest {

    private static final long BASE = Simulator.base();
    private static final int HISTORIES = Integer.getInteger("simulator.histories", 2_000);
    private static final History.Options IN_PROCESS = History.Options.inProcess();
    private static final History.Options OVER_HTTP = History.Options.overHttp(Instant.parse("2026-03-01T00:00:00Z"));

    private static final History.Options UNDISPUTED = IN_PROCESS.without(EnumSet.allOf(Disputed.class));
    private static final int ENOUGH = Boolean.getBoolean("simulator.table") ? Integer.MAX_VALUE : 5;

    /** How many of the histories played noticed. */
    private record Noticed(int noticing, int played) {}

    @BeforeAll
    static void printBase() {
        System.out.println("simulator: base " + BASE + " (repeat with -Dsimulator.base=" + BASE + ")");
    }

    @Test
    @DisabledIfSystemProperty(named = "simulator.seed", matches = ".*")
    void referenceMeetsTheOracle() {
        assertNoFailure(Simulator.play(BASE, HISTORIES, IN_PROCESS, ReplaySystem::new));
        assertNoFailure(Simulator.play(BASE, HISTORIES / 10, OVER_HTTP, ReplaySystem::new));
        assertNoFailure(Simulator.play(BASE, HISTORIES / 10, UNDISPUTED, ReplaySystem::new));
    }

    private static void assertNoFailure(Simulator.Outcome outcome) {
        System.out.printf(
                "simulator: %,d histories, %,d messages, %,d figures compared, %d histories wrong%n",
                outcome.histories(), outcome.messages(), outcome.comparisons(), outcome.failing());
        assertEquals(
                0, outcome.failing(), () -> outcome.shortest().orElseThrow().report());
    }

    /** The oracle itself, against what lies on the shelves when everything has been told. */
    @Test
    @DisabledIfSystemProperty(named = "simulator.seed", matches = ".*")
    void oracleEndsAtTheTruth() {
        LongStream.range(BASE, BASE + HISTORIES).parallel().forEach(seed -> {
            HistoryGenerator generator = new HistoryGenerator(seed, OVER_HTTP);
            Oracle oracle = generator.oracleInTheEnd();
            for (Pair pair : oracle.figures().keySet()) {
                long truth = oracle.truth(generator.world(), pair);
                assertEquals(
                        truth, oracle.settled(pair), () -> "seed " + seed + " " + pair + "\n" + oracle.trail(pair));
            }
        });
    }

    @Test
    @DisabledIfSystemProperty(named = "simulator.seed", matches = ".*")
    void everyBrokenRuleIsNoticed() {
        List<History> histories = histories(2_000);
        Map<Mutation, Noticed> table = new EnumMap<>(Mutation.class);
        List.of(Mutation.values()).parallelStream()
                .map(mutation -> Map.entry(mutation, noticed(histories, mutation)))
                .toList()
                .forEach(entry -> table.put(entry.getKey(), entry.getValue()));
        table.forEach((mutation, noticed) -> System.out.printf(
                "  %-38s %-16s noticed by %4d of %4d%n",
                mutation, mutation.rule(), noticed.noticing(), noticed.played()));
        table.forEach((mutation, noticed) ->
                assertEquals(mutation != Mutation.NONE, noticed.noticing() > 0, () -> mutation + ": " + noticed));
    }

    private static Noticed noticed(List<History> histories, Mutation mutation) {
        int noticing = 0;
        int played = 0;
        while (played < histories.size() && noticing < ENOUGH) {
            History history = histories.get(played++);
            noticing += Simulator.play(history, new ReplaySystem(mutation)).isPresent() ? 1 : 0;
        }
        return new Noticed(noticing, played);
    }

    @Test
    @DisabledIfSystemProperty(named = "simulator.seed", matches = ".*")
    void naivePipelineIsWrong() {
        List<int[]> counts =
                histories(1_000).stream().map(SimulatorTest::naivelyWrong).toList();
        int wrong = counts.stream().mapToInt(count -> count[0]).sum();
        int pairs = counts.stream().mapToInt(count -> count[1]).sum();
        System.out.printf("simulator: naive pipeline, in the end wrong in %d of %d pairs%n", wrong, pairs);
        assertTrue(wrong * 5 > pairs, () -> wrong + " of " + pairs);
    }

    private static int[] naivelyWrong(History history) {
        StockSystem naive = new NaiveSystem();
        history.steps().forEach(step -> naive.deliver(step.recordedAt(), step.message()));
        Map<Pair, Figure> expected =
                history.steps().get(history.steps().size() - 1).expected();
        List<Pair> wrong = new ArrayList<>();
        expected.forEach((pair, figure) -> {
            if (!naive.figure(pair.facility(), pair.product()).equals(figure)) {
                wrong.add(pair);
            }
        });
        return new int[] {wrong.size(), expected.size()};
    }

    private static List<History> histories(int count) {
        return IntStream.range(0, count)
                .parallel()
                .mapToObj(number -> History.of(BASE + number, IN_PROCESS))
                .toList();
    }

    @Test
    @EnabledIfSystemProperty(named = "simulator.seed", matches = ".*")
    void replaysOneSeed() {
        for (History.Options options : List.of(IN_PROCESS, OVER_HTTP, UNDISPUTED)) {
            History history = History.of(Long.getLong("simulator.seed", 0), options);
            int last = history.steps().size() - 1;
            System.out.println(history.print(last));
            System.out.println(
                    "must be in the end: " + history.steps().get(last).expected());
            Optional<Simulator.Failure> failure = Simulator.play(history, new ReplaySystem());
            assertTrue(failure.isEmpty(), () -> failure.orElseThrow().report());
        }
    }
}
