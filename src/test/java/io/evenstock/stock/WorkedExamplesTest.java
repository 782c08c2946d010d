package io.evenstock.stock;

import static io.evenstock.stock.Given.NASHVILLE;
import static io.evenstock.stock.Given.NEW_YORK;
import static io.evenstock.stock.Given.T0;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.evenstock.stock.Variance.Progress;
import java.time.Instant;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** The two worked examples of the stock rules. */
class WorkedExamplesTest {

    @Nested
    class TwoOfAAndBShipped {

        private final Instant yesterday = T0.minusSeconds(86_400);

        private Given product(int before, int file, String itemSeqId) {
            return new Given(NEW_YORK)
                    .run(6, yesterday, before)
                    .shipped(Given.item(new ItemId("S1", itemSeqId), 2, yesterday.plusSeconds(60), null))
                    .run(7, T0, file);
        }

        @Test
        void theOmsHasEightBeforeTheReset() {
            Given a = new Given(NEW_YORK).run(6, yesterday, 10).shipped(Given.item(2, null));
            assertEquals(new Figure(8, 0, 0), a.equation().figure());
        }

        @Test
        void afterTheResetTwoAreWithheld() {
            Given a = product(10, 10, "00001").variance(Progress.OPEN);
            Given b = product(10, 10, "00002").variance(Progress.OPEN);
            assertEquals(new Figure(10, 2, 0), a.equation().figure());
            assertEquals(new Figure(10, 2, 0), b.equation().figure());
            assertEquals(8, a.available());
            assertEquals(8, b.available());
            assertEquals(new Figure(5, 0, 0), Given.file(5).equation().figure());
        }

        @Test
        void afterTheVarianceEightAreLeft() {
            assertEquals(
                    new Figure(8, 0, 0),
                    product(10, 10, "00001").variance(Progress.DONE).equation().figure());
            assertEquals(
                    new Figure(8, 0, 0),
                    product(10, 10, "00002").variance(Progress.DONE).equation().figure());
        }

        @Test
        void nashvilleIsUntouched() {
            Given nashville = new Given(NASHVILLE)
                    .run(7, T0, 10)
                    .shipped(Given.item(2, null))
                    .variance(Progress.DONE);
            assertEquals(new Figure(10, 0, 0), nashville.equation().figure());
        }
    }

    @Nested
    class SalesAroundTheSnapshot {

        private final Given afterTheReset = Given.file(10).booked(-1, Instant.parse("2026-11-22T01:20:00Z"));

        @Test
        void theSaleAfterTheSnapshotSurvivesTheReset() {
            assertEquals(9, afterTheReset.onHand());
        }

        @Test
        void theDelayedSaleWasInTheSnapshot() {
            assertEquals(
                    9,
                    afterTheReset
                            .booked(-1, Instant.parse("2026-11-22T00:50:00Z"))
                            .onHand());
        }

        @Test
        void theSaleOfATillThatWasOfflineWasNot() {
            Movement sale = Movement.received(
                    "E9",
                    -1,
                    "POS_SALE",
                    Instant.parse("2026-11-22T00:50:00Z"),
                    Instant.parse("2026-11-22T03:55:00Z"),
                    Instant.parse("2026-11-22T04:00:00Z"));
            assertEquals(
                    8, afterTheReset.booked(sale.quantity(), sale.bookedAt()).onHand());
        }
    }
}
