package io.evenstock.simulator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledIfSystemProperty;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/**
 * The plain rules of {@link io.evenstock.stock} in random histories against the oracle. {@code -Dsimulator.base=N}
 * repeats a whole run, {@code -Dsimulator.seed=N} replays one history, {@code -Dsimulator.histories=N} plays more or
 * fewer.
 */
class PlainRulesSimulatorTest {

    private static final long BASE = Simulator.base();
    private static final int HISTORIES = Integer.getInteger("simulator.histories", 20_000);
    private static final History.Options IN_PROCESS = History.Options.inProcess();
    private static final History.Options OVER_HTTP = History.Options.overHttp(History.Options.START);

    @BeforeAll
    static void printBase() {
        System.out.println("plain rules: base " + BASE + " (repeat with -Dsimulator.base=" + BASE + ")");
    }

    @Test
    @DisabledIfSystemProperty(named = "simulator.seed", matches = ".*")
    void plainRulesMeetTheOracle() {
        assertNoFailure(Simulator.play(BASE, HISTORIES, IN_PROCESS, PlainStockSystem::new));
        assertNoFailure(Simulator.play(BASE, HISTORIES / 10, OVER_HTTP, PlainStockSystem::new));
    }

    private static void assertNoFailure(Simulator.Outcome outcome) {
        System.out.printf(
                "plain rules: %,d histories, %,d messages, %,d figures compared, %d histories wrong%n",
                outcome.histories(), outcome.messages(), outcome.comparisons(), outcome.failing());
        assertEquals(
                0, outcome.failing(), () -> outcome.shortest().orElseThrow().report());
    }

    @Test
    @EnabledIfSystemProperty(named = "simulator.seed", matches = ".*")
    void replaysOneSeed() {
        for (History.Options options : List.of(IN_PROCESS, OVER_HTTP)) {
            History history = History.of(Long.getLong("simulator.seed", 0), options);
            Optional<Simulator.Failure> failure = Simulator.play(history, new PlainStockSystem());
            System.out.printf(
                    "plain rules: seed %d, %d messages, %s%n",
                    history.seed(), history.steps().size(), failure.isEmpty() ? "right" : "wrong");
            assertTrue(failure.isEmpty(), () -> failure.orElseThrow().report());
        }
    }
}
