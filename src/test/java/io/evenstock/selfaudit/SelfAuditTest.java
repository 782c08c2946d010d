package io.evenstock.selfaudit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.evenstock.database.Sql;
import io.evenstock.downstream.PublishedDatabase;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Green where every figure is right, and red with the very pair where somebody tampered. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SelfAuditTest {
    private static final int FACILITIES = 4;
    private static final int PRODUCTS = 25;

    private final long seed = Long.getLong("evenstock.seed", System.nanoTime());
    private PublishedDatabase.Server server;
    private PublishedDatabase database;
    private Sql sql;
    private Auditor audit;

    @BeforeAll
    void start() throws IOException {
        server = new PublishedDatabase.Server();
    }

    @BeforeEach
    void fresh() throws SQLException {
        database = server.fresh(FACILITIES, PRODUCTS);
        sql = database.sql();
        audit = auditor();
    }

    @AfterAll
    void stop() throws IOException {
        server.close();
    }

    @Test
    void nobodyKnowsBeforeTheFirstPassHasEndedNorWhenNothingWasCheckedForLong() throws SQLException {
        history();
        database.publishAll();
        assertEquals(Light.GREY, verdicts(Clock.systemUTC()).now().light());
        audit.step(10);
        assertEquals(Light.GREY, verdicts(Clock.systemUTC()).now().light(), "ten pairs are not all");
        assertEquals(10, verdicts(Clock.systemUTC()).now().pairs());
        assertEquals(Light.GREEN, pass().light());
        assertEquals(
                Light.GREY,
                verdicts(Clock.offset(Clock.systemUTC(), Duration.ofHours(2)))
                        .now()
                        .light());
    }

    @Test
    void everyPairIsRightWhateverItsHistoryWhetherPublishedOrNot() throws SQLException {
        for (int i = 0; i < 8; i++) {
            history();
            Verdict verdict = pass();
            assertEquals(Light.GREEN, verdict.light(), () -> "seed " + seed + ": " + verdict.first());
            assertTrue(verdict.lastPass().orElseThrow().pairs() > 50, verdict::toString);
            if (i % 2 == 0) {
                database.publishAll();
            }
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "update movement_sum set quantity = quantity + 1 where (facility_key, product_key) = (2, 3)",
                "update published_inventory set on_hand = on_hand + 1 where (facility_key, product_key) = (2, 3)",
                "update published_inventory set available = available + 1 where (facility_key, product_key) = (2, 3)",
                "delete from published_inventory where (facility_key, product_key) = (2, 3)",
                "delete from movement_sum where (facility_key, product_key) = (2, 3)"
            })
    void aFigureThatIsWrongIsFoundAndForgivenOnceItIsRight(String tampering) throws SQLException {
        history();
        try (Connection connection = database.connect()) {
            database.move(connection, 2, 3, 7_000);
        }
        database.publishAll();
        assertEquals(Light.GREEN, pass().light());
        sql.update("create table sums as select * from movement_sum");
        sql.update("create table published as select * from published_inventory");

        sql.update(tampering);
        assertFalse(audit.step(1_000).isEmpty(), "told when it is found");
        assertEquals(List.of(), audit.step(1_000), "and once");
        Verdict red = verdicts(Clock.systemUTC()).now();
        assertEquals(Light.RED, red.light());
        assertEquals(1, red.offences());
        Offence first = red.first().orElseThrow();
        assertEquals("F2 P000003", first.facilityId() + " " + first.productId());

        sql.update("delete from movement_sum");
        sql.update("insert into movement_sum select * from sums");
        sql.update("delete from published_inventory");
        sql.update("insert into published_inventory select * from published");
        assertEquals(Light.GREEN, pass().light());
    }

    /** Sales, shipments, acknowledgements here and elsewhere, a run and perhaps its undoing. */
    private void history() throws SQLException {
        Random dice = new Random(seed + sql.one("select count(*) from movement", row -> row.getInt(1)));
        try (Connection connection = database.connect()) {
            for (int i = 0; i < 60; i++) {
                int facility = 1 + dice.nextInt(FACILITIES);
                int product = 1 + dice.nextInt(PRODUCTS);
                if (dice.nextInt(3) > 0) {
                    database.move(connection, facility, product, dice.nextBoolean() ? 1 + dice.nextInt(9) : -1);
                } else {
                    String shipment = database.ship(connection, facility, product, 1 + dice.nextInt(5));
                    if (dice.nextBoolean()) {
                        acknowledge(connection, shipment, dice);
                    }
                }
            }
            long run = database.load(connection, 1 + dice.nextInt(3), dice.nextInt(20));
            database.state(connection, run, "APPLIED");
            if (dice.nextInt(3) == 0) {
                database.state(connection, run, "UNDONE");
            }
        }
    }

    private static void acknowledge(Connection connection, String shipment, Random dice) throws SQLException {
        int elsewhere = dice.nextInt(2 * FACILITIES);
        PublishedDatabase.execute(connection, """
                update shipment_item
                set acknowledged_at = clock_timestamp(), acknowledged_quantity = %d %% (quantity + 1)
                where shipment_id = '%s'
                """.formatted(dice.nextInt(6), shipment));
        if (elsewhere >= 1 && elsewhere <= FACILITIES) {
            PublishedDatabase.execute(connection, """
                    update shipment_item
                    set invoiced_facility_id = 'F%1$d', invoiced_facility_key = %1$d,
                        transfer_slip_at = case when %2$s then clock_timestamp() + interval '1 millisecond' end
                    where shipment_id = '%3$s' and facility_key <> %1$d
                    """.formatted(elsewhere, dice.nextBoolean(), shipment));
        }
    }

    private Verdict pass() {
        Verdict before = verdicts(Clock.systemUTC()).now();
        Verdict now;
        do {
            audit.step(17);
            now = verdicts(Clock.systemUTC()).now();
        } while (now.lastPass().equals(before.lastPass()));
        return now;
    }

    @SuppressWarnings("UnnecessaryAssignment") // no container is here to inject
    private Auditor auditor() {
        Auditor auditor = new Auditor();
        auditor.sql = database.sharedSql();
        auditor.verdicts = verdicts(Clock.systemUTC());
        return auditor;
    }

    @SuppressWarnings("UnnecessaryAssignment") // no container is here to inject
    private Verdicts verdicts(Clock clock) {
        Verdicts verdicts = new Verdicts();
        verdicts.sql = database.sharedSql();
        verdicts.clock = clock;
        return verdicts;
    }
}
