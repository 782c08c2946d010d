package io.evenstock.inventory;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.evenstock.database.OneConnection;
import io.evenstock.database.Sql;
import io.evenstock.lab.EmbeddedDatabase;
import io.evenstock.lab.Undertaker;
import io.evenstock.stock.Equation;
import java.sql.Connection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.configuration.FluentConfiguration;
import org.junit.jupiter.api.Test;

/**
 * A database that was filled at the first schema: at the newest its figures are those of its facts, and all are published.
 * {@code -Devenstock.seed=N} replays.
 */
class MigrationTest {
    private static final String FIRST = "1";
    private static final int FACILITIES = 6;
    private static final int PRODUCTS = 60;
    private static final int CHUNK = 100;

    private final long seed = Long.getLong("evenstock.seed", System.nanoTime());

    @Test
    void aDatabaseFilledAtTheFirstSchemaHasItsFiguresAtTheNewest() throws Exception {
        RandomFacts facts = new RandomFacts(seed, FACILITIES, PRODUCTS);
        try (Undertaker undertaker = Undertaker.hire()) {
            EmbeddedDatabase database =
                    EmbeddedDatabase.start(undertaker.newFolder("evenstock-migration-"), undertaker);
            // Only its tables: views and functions are always made anew, as they are in the newest schema.
            schema(database)
                    .target(FIRST)
                    .repeatableSqlMigrationPrefix("none")
                    .load()
                    .migrate();
            try (Connection connection = database.connect()) {
                connection.setAutoCommit(false);
                facts.insert(connection);
                connection.commit();
            }
            int applied = schema(database).load().migrate().migrationsExecuted;
            assertTrue(applied > 1, () -> applied + " migrations");

            Sql sql = OneConnection.to(database.url(), database.user(), database.password());
            Map<Pair, String> expected = new HashMap<>();
            for (Pair pair : facts.pairs()) {
                Equation equation = facts.equation(pair);
                expected.put(
                        pair,
                        text(
                                equation.figure().quantityOnHand(),
                                equation.figure().withheld()));
            }
            assertEquals(expected, figures(sql, facts.pairs()), () -> "-Devenstock.seed=" + seed);

            publishAll(sql);
            expected.values().removeIf(text(0, 0)::equals);
            assertEquals(expected, published(sql), () -> "-Devenstock.seed=" + seed);
        }
    }

    private static FluentConfiguration schema(EmbeddedDatabase database) {
        return Flyway.configure(MigrationTest.class.getClassLoader())
                .dataSource(database.url(), database.user(), database.password());
    }

    private static Map<Pair, String> figures(Sql sql, List<Pair> pairs) {
        Map<Pair, String> figures = new HashMap<>();
        sql.list(
                "select facility_key, product_key, base + moved + shipped as on_hand, withheld from figures(?, ?)",
                row -> figures.put(new Pair(row.getInt(1), row.getInt(2)), text(row.getLong(3), row.getLong(4))),
                pairs.stream().map(Pair::facilityKey).toArray(Integer[]::new),
                pairs.stream().map(Pair::productKey).toArray(Integer[]::new));
        return figures;
    }

    private static void publishAll(Sql sql) {
        while (sql.one("select more from publish(?, ?)", row -> row.getBoolean(1), CHUNK, CHUNK)) {
            // a round more
        }
    }

    /** A pair without stock may be published or not. */
    private static Map<Pair, String> published(Sql sql) {
        Map<Pair, String> published = new HashMap<>();
        sql.list(
                """
                select facility_key, product_key, on_hand, withheld from published_inventory
                where on_hand <> 0 or withheld <> 0
                """,
                row -> published.put(new Pair(row.getInt(1), row.getInt(2)), text(row.getLong(3), row.getLong(4))));
        return published;
    }

    private static String text(long onHand, long withheld) {
        return "QOH %d, withheld %d".formatted(onHand, withheld);
    }
}
