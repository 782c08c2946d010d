package io.evenstock.snapshot;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.evenstock.bench.Samples;
import io.evenstock.database.OneConnection;
import io.evenstock.database.Schema;
import io.evenstock.database.Sql;
import io.evenstock.lab.EmbeddedDatabase;
import io.evenstock.lab.Undertaker;
import io.evenstock.settings.SettingsReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.BitSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyIn;

/**
 * A reset of 1,000,000 and of 3,000 pairs: facts loaded and put in force, against the anchor that changes a table in place
 * (COPY to a temporary table, ledger by join, INSERT … ON CONFLICT), turn by turn on one database. Then the exact read of
 * a pair with 1, 3 and 30 nights kept, what a night leaves on disk, and how long giving up an old one takes.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ResetBench {
    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
    private static final int FACILITIES = 100;
    private static final int PRODUCTS = 10_000;
    private static final int ROUNDS = 5;
    private static final double CHANGED = 0.3;

    private final Random random = new Random(1);
    private final int[] quantities = new int[FACILITIES * PRODUCTS];
    private final SnapshotLoader loader = new SnapshotLoader();
    private final Retention retention = new Retention();
    private Undertaker undertaker;
    private EmbeddedDatabase database;
    private Sql sql;
    private int night;

    @BeforeAll
    @SuppressWarnings("UnnecessaryAssignment") // no container is here to inject
    void start() throws IOException, SQLException {
        undertaker = Undertaker.hire();
        database = EmbeddedDatabase.start(undertaker.newFolder("evenstock-bench-"), undertaker);
        Schema.migrate(database.url(), database.user(), database.password());
        sql = OneConnection.to(database.url(), database.user(), database.password());
        loader.sql = sql;
        loader.parts = new Parts();
        retention.sql = sql;
        retention.parts = loader.parts;
        retention.settings = new SettingsReader(name -> Optional.empty()).read();
        loader.settings = new SettingsReader(name ->
                        name.equals("evenstock.reset.lines-per-second") ? Optional.of("100000000") : Optional.empty())
                .read();
        sql.update(
                "insert into facility (facility_id, name) select 'F' || n, '' from generate_series(1, ?) n",
                FACILITIES);
        sql.update(
                "insert into product (product_id, name, active) select 'P' || n, '', true from generate_series(1, ?) n",
                PRODUCTS);
        sql.update("create table inventory (facility_key integer, product_key integer, quantity integer not null,"
                + " primary key (facility_key, product_key))");
        sql.update(
                "create table ledger (entry_id bigint generated always as identity primary key, facility_key integer,"
                        + " product_key integer, change integer, reason text, at timestamptz default now())");
        sql.update("create index ledger_pair on ledger (facility_key, product_key)");
        for (int i = 0; i < quantities.length; i++) {
            quantities[i] = random.nextInt(100);
        }
    }

    @AfterAll
    void stop() throws IOException {
        undertaker.close();
    }

    @Test
    void resetAndRead() throws SQLException {
        inPlace(quantities.length);
        reset(1, "a million pairs", FACILITIES * PRODUCTS);
        reset(2, "3,000 pairs", 3_000);
        nights();
    }

    private void reset(int number, String what, int pairs) throws SQLException {
        Samples ours = new Samples();
        Samples anchor = new Samples();
        Samples oursWal = new Samples();
        Samples anchorWal = new Samples();
        for (int round = 0; round <= ROUNDS; round++) {
            change(pairs);
            Measured facts = measure(() -> facts(pairs));
            Measured place = measure(() -> inPlace(pairs));
            if (round > 0) { // the first warms up
                ours.add(facts.seconds);
                oursWal.add(facts.wal);
                anchor.add(place.seconds);
                anchorWal.add(place.wal);
            }
            check(pairs);
            retention.tidy();
        }
        System.out.printf(
                Locale.ROOT,
                "%d. reset of %s (min / median / max)%n  facts    %s s, WAL %s MB%n  in place %s s, WAL %s MB%n"
                        + "  ratio of medians: time %.3f, WAL %.3f%n",
                number,
                what,
                ours.text(3),
                oursWal.text(1),
                anchor.text(3),
                anchorWal.text(1),
                ours.median() / anchor.median(),
                oursWal.median() / anchorWal.median());
    }

    /** Loaded, and put in force by one small transaction. */
    private void facts(int pairs) {
        night++;
        long runId = sql.one("""
                insert into snapshot_run (kind, as_of, source_name, source_sha256, state)
                values ('FEED', ?, 'bench', ?, 'PREPARED') returning run_id
                """, row -> row.getLong(1), START.plusSeconds(night * 3_600L), "sha-" + night);
        loader.load(runId, START.plusSeconds(night * 3_600L), content(pairs));
        sql.update("update snapshot_run set state = 'APPLIED', applied_at = now() where run_id = ?", runId);
        sql.update("delete from dirty_bulk"); // nobody publishes here
    }

    private SnapshotContent content(int pairs) {
        Lines lines = new Lines();
        for (int i = 0; i < pairs; i++) {
            lines.add(facility(i), product(i), quantities[i], i + 2);
        }
        return new SnapshotContent(lines, new BitSet(), List.of(), pairs, 0, 0);
    }

    private long inPlace(int pairs) {
        return sql.inTransaction(connection -> {
            try (Statement statement = connection.createStatement()) {
                statement.execute("create temporary table file (facility_key integer, product_key integer,"
                        + " quantity integer) on commit drop");
                copy(connection, pairs);
                statement.execute("analyze file");
                statement.execute("""
                        insert into ledger (facility_key, product_key, change, reason)
                        select facility_key, product_key, f.quantity - coalesce(i.quantity, 0), 'RESET'
                        from file f left join inventory i using (facility_key, product_key)
                        """);
                return (long) statement.executeUpdate("""
                        insert into inventory select * from file
                        on conflict (facility_key, product_key) do update set quantity = excluded.quantity
                        """);
            }
        });
    }

    private void copy(Connection connection, int pairs) throws SQLException {
        CopyIn copy = connection.unwrap(PGConnection.class).getCopyAPI().copyIn("copy file from stdin");
        StringBuilder rows = new StringBuilder();
        for (int i = 0; i < pairs; i++) {
            rows.append(facility(i))
                    .append('\t')
                    .append(product(i))
                    .append('\t')
                    .append(quantities[i])
                    .append('\n');
            if (rows.length() > 60_000 || i == pairs - 1) {
                byte[] bytes = rows.toString().getBytes(StandardCharsets.US_ASCII);
                copy.writeToCopy(bytes, 0, bytes.length);
                rows.setLength(0);
            }
        }
        copy.endCopy();
    }

    private void change(int pairs) {
        for (int i = 0; i < pairs; i++) {
            if (random.nextDouble() < CHANGED) {
                quantities[i] = random.nextInt(100);
            }
        }
    }

    /** Both know every quantity. */
    private void check(int pairs) {
        long expected = 0;
        for (int i = 0; i < pairs; i++) {
            expected += quantities[i];
        }
        long known = sql.one("""
                select sum(base) from figures(array(select 1 + n / %2$d from generate_series(0, %1$d - 1) n),
                                              array(select 1 + n %% %2$d from generate_series(0, %1$d - 1) n))
                """.formatted(pairs, PRODUCTS), row -> row.getLong(1));
        assertEquals(expected, known);
        long inPlace = sql.one(
                "select sum(quantity) from inventory where (facility_key - 1) * ? + product_key - 1 < ?",
                row -> row.getLong(1),
                PRODUCTS,
                pairs);
        assertEquals(expected, inPlace);
    }

    /** Nights of 200,000 pairs each, none given up. */
    private void nights() throws SQLException {
        sql.update("update snapshot_run set state = 'UNDONE', final = false");
        sql.update("update snapshot_run set final = true");
        retention.tidy();
        long before = databaseBytes();
        for (int nights = 1; nights <= 30; nights++) {
            facts(200_000);
            if (nights == 1 || nights == 3 || nights == 30) {
                System.out.printf(Locale.ROOT, "3. exact read of a pair with %d nights kept: %s%n", nights, read());
            }
        }
        System.out.printf(
                Locale.ROOT,
                "4. a night leaves %.1f bytes a pair on disk%n",
                (databaseBytes() - before) / (30 * 200_000.0));
        retention.tidy();
        Samples tidying = new Samples();
        for (int i = 0; i < ROUNDS; i++) {
            facts(200_000);
            tidying.add(measure(() -> assertEquals(1, retention.tidy().parts())).seconds);
        }
        System.out.printf(
                Locale.ROOT,
                "5. with the default undo.depth an old night of 200,000 pairs is given up in %s s; then %s%n",
                tidying.text(2),
                read());
    }

    private String read() {
        sql.update("vacuum analyze");
        return sql.with(connection -> {
            Samples micros = new Samples();
            try (PreparedStatement statement = connection.prepareStatement(
                    "select base + moved + shipped, withheld from figures(array[?], array[?])")) {
                for (int i = 0; i < 4_000; i++) {
                    int pair = random.nextInt(200_000);
                    statement.setInt(1, facility(pair));
                    statement.setInt(2, product(pair));
                    long start = System.nanoTime();
                    try (ResultSet row = statement.executeQuery()) {
                        row.next();
                        assertEquals(quantities[pair], row.getInt(1));
                    }
                    if (i >= 1_000) {
                        micros.add((System.nanoTime() - start) / 1e3);
                    }
                }
            }
            return String.format(Locale.ROOT, "p50 %.0f µs, p99 %.0f µs", micros.median(), micros.quantile(0.99));
        });
    }

    private long databaseBytes() {
        return sql.one("select pg_database_size(current_database())", row -> row.getLong(1));
    }

    private record Measured(double seconds, double wal) {}

    private Measured measure(Runnable work) {
        long walBefore = walBytes();
        long start = System.nanoTime();
        work.run();
        double seconds = (System.nanoTime() - start) / 1e9;
        return new Measured(seconds, (walBytes() - walBefore) / 1e6);
    }

    private long walBytes() {
        return sql.one("select pg_current_wal_insert_lsn() - '0/0'", row -> row.getLong(1));
    }

    private static int facility(int pair) {
        return 1 + pair / PRODUCTS;
    }

    private static int product(int pair) {
        return 1 + pair % PRODUCTS;
    }
}
