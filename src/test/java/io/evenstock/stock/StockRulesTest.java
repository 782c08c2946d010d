package io.evenstock.stock;

import static io.evenstock.stock.Given.DAY_AFTER;
import static io.evenstock.stock.Given.HOUR_AFTER;
import static io.evenstock.stock.Given.HOUR_BEFORE;
import static io.evenstock.stock.Given.ITEM;
import static io.evenstock.stock.Given.MICRO_AFTER;
import static io.evenstock.stock.Given.MICRO_BEFORE;
import static io.evenstock.stock.Given.NANO_AFTER;
import static io.evenstock.stock.Given.NANO_BEFORE;
import static io.evenstock.stock.Given.NASHVILLE;
import static io.evenstock.stock.Given.NEW_YORK;
import static io.evenstock.stock.Given.T0;
import static io.evenstock.stock.Given.acknowledged;
import static io.evenstock.stock.Given.file;
import static io.evenstock.stock.Given.invoicedInNashville;
import static io.evenstock.stock.Given.item;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.evenstock.stock.Revised.Arrival;
import io.evenstock.stock.Variance.Progress;
import io.evenstock.stock.Variance.Tag;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** R1 to R15, as far as they are arithmetic. */
class StockRulesTest {

    @Nested
    class R1Reset {

        @Test
        void addsWhatWasBookedStrictlyAfterTheSnapshot() {
            assertEquals(10, file(10).booked(-1, NANO_BEFORE).onHand());
            assertEquals(10, file(10).booked(-1, T0).onHand());
            assertEquals(9, file(10).booked(-1, NANO_AFTER).onHand());
            assertEquals(10, file(10).booked(-1, MICRO_BEFORE).onHand());
            assertEquals(9, file(10).booked(-1, MICRO_AFTER).onHand());
        }

        @Test
        void addsReturnsAndAdjustmentsToo() {
            assertEquals(
                    14, file(10).booked(5, HOUR_AFTER).booked(-1, DAY_AFTER).onHand());
        }

        @Test
        void subtractsWhatWasNotAcknowledgedByTheSnapshot() {
            assertEquals(8, file(10).shipped(item(2, null)).onHand());
            assertEquals(8, file(10).shipped(item(2, acknowledged(NANO_AFTER))).onHand());
            assertEquals(10, file(10).shipped(item(2, acknowledged(T0))).onHand());
            assertEquals(
                    10, file(10).shipped(item(2, acknowledged(NANO_BEFORE))).onHand());
            assertEquals(8, file(10).shipped(item(2, acknowledged(MICRO_AFTER))).onHand());
            assertEquals(
                    10, file(10).shipped(item(2, acknowledged(MICRO_BEFORE))).onHand());
        }

        @Test
        void bookedIsByDefaultWhenItOccurredAndThenWhenItWasReceived() {
            assertEquals(T0, received(HOUR_BEFORE, T0).bookedAt());
            assertEquals(HOUR_BEFORE, received(HOUR_BEFORE, null).bookedAt());
            assertEquals(DAY_AFTER, received(null, null).bookedAt());
            assertEquals(HOUR_BEFORE, received(HOUR_BEFORE, T0).occurredAt());
            assertEquals(T0, received(null, T0).occurredAt());
            assertEquals(DAY_AFTER, received(null, null).occurredAt());
        }

        @Test
        void goesByWhenItWasBookedNotByWhenItOccurred() {
            assertTrue(new Movement("E1", -1, "POS_SALE", HOUR_BEFORE, HOUR_AFTER).countsAfter(T0));
            assertFalse(new Movement("E2", -1, "POS_SALE", HOUR_AFTER, HOUR_BEFORE).countsAfter(T0));
        }

        @Test
        void aPairNeverCoveredStartsAtZeroBeforeAllTimes() {
            Given pair = new Given(NEW_YORK)
                    .booked(-1, HOUR_BEFORE)
                    .shipped(item(2, null), item(new ItemId("S2", "1"), 4, HOUR_BEFORE, acknowledged(T0)));
            assertEquals(-7, pair.onHand());
            assertEquals(Base.NONE, pair.equation().base());
            assertFalse(pair.equation().base().covered());
            assertTrue(file(10).equation().base().covered());
        }

        @Test
        void theBaseIsTheLineWithTheGreatestAsOfNeverTheGreatestRun() {
            assertEquals(10, file(10).run(8, HOUR_BEFORE, 99).onHand());
            assertEquals(99, file(10).run(3, HOUR_AFTER, 99).onHand());
        }

        private Movement received(@Nullable Instant occurredAt, @Nullable Instant bookedAt) {
            return Movement.received("E1", -1, "POS_SALE", occurredAt, bookedAt, DAY_AFTER);
        }
    }

    @Nested
    class R2VarianceFile {

        @Test
        void hasWhatWasShippedByTheSnapshot() {
            assertEquals(1, lines(shippedAt(NANO_BEFORE)).size());
            assertEquals(1, lines(shippedAt(T0)).size());
            assertEquals(List.of(), lines(shippedAt(NANO_AFTER)));
        }

        @Test
        void hasWhatWasNotAcknowledgedByTheSnapshot() {
            assertEquals(1, lines(item(2, acknowledged(NANO_AFTER))).size());
            assertEquals(List.of(), lines(item(2, acknowledged(T0))));
            assertEquals(List.of(), lines(item(2, acknowledged(NANO_BEFORE))));
        }

        @Test
        void hasOneLineAnItemEvenIfPartlyAcknowledged() {
            assertEquals(List.of(new Outstanding(ITEM, NEW_YORK, -5)), lines(item(5, acknowledged(3, HOUR_AFTER))));
            assertEquals(List.of(new Outstanding(ITEM, NEW_YORK, -2)), lines(item(5, acknowledged(3, HOUR_BEFORE))));
        }

        @Test
        void isTheSameOnAnyNode() {
            ItemId second = new ItemId("S1", "00002");
            ItemId third = new ItemId("S2", "00001");
            ShipmentItem first = item(ITEM, 1, HOUR_BEFORE, invoicedInNashville(HOUR_BEFORE, null));
            List<Outstanding> expected = List.of(
                    new Outstanding(ITEM, NEW_YORK, -1),
                    new Outstanding(second, NEW_YORK, -2),
                    new Outstanding(third, NEW_YORK, -3),
                    new Outstanding(ITEM, NASHVILLE, 1));
            ShipmentItem two = item(second, 2, HOUR_BEFORE, null);
            ShipmentItem three = item(third, 3, HOUR_BEFORE, null);
            assertEquals(expected, lines(first, two, three));
            assertEquals(expected, lines(three, two, first));
        }

        @Test
        void hasNoLineOfNothing() {
            assertEquals(List.of(), lines(item(0, null)));
            assertThrows(IllegalArgumentException.class, () -> new Outstanding(ITEM, NEW_YORK, 0));
        }

        private ShipmentItem shippedAt(Instant shippedAt) {
            return item(ITEM, 2, shippedAt, null);
        }

        private static List<Outstanding> lines(ShipmentItem... items) {
            return Outstanding.varianceLines(T0, List.of(items));
        }
    }

    @Nested
    class R3Variance {

        private final Outstanding line = new Outstanding(ITEM, NEW_YORK, -2);

        @Test
        void takesItsLinesOffOnceItIsDone() {
            Given open = file(10).shipped(item(2, null)).variance(Progress.OPEN);
            assertEquals(10, open.onHand());
            assertEquals(List.of(Tag.PENDING), open.tags());
            Given done = file(10).shipped(item(2, null)).variance(Progress.DONE);
            assertEquals(8, done.onHand());
            assertEquals(List.of(Tag.RECORDED), done.tags());
        }

        @Test
        void isDeductedWithoutItOnceItIsDropped() {
            Given dropped = file(10).shipped(item(2, null)).variance(Progress.DROPPED);
            assertEquals(new Figure(8, 0, 0), dropped.equation().figure());
            assertEquals(List.of(Tag.CARRIED), dropped.tags());
        }

        @Test
        void countsOnlyForPairsThatItsRunCovers() {
            Given newer =
                    file(10).shipped(item(2, null)).variance(Progress.OPEN).run(8, HOUR_AFTER, 20);
            assertEquals(new Figure(18, 0, 0), newer.equation().figure());
            assertEquals(List.of(Tag.CARRIED), newer.tags());
            Given never = new Given(NEW_YORK).shipped(item(2, null)).variance(Progress.OPEN);
            assertEquals(new Figure(-2, 0, 0), never.equation().figure());
        }

        @Test
        void concernsNoOtherItemAndNoOtherFacility() {
            ItemId other = new ItemId("S1", "00002");
            Given pair = file(10).shipped(item(other, 2, HOUR_BEFORE, null));
            assertEquals(
                    List.of(Tag.CARRIED), pair.variance(Progress.OPEN, line).tags());
            Given elsewhere = file(10).shipped(item(2, null));
            Outstanding nashville = new Outstanding(ITEM, NASHVILLE, -2);
            assertEquals(
                    List.of(Tag.CARRIED),
                    elsewhere.variance(Progress.OPEN, nashville).tags());
        }

        @Test
        void concernsNoOtherKindOfEffect() {
            Outstanding plus = new Outstanding(ITEM, NEW_YORK, 2);
            Given pair = file(10).shipped(item(2, null)).variance(Progress.OPEN, plus);
            assertEquals(new Figure(8, 0, 0), pair.equation().figure());
        }

        @Test
        void withholdsThePresentQuantityOfARevisedItem() {
            assertEquals(
                    new Figure(10, 3, 0),
                    file(10).shipped(item(3, null))
                            .variance(Progress.OPEN, line)
                            .equation()
                            .figure());
            assertEquals(
                    new Figure(7, 0, 0),
                    file(10).shipped(item(3, null))
                            .variance(Progress.DONE, line)
                            .equation()
                            .figure());
            assertEquals(
                    new Figure(10, 0, 0),
                    file(10).shipped(item(0, null))
                            .variance(Progress.OPEN, line)
                            .equation()
                            .figure());
        }

        @Test
        void hasNoLinesWithoutARun() {
            assertThrows(IllegalArgumentException.class, () -> Variance.of(0, Progress.OPEN, List.of(line)));
        }
    }

    @Nested
    class R4Withheld {

        @Test
        void isTakenFromWhatMayBePromisedButNotFromWhatIsThere() {
            Given pair = file(10).shipped(item(2, null)).variance(Progress.OPEN).safetyStock(3);
            assertEquals(new Figure(10, 2, 3), pair.equation().figure());
            assertEquals(5, pair.available());
        }

        @Test
        void endsWithTheVarianceAndLeavesTheSamePromise() {
            Given pair = file(10).shipped(item(2, null)).variance(Progress.DONE).safetyStock(3);
            assertEquals(new Figure(8, 0, 3), pair.equation().figure());
            assertEquals(5, pair.available());
        }

        @Test
        void isOfNegativeLinesOnly() {
            Given nashville = new Given(NASHVILLE)
                    .run(7, T0, 10)
                    .shipped(item(2, invoicedInNashville(HOUR_BEFORE, null)))
                    .variance(Progress.OPEN);
            assertEquals(new Figure(10, 0, 0), nashville.equation().figure());
            assertEquals(List.of(Tag.PENDING), nashville.tags());
        }

        @Test
        void leavesOutWhatHasNoLine() {
            Given pair = file(10).shipped(item(2, null))
                    .variance(Progress.OPEN)
                    .shipped(item(new ItemId("S2", "00001"), 4, HOUR_BEFORE, null));
            assertEquals(new Figure(6, 2, 0), pair.equation().figure());
            assertEquals(List.of(Tag.PENDING, Tag.CARRIED), pair.tags());
        }
    }

    @Nested
    class R5LateSale {

        @Test
        void isKeptWithEffectZeroAndTheReasonWhy() {
            Equation equation = file(10).booked(-1, T0).booked(-3, HOUR_AFTER).equation();
            assertEquals(1, equation.absorbed().size());
            assertEquals("E0", equation.absorbed().get(0).movement().eventId());
            assertEquals(
                    "booked at 2026-11-22T00:55:00Z, not after 2026-11-22T00:55:00Z, the as-of of run 7,"
                            + " whose quantity held it",
                    equation.absorbed().get(0).why());
            assertEquals(
                    List.of("E1"),
                    equation.movements().stream().map(Movement::eventId).toList());
            assertEquals(7, equation.figure().quantityOnHand());
        }

        @Test
        void countsAgainWhenAnOlderBaseReturns() {
            assertEquals(
                    9,
                    new Given(NEW_YORK).run(6, HOUR_BEFORE, 10).booked(-1, T0).onHand());
        }
    }

    @Nested
    class R6LateShipment {

        @Test
        void isDeductedAtOnceWheneverItShipped() {
            for (Instant shippedAt : List.of(Instant.EPOCH, HOUR_BEFORE, T0, HOUR_AFTER)) {
                Given pair = file(10).variance(Progress.OPEN).shipped(item(ITEM, 2, shippedAt, null));
                assertEquals(new Figure(8, 0, 0), pair.equation().figure(), shippedAt.toString());
                assertEquals(List.of(Tag.CARRIED), pair.tags());
            }
        }

        @Test
        void hasNoEffectIfAcknowledgedAsOfTheSnapshot() {
            assertEquals(10, file(10).shipped(item(2, acknowledged(T0))).onHand());
            assertEquals(List.of(), file(10).shipped(item(2, acknowledged(T0))).tags());
        }
    }

    @Nested
    class R7LateAcknowledgement {

        @Test
        void givesTheDeductedQuantityBackOnce() {
            assertEquals(8, file(10).shipped(item(2, null)).onHand());
            assertEquals(10, file(10).shipped(item(2, acknowledged(T0))).onHand());
        }

        @Test
        void endsAPendingLine() {
            Outstanding line = new Outstanding(ITEM, NEW_YORK, -2);
            Given pair = file(10).shipped(item(2, acknowledged(T0)));
            assertEquals(
                    new Figure(10, 0, 0),
                    pair.variance(Progress.OPEN, line).equation().figure());
        }

        @Test
        void givesARecordedLineBack() {
            Outstanding line = new Outstanding(ITEM, NEW_YORK, -2);
            Given pair = file(10).shipped(item(2, acknowledged(T0)));
            assertEquals(
                    new Figure(10, 0, 0),
                    pair.variance(Progress.DONE, line).equation().figure());
        }

        @Test
        void changesNothingYetIfDatedAfterTheSnapshot() {
            assertEquals(8, file(10).shipped(item(2, acknowledged(HOUR_AFTER))).onHand());
        }

        @Test
        void mayBeKnownBeforeWhatTheItemStates() {
            Acknowledgement whole = acknowledged(HOUR_BEFORE);
            assertEquals(4, whole.unitsOf(4));
            assertEquals(NASHVILLE, whole.invoicedAtOr(NASHVILLE));
            assertEquals(NEW_YORK, acknowledged(1, HOUR_BEFORE).invoicedAtOr(NASHVILLE));
        }
    }

    @Nested
    class R8Once {

        private final Revision<Acknowledgement> first = new Revision<>(0, acknowledged(2, T0));
        private final Revised<Acknowledgement> known =
                Revised.<Acknowledgement>unknown().with(first);

        @Test
        void aRepeatChangesNothing() {
            Revision<Acknowledgement> again = new Revision<>(0, acknowledged(2, T0));
            assertEquals(Arrival.REPEATED, known.arrivalOf(again));
            assertSame(known, known.with(again));
        }

        @Test
        void otherContentIsRefused() {
            for (Acknowledgement other : List.of(
                    acknowledged(1, T0),
                    acknowledged(2, NANO_AFTER),
                    acknowledged(T0),
                    new Acknowledgement(T0, 2, NASHVILLE, null))) {
                assertEquals(Arrival.CONFLICTING, known.arrivalOf(new Revision<>(0, other)), other.toString());
                assertSame(known, known.with(new Revision<>(0, other)));
            }
            assertEquals(Arrival.CONFLICTING, known.arrivalOf(new Revision<>(0, null)));
        }

        @Test
        void holdsForEverAlsoForAnOvertakenRevision() {
            Revised<Acknowledgement> corrected = known.with(new Revision<>(3, null));
            assertEquals(Arrival.REPEATED, corrected.arrivalOf(first));
            assertEquals(Arrival.CONFLICTING, corrected.arrivalOf(new Revision<>(0, acknowledged(1, T0))));
            assertEquals(Arrival.REPEATED, corrected.arrivalOf(new Revision<>(3, null)));
        }
    }

    @Nested
    class R9NeverRefuseASale {

        @Test
        void theQuantityGoesNegativeAndThePromiseStopsAtZero() {
            Given pair = file(1).booked(-3, HOUR_AFTER);
            assertEquals(-2, pair.onHand());
            assertEquals(0, pair.available());
            assertTrue(pair.equation().figure().negative());
            assertFalse(new Figure(0, 0, 0).negative());
        }

        @Test
        void thePromiseStopsAtZeroForWithheldAndSafetyStockToo() {
            assertEquals(1, new Figure(5, 2, 2).availableToPromise());
            assertEquals(0, new Figure(4, 2, 2).availableToPromise());
            assertEquals(0, new Figure(3, 2, 2).availableToPromise());
            assertThrows(IllegalArgumentException.class, () -> new Figure(3, -1, 0));
            assertThrows(IllegalArgumentException.class, () -> new Figure(3, 0, -1));
        }

        @Test
        void sumsDoNotWrap() {
            int most = Integer.MAX_VALUE;
            Given pair = file(most).booked(most, HOUR_AFTER).booked(most, HOUR_AFTER);
            assertEquals(3L * most, pair.onHand());
            Given gone = file(-most)
                    .shipped(item(most, null), item(new ItemId("S2", "00001"), most, HOUR_BEFORE, null))
                    .variance(Progress.OPEN);
            assertEquals(new Figure(-most, 2L * most, 0), gone.equation().figure());
            assertThrows(ArithmeticException.class, () -> new Figure(Long.MIN_VALUE, 1, 0).availableToPromise());
            assertThrows(
                    ArithmeticException.class,
                    () -> Outstanding.asOf(
                            T0,
                            List.of(
                                    new Effect(ITEM, NEW_YORK, most, Instant.MIN, Instant.MAX),
                                    new Effect(ITEM, NEW_YORK, 1, Instant.MIN, Instant.MAX))));
        }

        @Test
        void aSumThatDoesNotFitIsRefused() {
            assertEquals(Long.MAX_VALUE, Equation.sum(LongStream.of(Long.MAX_VALUE - 1, 1)));
            assertThrows(ArithmeticException.class, () -> Equation.sum(LongStream.of(Long.MAX_VALUE, 1)));
        }

        @Test
        void theLeastQuantityHasNoPositiveTwin() {
            Outstanding least = new Outstanding(ITEM, NEW_YORK, Integer.MIN_VALUE);
            assertEquals(1L << 31, new Equation.Tagged(least, Tag.PENDING).withheld());
        }
    }

    @Nested
    class R10OrderOfSnapshots {

        private final Base base = new Base(7, T0, 10);

        @Test
        void aRowNotNewerThanTheBaseIsStale() {
            assertFalse(base.supersededBy(NANO_BEFORE));
            assertFalse(base.supersededBy(T0));
            assertTrue(base.supersededBy(NANO_AFTER));
            assertFalse(base.supersededBy(MICRO_BEFORE));
            assertTrue(base.supersededBy(MICRO_AFTER));
        }

        @Test
        void anyRowIsNewerThanNone() {
            assertTrue(Base.NONE.supersededBy(Instant.EPOCH));
        }

        @Test
        void ofTwoLinesAsOfOneMomentTheFirstStands() {
            Base later = new Base(8, T0, 99);
            assertEquals(base, Base.among(List.of(base, later)));
            assertEquals(later, Base.among(List.of(later, base)));
        }
    }

    @Nested
    class R11NothingIsLost {

        @Test
        void whatComesOutOfQuarantineTakesEffectAtItsOwnTime() {
            Given pair = file(10).shipped(item(2, null)).variance(Progress.DONE);
            pair.booked(-1, HOUR_BEFORE).booked(-1, HOUR_AFTER);
            assertEquals(7, pair.onHand());
            assertEquals(1, pair.equation().absorbed().size());
        }
    }

    @Nested
    class R12Held {

        private final Skew skew = new Skew(Duration.ofMinutes(5));

        @Test
        void anAsOfBeyondTheSkewLiesInTheFuture() {
            Instant now = T0;
            assertTrue(skew.allows(now.plusSeconds(300), now));
            assertFalse(skew.allows(now.plusSeconds(300).plusNanos(1), now));
            assertTrue(skew.allows(Instant.EPOCH, now));
            assertThrows(IllegalArgumentException.class, () -> new Skew(Duration.ofNanos(-1)));
        }

        @Test
        void aPreviewIsTheEquationAsIf() {
            List<Movement> movements = List.of(new Movement("E1", -1, "POS_SALE", T0, T0));
            Facts now = new Facts(NEW_YORK, new Base(6, HOUR_BEFORE, 10), Variance.NONE, movements, List.of(), 0);
            Facts asIf = new Facts(NEW_YORK, new Base(7, T0, 12), Variance.NONE, movements, List.of(), 0);
            assertEquals(9, Equation.of(now).figure().quantityOnHand());
            assertEquals(12, Equation.of(asIf).figure().quantityOnHand());
        }
    }

    @Nested
    class R13Undo {

        @Test
        void theFigureIsWhatItWouldBeWithoutTheRun() {
            Given without = new Given(NEW_YORK)
                    .run(6, HOUR_BEFORE, 10)
                    .booked(-1, T0)
                    .booked(-1, HOUR_AFTER)
                    .shipped(item(2, acknowledged(T0)));
            assertEquals(6, without.onHand());
            assertEquals(19, without.run(7, T0, 20).onHand());
        }

        @Test
        void itsLinesArePendingNoMore() {
            Given undone = new Given(NEW_YORK)
                    .run(6, HOUR_BEFORE, 10)
                    .shipped(item(2, null))
                    .variance(Progress.OPEN);
            assertEquals(new Figure(8, 0, 0), undone.equation().figure());
        }
    }

    @Nested
    class R14InvoicedElsewhere {

        @Test
        void whereItShippedFromItIsMissedUntilTheSlip() {
            assertEquals(8, file(10).shipped(elsewhere(HOUR_BEFORE, null)).onHand());
            assertEquals(8, file(10).shipped(elsewhere(HOUR_BEFORE, NANO_AFTER)).onHand());
            assertEquals(10, file(10).shipped(elsewhere(HOUR_BEFORE, T0)).onHand());
            assertEquals(
                    10, file(10).shipped(elsewhere(HOUR_BEFORE, NANO_BEFORE)).onHand());
        }

        @Test
        void whereItWasInvoicedItIsTooLittleUntilTheSlip() {
            assertEquals(12, nashville(elsewhere(HOUR_BEFORE, null)).onHand());
            assertEquals(12, nashville(elsewhere(T0, NANO_AFTER)).onHand());
            assertEquals(10, nashville(elsewhere(NANO_AFTER, null)).onHand());
            assertEquals(10, nashville(elsewhere(NANO_BEFORE, T0)).onHand());
        }

        @Test
        void eachFacilityGoesByItsOwnSnapshot() {
            ShipmentItem item = elsewhere(HOUR_BEFORE, HOUR_AFTER);
            assertEquals(12, nashville(item).onHand());
            assertEquals(10, file(10).shipped(item).run(8, HOUR_AFTER, 10).onHand());
        }

        @Test
        void theVarianceHasBothLines() {
            assertEquals(
                    List.of(new Outstanding(ITEM, NEW_YORK, -2), new Outstanding(ITEM, NASHVILLE, 2)),
                    Outstanding.varianceLines(T0, List.of(elsewhere(T0, null))));
        }

        @Test
        void theTwoKindsAreToldByTheirSign() {
            assertEquals(
                    Outstanding.Kind.SHIPPED_FROM_HERE,
                    new Outstanding(ITEM, NEW_YORK, -1).key().kind());
            assertEquals(
                    Outstanding.Kind.INVOICED_FOR_ANOTHER,
                    new Outstanding(ITEM, NEW_YORK, 1).key().kind());
        }

        @Test
        void theTwoKindsAreNeverAddedUp() {
            Effect plus = new Effect(ITEM, NEW_YORK, 3, T0, Instant.MAX);
            Effect minus = new Effect(ITEM, NEW_YORK, -2, Instant.MIN, Instant.MAX);
            assertEquals(
                    List.of(new Outstanding(ITEM, NEW_YORK, -2), new Outstanding(ITEM, NEW_YORK, 3)),
                    Outstanding.asOf(T0, List.of(plus, minus)));
        }

        @Test
        void bothLinesAreRecorded() {
            ShipmentItem item = elsewhere(HOUR_BEFORE, null);
            assertEquals(10, file(10).shipped(item).variance(Progress.OPEN).onHand());
            assertEquals(8, file(10).shipped(item).variance(Progress.DONE).onHand());
            assertEquals(10, nashville(item).variance(Progress.OPEN).onHand());
            assertEquals(12, nashville(item).variance(Progress.DONE).onHand());
        }

        @Test
        void aSlipBeforeTheAcknowledgementLeavesNothingAtTheInvoicingFacility() {
            ShipmentItem item = elsewhere(HOUR_AFTER, T0);
            assertEquals(List.of(new Effect(ITEM, NEW_YORK, -2, Instant.MIN, T0)), item.effects());
            assertEquals(
                    List.of(new Effect(ITEM, NEW_YORK, -2, Instant.MIN, T0)),
                    elsewhere(T0, T0).effects());
        }

        @Test
        void aSlipWithinOneFacilityMeansNothing() {
            ShipmentItem item = item(2, new Acknowledgement(T0, 2, NEW_YORK, HOUR_AFTER));
            assertEquals(List.of(new Effect(ITEM, NEW_YORK, -2, Instant.MIN, T0)), item.effects());
        }

        @Test
        void ofAPartOnlyThatPartGoesBack() {
            ShipmentItem item = item(5, new Acknowledgement(HOUR_BEFORE, 3, NASHVILLE, T0));
            assertEquals(
                    List.of(
                            new Effect(ITEM, NEW_YORK, -2, Instant.MIN, Instant.MAX),
                            new Effect(ITEM, NEW_YORK, -3, Instant.MIN, T0),
                            new Effect(ITEM, NASHVILLE, 3, HOUR_BEFORE, T0)),
                    item.effects());
        }

        @Test
        void aPairNeverCoveredLacksNothingThatWasInvoicedThere() {
            ShipmentItem item = elsewhere(HOUR_BEFORE, null);
            assertEquals(0, new Given(NASHVILLE).shipped(item).onHand());
            assertEquals(-2, new Given(NEW_YORK).shipped(item).onHand());
        }

        @Test
        void theSlipMayBeSetOnceLater() {
            Revision<Acknowledgement> open = new Revision<>(0, invoicedInNashville(T0, null));
            Revision<Acknowledgement> slip = new Revision<>(0, invoicedInNashville(T0, HOUR_AFTER));
            Revision<Acknowledgement> otherSlip = new Revision<>(0, invoicedInNashville(T0, DAY_AFTER));
            Revised<Acknowledgement> known = Revised.<Acknowledgement>unknown().with(open);
            assertEquals(Arrival.NEWEST, known.arrivalOf(slip));
            Revised<Acknowledgement> posted = known.with(slip);
            assertEquals(Optional.of(invoicedInNashville(T0, HOUR_AFTER)), posted.current());
            assertEquals(Arrival.CONFLICTING, posted.arrivalOf(otherSlip));
            assertEquals(Arrival.REPEATED, posted.arrivalOf(open));
            assertEquals(Arrival.REPEATED, posted.arrivalOf(slip));
            assertEquals(posted, Revised.<Acknowledgement>unknown().with(slip).with(open));
        }

        @Test
        void theSlipCompletesOnlyWhatIsOtherwiseTheSame() {
            Revised<Acknowledgement> known =
                    Revised.<Acknowledgement>unknown().with(new Revision<>(0, invoicedInNashville(T0, null)));
            for (Acknowledgement other : List.of(
                    invoicedInNashville(NANO_AFTER, DAY_AFTER),
                    new Acknowledgement(T0, 1, NASHVILLE, DAY_AFTER),
                    new Acknowledgement(T0, null, NEW_YORK, DAY_AFTER))) {
                assertEquals(Arrival.CONFLICTING, known.arrivalOf(new Revision<>(0, other)), other.toString());
            }
        }

        @Test
        void theSlipOfAnOvertakenRevisionChangesNothing() {
            Revised<Acknowledgement> withdrawn = Revised.<Acknowledgement>unknown()
                    .with(new Revision<>(0, invoicedInNashville(T0, null)))
                    .with(new Revision<>(1, null));
            Revision<Acknowledgement> slip = new Revision<>(0, invoicedInNashville(T0, HOUR_AFTER));
            assertEquals(Arrival.OVERTAKEN, withdrawn.arrivalOf(slip));
            assertEquals(Optional.empty(), withdrawn.with(slip).current());
            assertEquals(2, withdrawn.with(slip).revisions().size());
        }

        private static ShipmentItem elsewhere(Instant acknowledgedAt, @Nullable Instant slipAt) {
            return item(2, invoicedInNashville(acknowledgedAt, slipAt));
        }

        private static Given nashville(ShipmentItem item) {
            return new Given(NASHVILLE).run(7, T0, 10).shipped(item);
        }
    }

    @Nested
    class R15Corrections {

        @Test
        void theHighestRevisionCountsWheneverItArrives() {
            Revision<Acknowledgement> first = new Revision<>(0, acknowledged(2, T0));
            Revision<Acknowledgement> second = new Revision<>(5, acknowledged(1, T0));
            Revised<Acknowledgement> none = Revised.unknown();
            assertEquals(Optional.empty(), none.current());
            assertEquals(Arrival.NEWEST, none.arrivalOf(second));
            assertEquals(Arrival.NEWEST, none.with(first).arrivalOf(second));
            assertEquals(Arrival.OVERTAKEN, none.with(second).arrivalOf(first));
            assertEquals(
                    Optional.of(acknowledged(1, T0)),
                    none.with(first).with(second).current());
            assertEquals(none.with(first).with(second), none.with(second).with(first));
        }

        @Test
        void aLowerRevisionThatArrivesLateIsKept() {
            Revision<Acknowledgement> first = new Revision<>(0, acknowledged(2, T0));
            Revised<Acknowledgement> known = Revised.<Acknowledgement>unknown()
                    .with(new Revision<>(1, null))
                    .with(first);
            assertEquals(List.of(first, new Revision<Acknowledgement>(1, null)), known.revisions());
            assertEquals(Optional.empty(), known.current());
        }

        @Test
        void aRevisionInQuarantineDoesNotEndTheOneBefore() {
            Acknowledgement here = acknowledged(2, T0);
            Acknowledgement atUnknown = invoicedInNashville(T0, null);
            Revised<Acknowledgement> corrected = Revised.<Acknowledgement>unknown()
                    .with(new Revision<>(0, here))
                    .with(new Revision<>(1, atUnknown));
            assertEquals(Optional.of(here), corrected.current(content -> content.equals(here)));
            assertEquals(Optional.of(atUnknown), corrected.current(content -> true));
            assertEquals(
                    Optional.empty(), corrected.with(new Revision<>(2, null)).current(content -> false));
        }

        @Test
        void nothingCompletesWhatIsTakenBack() {
            Revised<Acknowledgement> withdrawn =
                    Revised.<Acknowledgement>unknown().with(new Revision<>(1, null));
            Revision<Acknowledgement> slip = new Revision<>(1, invoicedInNashville(T0, HOUR_AFTER));
            assertEquals(Arrival.CONFLICTING, withdrawn.arrivalOf(slip));
        }

        @Test
        void aRevisionIsNotNegative() {
            assertEquals(0, new Revision<Acknowledgement>(0, null).number());
            assertThrows(IllegalArgumentException.class, () -> new Revision<Acknowledgement>(-1, null));
        }

        @Test
        void aCancelledItemHasNoEffectEvenIfAcknowledged() {
            assertEquals(List.of(), item(0, null).effects());
            assertEquals(List.of(), item(0, acknowledged(2, HOUR_AFTER)).effects());
            assertEquals(
                    List.of(), item(0, invoicedInNashville(HOUR_BEFORE, null)).effects());
            assertEquals(
                    10, file(10).shipped(item(0, acknowledged(2, HOUR_AFTER))).onHand());
        }

        @Test
        void whatIsNotAcknowledgedStaysOut() {
            assertEquals(
                    8, file(10).shipped(item(2, acknowledged(1, NANO_AFTER))).onHand());
            assertEquals(9, file(10).shipped(item(2, acknowledged(1, T0))).onHand());
            assertEquals(8, file(10).shipped(item(2, acknowledged(0, T0))).onHand());
        }

        @Test
        void noMoreIsGivenBackThanWasShipped() {
            assertEquals(10, file(10).shipped(item(2, acknowledged(3, T0))).onHand());
            assertEquals(
                    8, file(10).shipped(item(2, acknowledged(3, NANO_AFTER))).onHand());
            assertEquals(
                    List.of(
                            new Effect(ITEM, NEW_YORK, -2, Instant.MIN, Instant.MAX),
                            new Effect(ITEM, NASHVILLE, 2, T0, Instant.MAX)),
                    item(2, new Acknowledgement(T0, 3, NASHVILLE, null)).effects());
        }

        @Test
        void aWithdrawnAcknowledgementTakesBackWhatItGave() {
            Revised<Acknowledgement> withdrawn = Revised.<Acknowledgement>unknown()
                    .with(new Revision<>(0, acknowledged(T0)))
                    .with(new Revision<>(1, null));
            ShipmentItem item = item(2, withdrawn.current().orElse(null));
            assertEquals(8, file(10).shipped(item).onHand());
        }

        @Test
        void quantitiesAreNotNegative() {
            assertThrows(IllegalArgumentException.class, () -> item(-1, null));
            assertThrows(IllegalArgumentException.class, () -> acknowledged(-1, T0));
        }
    }
}
