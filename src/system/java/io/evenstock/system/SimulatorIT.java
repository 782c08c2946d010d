package io.evenstock.system;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.evenstock.lab.ApiClient;
import io.evenstock.lab.EvenstockServer;
import io.evenstock.simulator.History;
import io.evenstock.simulator.Simulator;
import io.evenstock.simulator.Simulator.Failure;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.IntFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledIfSystemProperty;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.api.parallel.ResourceLock;

/**
 * The simulator's histories against the built WAR: all that the OMS is told goes in by HTTP and SFTP, and the figures
 * that come out must be the oracle's. {@code -Dsimulator.base=N} repeats a whole run, {@code -Dsimulator.seed=N} replays
 * one history, {@code -Dsimulator.http.histories=N} plays more or fewer. Runs beside the other classes, with a database and folders
 * of its own.
 */
@ExtendWith(Evenstock.class)
// Not beside them: two cores have enough to do with one of the two.
@ResourceLock("timers")
@Execution(ExecutionMode.CONCURRENT)
class SimulatorIT {
    private static final long BASE = Simulator.base();
    private static final int HISTORIES = Integer.getInteger("simulator.http.histories", Proof.full() ? 50 : 25);

    /** Runs that are newer count for the depth of an undo, so time goes forward from here. */
    private static final int LAST_DAY_BACK = 620;

    private static final int DAYS_OF_A_HISTORY = 10;
    private static final int PLAYERS = 6;

    /** So few histories are under way that no run has 100 newer ones above it. */
    private static final int WINDOW = 12;

    @Test
    @DisabledIfSystemProperty(named = "simulator.seed", matches = ".*")
    void evenstockMeetsTheOracle(Evenstock.Running evenstock) throws IOException {
        System.out.println("over HTTP: base " + BASE + " (repeat with -Dsimulator.base=" + BASE + ")");
        try (EvenstockServer node = node(evenstock)) {
            assertRight(playAll(number -> play(evenstock, node, BASE + number, number)));
        }
    }

    /** Several at once: most of the time a history waits for a file to be taken. */
    private static List<Optional<Failure>> playAll(IntFunction<Optional<Failure>> play) {
        ExecutorService players = Executors.newFixedThreadPool(PLAYERS);
        try {
            List<CompletableFuture<Optional<Failure>>> outcomes = new ArrayList<>();
            for (int number = 0; number < HISTORIES; number++) {
                int own = number;
                CompletableFuture<?>[] before =
                        outcomes.stream().limit(Math.max(0, number - WINDOW)).toArray(CompletableFuture[]::new);
                outcomes.add(CompletableFuture.allOf(before)
                        .thenCompose(ended -> CompletableFuture.supplyAsync(() -> play.apply(own), players)));
            }
            return outcomes.stream().map(CompletableFuture::join).toList();
        } finally {
            players.shutdownNow();
        }
    }

    @Test
    @EnabledIfSystemProperty(named = "simulator.seed", matches = ".*")
    void replaysOneSeed(Evenstock.Running evenstock) throws IOException {
        try (EvenstockServer node = node(evenstock)) {
            assertRight(List.of(play(evenstock, node, Long.getLong("simulator.seed", 0), 0)));
        }
    }

    /** A node as the simulator takes it for granted, with folders of its own on the SFTP server. */
    private static EvenstockServer node(Evenstock.Running evenstock) throws IOException {
        Map<String, String> settings = new HashMap<>(SimulatedUploads.settings(evenstock.sftpRoot()));
        settings.put(
                "EVENSTOCK_WORK_DIR",
                evenstock.workFolder().resolve("simulator").toString());
        settings.put("EVENSTOCK_ZONE", "UTC");
        settings.put("EVENSTOCK_RESET_MINIMUM_SHARE", "0");
        settings.put("EVENSTOCK_FEED_INTERVAL", "PT1S");
        // A node carries on what any other has begun, and would look for its files in these folders.
        settings.put("EVENSTOCK_DB_URL", evenstock.newDatabase("simulator"));
        return evenstock.node("simulator", settings);
    }

    private static Optional<Failure> play(Evenstock.Running evenstock, EvenstockServer node, long seed, int number) {
        History history = History.of(seed, options(number));
        SimulatedNames names = new SimulatedNames(number);
        Path sftpRoot = evenstock.sftpRoot();
        ApiClient api = evenstock.apiOf(node);
        long start = System.nanoTime();
        Optional<Failure> failure =
                Simulator.play(history, new HttpStockSystem(api, new SimulatedUploads(sftpRoot, names), names));
        System.out.printf(
                "over HTTP: seed %d, %d messages, %d figures compared, %.1f s, %s%n",
                seed,
                history.steps().size(),
                history.steps().stream()
                        .mapToInt(step -> step.expected().size())
                        .sum(),
                (System.nanoTime() - start) / 1e9,
                failure.map(wrong -> wrong.pair() + " expected " + wrong.expected() + " was " + wrong.seen())
                        .orElse("right"));
        return failure;
    }

    private static History.Options options(int number) {
        LocalDate today = LocalDate.ofInstant(Clock.systemUTC().instant(), ZoneOffset.UTC);
        Instant start = today.minusDays(LAST_DAY_BACK + (long) DAYS_OF_A_HISTORY * (HISTORIES - number))
                .atStartOfDay(ZoneOffset.UTC)
                .toInstant();
        return History.Options.overHttp(start);
    }

    private static void assertRight(List<Optional<Failure>> outcomes) {
        List<Failure> failures = outcomes.stream().flatMap(Optional::stream).toList();
        System.out.printf("over HTTP: %d histories, %d wrong%n", outcomes.size(), failures.size());
        assertTrue(
                failures.isEmpty(),
                () -> failures.size() + " of " + outcomes.size() + " histories are wrong. The shortest: "
                        + failures.stream()
                                .min(Comparator.comparingInt(Failure::step))
                                .orElseThrow()
                                .report());
    }
}
