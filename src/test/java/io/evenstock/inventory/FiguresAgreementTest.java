package io.evenstock.inventory;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.evenstock.database.OneConnection;
import io.evenstock.database.Schema;
import io.evenstock.database.Sql;
import io.evenstock.inventory.Explanation.BaseEntry;
import io.evenstock.inventory.Explanation.Term;
import io.evenstock.lab.EmbeddedDatabase;
import io.evenstock.lab.Undertaker;
import io.evenstock.stock.Base;
import io.evenstock.stock.Equation;
import io.evenstock.stock.Variance;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;

/**
 * The rules in SQL and the rules in plain classes, held against each other on random facts in a real database.
 * {@code -Devenstock.seed=N} replays.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class FiguresAgreementTest {
    private static final int FACILITIES = 8;
    private static final int PRODUCTS = 160;
    private static final int UNBOUNDED = 1_000;

    private final long seed = Long.getLong("evenstock.seed", System.nanoTime());
    private final RandomFacts facts = new RandomFacts(seed, FACILITIES, PRODUCTS);
    private final Map<Pair, Equation> equations = new HashMap<>();
    private Undertaker undertaker;
    private Sql sql;

    @BeforeAll
    void insertTheFacts() throws IOException, SQLException {
        System.out.println("figures' agreement: " + replay());
        undertaker = Undertaker.hire();
        EmbeddedDatabase database = EmbeddedDatabase.start(undertaker.newFolder("evenstock-agreement-"), undertaker);
        Schema.migrate(database.url(), database.user(), database.password());
        try (Connection connection = database.connect()) {
            connection.setAutoCommit(false);
            facts.insert(connection);
            connection.commit();
        }
        sql = OneConnection.to(database.url(), database.user(), database.password());
        sql.update("analyze");
        facts.pairs().forEach(pair -> equations.put(pair, facts.equation(pair)));
    }

    @AfterAll
    void stop() throws IOException {
        undertaker.close();
    }

    @Test
    void theFactsMeetEveryTermOften() {
        assertOften("never covered", equation -> !equation.base().covered());
        assertOften("movements", equation -> !equation.movements().isEmpty());
        assertOften("absorbed", equation -> !equation.absorbed().isEmpty());
        assertOften("withheld", equation -> equation.figure().withheld() > 0);
        assertOften("negative", equation -> equation.figure().negative());
        for (Variance.Tag tag : Variance.Tag.values()) {
            assertOften(
                    tag + " shipped from here",
                    equation -> equation.outstanding().stream()
                            .anyMatch(each -> each.tag() == tag && each.effect().quantity() < 0));
            assertOften(
                    tag + " invoiced here",
                    equation -> equation.outstanding().stream()
                            .anyMatch(each -> each.tag() == tag && each.effect().quantity() > 0));
        }
    }

    @Test
    void theSetBasedFiguresAreTheEquations() {
        List<Pair> pairs = facts.pairs();
        List<String> computed = sql.list(
                """
                select coalesce(run_id, 0) as run_id, base + moved + shipped as on_hand, withheld
                from figures(?, ?) order by n
                """,
                row -> text(row.getLong("run_id"), row.getLong("on_hand"), row.getLong("withheld")),
                pairs.stream().map(Pair::facilityKey).toArray(Integer[]::new),
                pairs.stream().map(Pair::productKey).toArray(Integer[]::new));
        assertTrue(computed.size() >= 1_000);
        for (int i = 0; i < pairs.size(); i++) {
            Equation equation = equation(pairs.get(i));
            assertEquals(
                    text(
                            equation.base().runId(),
                            equation.figure().quantityOnHand(),
                            equation.figure().withheld()),
                    computed.get(i),
                    where(pairs.get(i)));
        }
    }

    @Test
    void theTermsOfAnExplanationAddUp() {
        for (Pair pair : facts.pairs()) {
            Explanation explanation = Explanations.of(pair, UNBOUNDED, sql);
            Equation equation = equation(pair);
            assertAddsUp(equation, explanation, pair);
            assertEquals(0, omitted(explanation), where(pair));
            assertEquals(
                    equation.movements().size(),
                    explanation.movements().entries().size(),
                    where(pair));
            assertEquals(
                    equation.outstanding().size(),
                    explanation.shipments().entries().size(),
                    where(pair));
        }
    }

    @Test
    void whatIsBeyondTheLimitIsCountedAndSummedUp() {
        long omitted = 0;
        for (Pair pair : facts.pairs()) {
            Explanation bounded = Explanations.of(pair, 1, sql);
            Equation equation = equation(pair);
            assertAddsUp(equation, bounded, pair);
            assertEquals(
                    equation.movements().size(), bounded.movements().total().count(), where(pair));
            assertEquals(
                    equation.outstanding().size(), bounded.shipments().total().count(), where(pair));
            assertTrue(bounded.movements().entries().size() <= 1, where(pair));
            assertTrue(bounded.shipments().entries().size() <= 1, where(pair));
            omitted += omitted(bounded);
        }
        assertTrue(omitted > 1_000, replay());
    }

    @Test
    void theLedgerTellsTheFigureAsItWasKnownAtEachMoment() {
        long changes = 0;
        for (Pair pair : facts.pairs()) {
            long running = 0;
            for (LedgerEntry entry : Ledger.of(pair, sql)) {
                Instant told = entry.fact().position().recordedAt();
                running += entry.change();
                String where = where(pair) + ", " + entry;
                assertEquals(running, entry.quantityOnHand(), where);
                assertEquals(text(facts.equation(pair, told)), text(entry), where);
                assertTrue(entry.change() != 0 || entry.why() != null, where);
                changes += entry.change() == 0 ? 0 : 1;
            }
            assertEquals(equation(pair).figure().quantityOnHand(), running, where(pair));
        }
        assertTrue(changes > 1_000, replay());
    }

    /** The last one: it marks the older half of the runs as final. */
    @Test
    @Order(Integer.MAX_VALUE)
    void onceOldLinesAreGivenUpTheLedgerOpensWithTheNewestFinalRunOfThePair() {
        sql.update("""
                update snapshot_run set final = true
                where state in ('APPLIED', 'UNDONE') and as_of < (select percentile_disc(0.5) within group (order by as_of)
                                                                 from snapshot_run)
                """);
        sql.update("update snapshot_run set part = null");
        long opened = 0;
        for (Pair pair : facts.pairs()) {
            List<LedgerEntry> entries = Ledger.of(pair, sql);
            for (LedgerEntry entry : entries) {
                Instant told = entry.fact().position().recordedAt();
                assertEquals(text(facts.equation(pair, told)), text(entry), where(pair) + ", " + entry);
            }
            if (!entries.isEmpty()
                    && "the ledger opens here".equals(entries.get(0).why())) {
                opened++;
                assertEquals(
                        newestFinalRun(pair), entries.get(0).fact().position().id(), where(pair));
            }
        }
        long expected =
                facts.pairs().stream().filter(pair -> newestFinalRun(pair) > 0).count();
        assertEquals(expected, opened, replay());
        assertTrue(opened > 100, replay());
    }

    private long newestFinalRun(Pair pair) {
        return sql.first("""
                        select l.run_id from snapshot_line l join snapshot_run r using (run_id)
                        where l.facility_key = ? and l.product_key = ? and r.final and r.state = 'APPLIED'
                        order by l.as_of desc, r.applied_at, l.run_id limit 1
                        """, row -> row.getLong(1), pair.facilityKey(), pair.productKey())
                .orElse(0L);
    }

    private static String text(Equation equation) {
        return text(0, equation.figure().quantityOnHand(), equation.figure().withheld());
    }

    private static String text(LedgerEntry entry) {
        return text(0, entry.quantityOnHand(), entry.withheld());
    }

    private void assertAddsUp(Equation equation, Explanation explanation, Pair pair) {
        BaseEntry base = explanation.base();
        long sum = (base == null ? 0 : base.quantity())
                + explanation.movements().total().quantity()
                + explanation.shipments().total().quantity();
        assertEquals(equation.figure(), explanation.figure(), where(pair));
        assertEquals(equation.figure().quantityOnHand(), sum, where(pair));
        assertEquals(equation.base().runId(), base == null ? Base.NONE.runId() : base.runId(), where(pair));
        assertSums(explanation.movements(), where(pair));
        assertSums(explanation.shipments(), where(pair));
    }

    private static void assertSums(Term<?> term, String where) {
        assertEquals(
                term.entries().size() + term.omitted().count(), term.total().count(), where);
        long listed =
                term.entries().stream().mapToLong(FiguresAgreementTest::effect).sum();
        assertEquals(listed + term.omitted().quantity(), term.total().quantity(), where);
    }

    private static long effect(Object entry) {
        if (entry instanceof Explanation.MovementEntry movement) {
            return movement.quantity();
        }
        return ((Explanation.ShipmentEntry) entry).onHand();
    }

    private static long omitted(Explanation explanation) {
        return explanation.movements().omitted().count()
                + explanation.absorbed().omitted().count()
                + explanation.shipments().omitted().count();
    }

    private void assertOften(String what, Predicate<Equation> condition) {
        long pairs = equations.values().stream().filter(condition).count();
        assertTrue(pairs >= 3, () -> what + ": only " + pairs + " pairs; " + replay());
    }

    private Equation equation(Pair pair) {
        return Objects.requireNonNull(equations.get(pair));
    }

    private static String text(long runId, long onHand, long withheld) {
        return "run %d, QOH %d, withheld %d".formatted(runId, onHand, withheld);
    }

    private String where(Pair pair) {
        return pair + ", " + replay();
    }

    private String replay() {
        return "-Devenstock.seed=" + seed;
    }
}
