package io.evenstock.snapshot;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.evenstock.database.DatabaseException;
import io.evenstock.database.OneConnection;
import io.evenstock.database.Schema;
import io.evenstock.database.Sql;
import io.evenstock.lab.EmbeddedDatabase;
import io.evenstock.lab.Undertaker;
import io.evenstock.settings.SettingsReader;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/**
 * Random runs are loaded, applied and undone while old parts are given up: each pair's base stays the one that all runs
 * together give. {@code -Devenstock.seed=N} replays.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RetentionTest {
    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
    private static final int UNDO_DEPTH = 3;
    private static final int PAIRS = 40;
    private static final int RUNS = 60;

    private final long seed = Long.getLong("evenstock.seed", System.nanoTime());
    private final Random random = new Random(seed);
    private final List<Run> runs = new ArrayList<>();
    private final SnapshotLoader loader = new SnapshotLoader();
    private final Retention retention = new Retention();
    private Undertaker undertaker;
    private EmbeddedDatabase database;
    private Sql sql;

    /** A run with its quantities by product. */
    private record Run(long runId, Instant asOf, Map<Integer, Integer> quantities, AtomicBoolean undone) {}

    @BeforeAll
    @SuppressWarnings("UnnecessaryAssignment") // no container is here to inject
    void start() throws IOException, SQLException {
        System.out.println("retention: " + replay());
        undertaker = Undertaker.hire();
        database = EmbeddedDatabase.start(undertaker.newFolder("evenstock-retention-"), undertaker);
        Schema.migrate(database.url(), database.user(), database.password());
        sql = OneConnection.to(database.url(), database.user(), database.password());
        loader.sql = sql;
        loader.parts = new Parts();
        retention.sql = sql;
        retention.parts = loader.parts;
        loader.settings = new SettingsReader(name -> Optional.empty()).read();
        retention.settings = new SettingsReader(name -> name.equals("evenstock.undo.depth")
                        ? Optional.of(String.valueOf(UNDO_DEPTH))
                        : Optional.empty())
                .read();
        sql.update("insert into facility (facility_id, name) values ('F', 'F')");
        sql.update(
                "insert into product (product_id, name, active) select 'P' || n, '', true from generate_series(1, ?) n",
                PAIRS);
    }

    @AfterAll
    void stop() throws IOException {
        undertaker.close();
    }

    /** Lines stay as long as their run waits to be published; nobody publishes here. */
    private void published() {
        sql.update("delete from dirty_bulk");
    }

    @Test
    void eachPairKeepsItsBaseWhateverIsGivenUp() {
        long givenUp = 0;
        long kept = 0;
        for (int i = 0; i < RUNS; i++) {
            if (random.nextInt(5) == 0) {
                undoOne();
            } else {
                applyOne(i);
            }
            if (random.nextInt(3) > 0) {
                closeSharedParts();
                published();
                Retention.Tidied tidied = retention.tidy();
                givenUp += tidied.parts();
                kept += tidied.linesKept();
            }
            assertBases("after step " + i);
        }
        assertTrue(givenUp > 10, () -> "hardly a part was given up; " + replay());
        assertTrue(kept > 0, () -> "no line was kept; " + replay());
        assertTrue(attachedParts() <= 2 * UNDO_DEPTH + 4, () -> attachedParts() + " parts are attached; " + replay());
    }

    @Test
    @SuppressWarnings("UnnecessaryAssignment") // no container is here to inject
    void aNodeThatFreezesWhileItTidiesHoldsUpNoLoadForLong() throws Exception {
        Retention frozen = new Retention();
        frozen.sql = OneConnection.each(database.url(), database.user(), database.password());
        frozen.parts = loader.parts;
        frozen.longestSilence = Duration.ofMillis(200);
        CompletableFuture<Boolean> tidying = new CompletableFuture<>();
        CompletableFuture<Boolean> awake = new CompletableFuture<>();
        ExecutorService node = Executors.newSingleThreadExecutor();
        try {
            Future<Optional<String>> tidied = node.submit(() -> frozen.alone(connection -> {
                tidying.complete(true);
                awake.join();
                return connection.getSchema();
            }));
            tidying.join();
            assertTimeoutPreemptively(Duration.ofMinutes(1), this::loadNothing);
            awake.complete(true);
            ExecutionException late = assertThrows(ExecutionException.class, tidied::get);
            assertInstanceOf(DatabaseException.class, late.getCause(), "its lock was gone");
        } finally {
            node.shutdownNow();
        }
    }

    private void loadNothing() {
        sql.inTransaction(connection -> {
            loader.parts.shareLayout(connection);
            return true;
        });
    }

    private void applyOne(int step) {
        Instant asOf =
                START.plusSeconds(3_600L * (step + 1) - (random.nextInt(6) == 0 ? 3_600L * random.nextInt(20) : 0));
        Lines lines = new Lines();
        Map<Integer, Integer> quantities = new TreeMap<>();
        for (int product = 1; product <= PAIRS; product++) {
            // A fifth of the pairs is hardly ever in a file.
            if (random.nextInt(product % 5 == 0 ? 12 : 2) == 0) {
                quantities.put(product, random.nextInt(100));
                lines.add(1, product, quantities.get(product), product + 1);
            }
        }
        long runId = sql.one("""
                insert into snapshot_run (kind, as_of, source_name, source_sha256, state)
                values ('FEED', ?, 'f', ?, 'PREPARED') returning run_id
                """, row -> row.getLong(1), asOf, "sha-" + step);
        SnapshotContent content = new SnapshotContent(lines, new BitSet(), List.of(), lines.size(), 0, 0);
        loader.maxSharingLines = random.nextInt(4) == 0 ? 0 : SnapshotLoader.MAX_SHARING_LINES;
        loader.load(runId, asOf, content);
        if (random.nextInt(10) == 0) {
            loader.load(runId, asOf, content); // an attempt that was killed, once more
        }
        sql.update("update snapshot_run set state = 'APPLIED', applied_at = clock_timestamp() where run_id = ?", runId);
        runs.add(new Run(runId, asOf, quantities, new AtomicBoolean()));
    }

    /** As reversal does: only what does not lie too deep. */
    private void undoOne() {
        List<Long> undoable = sql.list("""
                select run_id from snapshot_run r
                where state = 'APPLIED' and not final
                  and (select count(*) from snapshot_run n where n.state = 'APPLIED' and n.as_of > r.as_of) < ?
                order by run_id
                """, row -> row.getLong(1), UNDO_DEPTH);
        if (!undoable.isEmpty()) {
            long runId = undoable.get(random.nextInt(undoable.size()));
            sql.update("update snapshot_run set state = 'UNDONE' where run_id = ?", runId);
            runs.stream().filter(run -> run.runId == runId).forEach(run -> run.undone.set(true));
        }
    }

    private void closeSharedParts() {
        if (random.nextInt(2) == 0) {
            sql.update("update snapshot_part set opened_at = opened_at - interval '2 days'");
        }
    }

    private void assertBases(String when) {
        for (int product = 1; product <= PAIRS; product++) {
            assertEquals(expected(product), found(product), when + ", product " + product + ", " + replay());
        }
    }

    private String expected(int product) {
        return runs.stream()
                .filter(run -> !run.undone.get() && run.quantities.containsKey(product))
                .min(Comparator.comparing(Run::asOf).reversed())
                .map(run -> "run " + run.runId + ": " + run.quantities.get(product) + " as of " + run.asOf)
                .orElse("none");
    }

    private String found(int product) {
        return sql.first(
                        "select run_id, quantity, as_of from pair_base(1, ?)",
                        row -> "run " + row.getLong(1) + ": " + row.getInt(2) + " as of " + Sql.instant(row, "as_of"),
                        product)
                .orElse("none");
    }

    private int attachedParts() {
        return sql.one(
                "select count(*) from pg_inherits where inhparent = 'snapshot_line'::regclass", row -> row.getInt(1));
    }

    private String replay() {
        return "-Devenstock.seed=" + seed;
    }
}
