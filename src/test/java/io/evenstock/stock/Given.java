package io.evenstock.stock;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The facts of one pair, said in a test's few words. Run 7 of {@link #T0} covers it unless told otherwise. */
final class Given {

    static final Instant T0 = Instant.parse("2026-11-22T00:55:00Z");
    static final Instant NANO_BEFORE = T0.minusNanos(1);
    static final Instant NANO_AFTER = T0.plusNanos(1);
    static final Instant MICRO_BEFORE = T0.minusNanos(1_000);
    static final Instant MICRO_AFTER = T0.plusNanos(1_000);
    static final Instant HOUR_BEFORE = T0.minusSeconds(3_600);
    static final Instant HOUR_AFTER = T0.plusSeconds(3_600);
    static final Instant DAY_AFTER = T0.plusSeconds(86_400);

    static final String NEW_YORK = "001-101";
    static final String NASHVILLE = "001-102";
    static final ItemId ITEM = new ItemId("S1", "00001");

    private final String facilityId;
    private final List<Base> applied = new ArrayList<>();
    private final List<Movement> movements = new ArrayList<>();
    private final List<ShipmentItem> items = new ArrayList<>();
    private Variance variance = Variance.NONE;
    private int safetyStock;

    Given(String facilityId) {
        this.facilityId = facilityId;
    }

    static Given file(int quantity) {
        return new Given(NEW_YORK).run(7, T0, quantity);
    }

    Given run(long runId, Instant asOf, int quantity) {
        applied.add(new Base(runId, asOf, quantity));
        return this;
    }

    Given booked(int quantity, Instant bookedAt) {
        movements.add(new Movement("E" + movements.size(), quantity, "POS_SALE", bookedAt, bookedAt));
        return this;
    }

    Given shipped(ShipmentItem... shipped) {
        items.addAll(List.of(shipped));
        return this;
    }

    Given variance(Variance.Progress progress, Outstanding... lines) {
        variance = Variance.of(7, progress, List.of(lines));
        return this;
    }

    /** The variance of run 7, with the lines it has by what is known now. */
    Given variance(Variance.Progress progress) {
        return variance(progress, Outstanding.varianceLines(T0, items).toArray(Outstanding[]::new));
    }

    Given safetyStock(int units) {
        safetyStock = units;
        return this;
    }

    Equation equation() {
        List<Effect> effects =
                items.stream().flatMap(item -> item.effects().stream()).toList();
        return Equation.of(new Facts(facilityId, Base.among(applied), variance, movements, effects, safetyStock));
    }

    long onHand() {
        return equation().figure().quantityOnHand();
    }

    long withheld() {
        return equation().figure().withheld();
    }

    long available() {
        return equation().figure().availableToPromise();
    }

    List<Variance.Tag> tags() {
        return equation().outstanding().stream().map(Equation.Tagged::tag).toList();
    }

    static ShipmentItem item(int quantity, @Nullable Acknowledgement acknowledgement) {
        return item(ITEM, quantity, HOUR_BEFORE, acknowledgement);
    }

    static ShipmentItem item(ItemId id, int quantity, Instant shippedAt, @Nullable Acknowledgement acknowledgement) {
        return new ShipmentItem(id, NEW_YORK, quantity, shippedAt, acknowledgement);
    }

    static Acknowledgement acknowledged(Instant at) {
        return new Acknowledgement(at, null, null, null);
    }

    static Acknowledgement acknowledged(int quantity, Instant at) {
        return new Acknowledgement(at, quantity, NEW_YORK, null);
    }

    static Acknowledgement invoicedInNashville(Instant at, @Nullable Instant slipAt) {
        return new Acknowledgement(at, null, NASHVILLE, slipAt);
    }
}
