package io.evenstock.inventory;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.evenstock.database.Sql;
import io.evenstock.downstream.PublishedDatabase;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Worked examples of the rule in docs/decisions/0013: file 1 as of T0, then facts, then file 2 as of T1. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class DriftTest {
    private static final Instant T0 = Instant.parse("2026-11-21T06:00:00Z");
    private static final Instant T1 = Instant.parse("2026-11-22T06:00:00Z");
    private static final Instant APPLIED = T1.plusSeconds(3_600);
    private static final Instant NOON = Instant.parse("2026-11-21T12:00:00Z");
    private static final Instant LATE = APPLIED.plusSeconds(7_200);
    private static final int PRODUCT = 1;

    private final AtomicInteger numbers = new AtomicInteger();
    private PublishedDatabase.Server server;
    private Sql sql;
    private Drift drift;
    private DriftRecorder recorder;

    @BeforeAll
    void start() throws IOException {
        server = new PublishedDatabase.Server();
    }

    @BeforeEach
    @SuppressWarnings("UnnecessaryAssignment") // no container is here to inject
    void fresh() throws SQLException {
        numbers.set(0);
        sql = server.fresh(2, 300).sql();
        drift = new Drift();
        drift.sql = sql;
        recorder = new DriftRecorder();
        recorder.sql = sql;
    }

    @AfterAll
    void stop() throws IOException {
        server.close();
    }

    @Test
    void whatTheFactsExplainIsNoDifference() {
        apply(load(T0, T0.plusSeconds(3_600), 10));
        move(-3, NOON, NOON);
        move(-1, T1.plusSeconds(60), T1.plusSeconds(61));
        ship(2, NOON);
        acknowledge(ship(1, NOON), NOON.plusSeconds(60));

        long run = applyAndCheckTheJump(6);

        assertEquals(1, recorder.record());
        assertEquals(sums(1, 0, 0, 0, 0), drift.nights(null, 30).get(0).sums());
        assertEquals(List.of(), drift.differences(run, "F1", 10));
        assertEquals(0, recorder.record(), "once");
    }

    /** How facts come to the difference that is told, and with which cause. */
    private enum Story {
        SALE_TOLD_AFTER_THE_RESET(8, -2, 0, DriftCause.LATE_SALE) {
            @Override
            void after(DriftTest test) {
                test.move(-2, NOON, LATE);
            }
        },
        ACKNOWLEDGED_BUT_TOLD_AFTER_THE_RESET(8, -2, 0, DriftCause.LATE_ACKNOWLEDGEMENT) {
            @Override
            void before(DriftTest test) {
                test.ship(2, NOON);
            }

            @Override
            void after(DriftTest test) {
                test.acknowledge(1, NOON.plusSeconds(60));
            }
        },
        ACKNOWLEDGED_AND_NEVER_TOLD(8, -2, -2, DriftCause.MISSING_ACKNOWLEDGEMENT) {
            @Override
            void before(DriftTest test) {
                test.ship(2, NOON);
                test.ship(5, NOON);
            }
        },
        SALE_COUNTED_TWICE(9, 1, 1, DriftCause.DUPLICATE) {
            @Override
            void before(DriftTest test) {
                test.move(-1, NOON, NOON);
                test.move(-1, NOON, NOON.plusSeconds(5));
            }
        },
        SALES_AT_DIFFERENT_TIMES_ARE_NO_DUPLICATES(9, 1, 1, DriftCause.RECEIPT) {
            @Override
            void before(DriftTest test) {
                test.move(-1, NOON, NOON);
                test.move(-1, NOON.plusSeconds(1), NOON.plusSeconds(5));
            }
        },
        MORE_THAN_WHAT_WAS_COUNTED_TWICE(14, 6, 6, DriftCause.RECEIPT) {
            @Override
            void before(DriftTest test) {
                SALE_COUNTED_TWICE.before(test);
            }
        },
        GOODS_CAME_IN(34, 24, 24, DriftCause.RECEIPT),
        TILL_LACKS_NUMBERS(9, -1, -1, DriftCause.MISSED_SALE) {
            @Override
            void before(DriftTest test) {
                test.sql.update(
                        "insert into till (facility_id, till_id, received) values ('F1', 't', '{[1,5),[6,9)}')");
            }
        },
        TILL_OF_ANOTHER_FACILITY_LACKS_NUMBERS(9, -1, -1, DriftCause.UNKNOWN) {
            @Override
            void before(DriftTest test) {
                test.sql.update(
                        "insert into till (facility_id, till_id, received) values ('F2', 't', '{[1,5),[6,9)}')");
                test.sql.update("insert into till (facility_id, till_id, received) values ('F1', 't', '{[1,9)}')");
            }
        },
        NOBODY_KNOWS(7, -3, -3, DriftCause.UNKNOWN),
        PARTLY_EXPLAINED_SINCE(7, -3, -2, DriftCause.UNKNOWN) {
            @Override
            void after(DriftTest test) {
                test.move(-1, NOON, LATE);
            }
        };

        private final int file;
        private final int difference;
        private final int rest;
        private final DriftCause cause;

        Story(int file, int difference, int rest, DriftCause cause) {
            this.file = file;
            this.difference = difference;
            this.rest = rest;
            this.cause = cause;
        }

        void before(DriftTest test) {}

        void after(DriftTest test) {}
    }

    @ParameterizedTest
    @EnumSource(Story.class)
    void aDifferenceIsToldWithItsLikelyCause(Story story) {
        apply(load(T0, T0.plusSeconds(3_600), 10));
        story.before(this);
        long run = applyAndCheckTheJump(story.file);
        if (story != Story.SALE_TOLD_AFTER_THE_RESET) {
            recorder.record();
        }
        story.after(this);
        recorder.record(); // late, and yet from what was known when the run was applied

        Drift.Sums sums = drift.nights("F1", 30).get(0).sums();
        assertEquals(sums(1, 0, 1, Math.max(0, story.difference), Math.max(0, -story.difference)), sums);
        Drift.Difference told = drift.differences(run, "F1", 10).get(0);
        assertEquals(story.file, told.quantity());
        assertEquals(story.difference, told.difference());
        assertEquals(story.file - story.difference, told.expected());
        assertEquals(story.rest, told.rest());
        assertEquals(story.cause, told.cause());
        assertEquals(List.of(), drift.nights("F2", 30));
    }

    @Test
    void firstAndStaleLinesAreNotComparedAndUndoneNightsNotTold() {
        apply(load(T1.plusSeconds(86_400), T1.plusSeconds(120), 10));
        long older = load(T1, APPLIED, 3);
        line(older, 2, 2, 7);
        apply(older);
        recorder.record();
        Drift.Night night = drift.night(date(T1)).orElseThrow();
        assertEquals(older, night.runId());
        assertEquals(sums(0, 1, 0, 0, 0), night.sums(), "one is stale, one has no base before");
        assertEquals("F2", drift.facilities(older, 10).get(0).facilityId());
        sql.update("update snapshot_run set state = 'UNDONE' where run_id = ?", older);
        assertTrue(drift.night(date(T1)).isEmpty());
        assertEquals(1, drift.nights(null, 30).size());
    }

    @Test
    void ofMoreDifferencesThanAreKeptTheLargestAreAndAllAreCounted() {
        long first = load(T0, T0.plusSeconds(60), 0);
        long second = load(T1, APPLIED, 0);
        for (int product = 2; product <= 300; product++) {
            line(first, 1, product, 0);
            line(second, 1, product, product);
        }
        apply(first);
        apply(second);
        recorder.record();
        assertEquals(
                sums(300, 0, 299, 299 * 302 / 2, 0),
                drift.nights(null, 1).get(0).sums());
        List<Drift.Difference> told = drift.differences(second, "F1", 1_000);
        assertEquals(Drift.PAIRS_KEPT, told.size());
        assertEquals(300, told.get(0).difference());
        assertEquals(101, told.get(Drift.PAIRS_KEPT - 1).difference());
    }

    @Test
    void aNightBeyondABoundIsToldForAWhile() {
        long first = load(T0, T0.plusSeconds(60), 5);
        long second = load(T1, APPLIED, 15);
        for (int product = 2; product <= 100; product++) {
            line(first, 1, product, 5);
            line(second, 1, product, product <= 20 ? 4 : 5);
        }
        apply(first);
        apply(second);
        recorder.record();
        assertEquals(
                sums(100, 0, 20, 10, 19), drift.night(date(T1)).orElseThrow().sums());
        assertEquals(List.of(), beyond(20, 29), "just within both");
        assertEquals(List.of(second), beyond(19, 0));
        assertEquals(List.of(second), beyond(100, 28));
        assertEquals(List.of(), beyond(100, 0), "nothing is watched");
        sql.update("update drift_run set recorded_at = recorded_at - interval '25 hours'");
        assertEquals(List.of(), beyond(19, 28), "a day later");
    }

    @Test
    void ofAFewPairsAnyShareMayDiffer() {
        apply(load(T0, T0.plusSeconds(60), 5));
        apply(load(T1, APPLIED, 15));
        recorder.record();
        assertEquals(List.of(), beyond(0, 0));
        assertEquals(1, beyond(0, 9).size());
    }

    private List<Long> beyond(int percent, int units) {
        return drift.beyond(percent, units, Duration.ofDays(1), 10).stream()
                .map(Drift.Night::runId)
                .toList();
    }

    /** What the equation itself says that the second file changes, with all that is known: no other code, the same number. */
    private long applyAndCheckTheJump(int quantity) {
        long run = load(T1, APPLIED, quantity);
        long jump = sql.one("""
                select a.base + a.moved + a.shipped - b.base - b.moved - b.shipped
                from figures(array[1], array[1], ?) a, figures(array[1], array[1]) b
                """, row -> row.getLong(1), run);
        apply(run);
        recorder.record();
        long told = drift.nights(null, 1).get(0).sums().net();
        assertEquals(jump, told);
        sql.update("delete from drift_pair where run_id = ?", run);
        sql.update("delete from drift where run_id = ?", run);
        sql.update("delete from drift_run where run_id = ?", run);
        return run;
    }

    private static Drift.Sums sums(long pairs, long first, long differing, long more, long less) {
        return new Drift.Sums(pairs, first, differing, more, less);
    }

    private static LocalDate date(Instant asOf) {
        return asOf.atZone(ZoneOffset.UTC).toLocalDate();
    }

    private long load(Instant asOf, Instant appliedAt, int quantity) {
        int part = sql.one(
                "insert into snapshot_part (shared, lines) values (true, 1) returning part", row -> row.getInt(1));
        sql.update("create table lines_%1$d partition of snapshot_line for values in (%1$d)".formatted(part));
        long run = sql.one("""
                insert into snapshot_run (kind, business_date, as_of, source_name, source_sha256, state, part, applied_at)
                values ('NIGHTLY', ?, ?, 'f', ?, 'PREPARED', ?, ?) returning run_id
                """, row -> row.getLong(1), date(asOf), asOf, "sha" + part, part, appliedAt);
        line(run, 1, PRODUCT, quantity);
        return run;
    }

    private void line(long run, int facility, int product, int quantity) {
        sql.update("""
                insert into snapshot_line (as_of, part, facility_key, product_key, run_id, quantity, line)
                select as_of, part, ?, ?, run_id, ?, 2 from snapshot_run where run_id = ?
                """, facility, product, quantity, run);
    }

    private void apply(long run) {
        sql.update("update snapshot_run set state = 'APPLIED' where run_id = ?", run);
    }

    private void move(int quantity, Instant at, Instant recordedAt) {
        sql.update("""
                insert into movement (facility_id, event_id, fingerprint, id_type, id_value, facility_key, product_key,
                                      quantity, reason, occurred_at, booked_at, recorded_at, first_status)
                values ('F1', ?, gen_random_uuid(), 'SKU', 'S', 1, 1, ?, 'POS_SALE', ?, ?, ?, 'APPLIED')
                """, "e" + numbers.incrementAndGet(), quantity, at, at, recordedAt);
        sql.update("""
                insert into movement_sum as s (facility_key, product_key, hour, quantity)
                values (1, 1, date_trunc('hour', ?::timestamptz, 'UTC'), ?)
                on conflict (facility_key, product_key, hour) do update set quantity = s.quantity + excluded.quantity
                """, at, quantity);
    }

    private int ship(int quantity, Instant at) {
        int number = numbers.incrementAndGet();
        sql.update("insert into shipment values (?, 'F1', 1, ?)", "S" + number, at);
        sql.update("""
                insert into shipment_item (shipment_id, item_seq_id, id_type, id_value, facility_key, product_key, shipped_at,
                                           quantity, revision)
                values (?, '1', 'SKU', 'S', 1, 1, ?, ?, 0)
                """, "S" + number, at, quantity);
        return number;
    }

    private void acknowledge(int number, Instant at) {
        sql.update("""
                update shipment_item set acknowledged_at = ?, acknowledged_quantity = quantity where shipment_id = ?
                """, at, "S" + number);
    }
}
