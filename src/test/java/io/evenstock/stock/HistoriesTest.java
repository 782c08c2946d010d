package io.evenstock.stock;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.evenstock.stock.Variance.Progress;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Random histories: what the equation says is what stands on the shelves of a world that knows no equation. */
class HistoriesTest {

    private static final int HISTORIES = 400;

    static Stream<Named<World>> worlds() {
        return Stream.iterate(1L, seed -> seed + 1)
                .limit(HISTORIES)
                .map(seed -> Named.of("seed " + seed, World.of(seed)));
    }

    @ParameterizedTest
    @MethodSource("worlds")
    void theFigureIsWhatIsOnTheShelf(World world) {
        for (String facility : World.FACILITIES) {
            for (Base base : world.snapshots(facility)) {
                Facts facts = world.facts(facility, base, Variance.NONE);
                assertEquals(
                        world.shelf(facility),
                        onHand(facts),
                        () -> world.facts(facility, base, Variance.NONE).toString());
            }
        }
    }

    @ParameterizedTest
    @MethodSource("worlds")
    void theVarianceChangesOnlyWhenItIsTakenOff(World world) {
        Random random = new Random(world.seed());
        for (String facility : World.FACILITIES) {
            for (Base base : world.snapshots(facility)) {
                List<ShipmentItem> knownAtTheFilter = world.items().stream()
                        .filter(item -> random.nextInt(4) > 0)
                        .toList();
                List<Outstanding> lines = Outstanding.varianceLines(base.asOf(), knownAtTheFilter);
                Equation open = equation(world, facility, base, Variance.of(base.runId(), Progress.OPEN, lines));
                Equation done = equation(world, facility, base, Variance.of(base.runId(), Progress.DONE, lines));
                Equation dropped = equation(world, facility, base, Variance.of(base.runId(), Progress.DROPPED, lines));
                assertEquals(world.shelf(facility), done.figure().quantityOnHand());
                assertEquals(done.figure(), dropped.figure());
                assertEquals(0, done.figure().withheld());
                assertEquals(
                        world.shelf(facility) - pending(open), open.figure().quantityOnHand());
                assertTrue(open.figure().availableToPromise() <= done.figure().availableToPromise());
            }
        }
    }

    @ParameterizedTest
    @MethodSource("worlds")
    void theOrderOfArrivalNeverMatters(World world) {
        Random random = new Random(world.seed());
        List<World.Message> messages = new ArrayList<>(world.messages());
        Received inOrder = Received.all(messages);
        for (int shuffle = 0; shuffle < 5; shuffle++) {
            messages.add(messages.get(random.nextInt(messages.size())));
            Collections.shuffle(messages, random);
            Received shuffled = Received.all(messages);
            for (String facility : World.FACILITIES) {
                assertEquals(Equation.of(inOrder.facts(facility)), Equation.of(shuffled.facts(facility)));
            }
        }
        for (String facility : World.FACILITIES) {
            if (inOrder.covered(facility)) {
                assertEquals(world.shelf(facility), onHand(inOrder.facts(facility)));
            }
        }
    }

    @ParameterizedTest
    @MethodSource("worlds")
    void undoingARunEqualsNeverHavingAppliedIt(World world) {
        for (String facility : World.FACILITIES) {
            for (Base undone : world.snapshots(facility)) {
                Received without = Received.all(world.messages().stream()
                        .filter(message -> !message.equals(new World.Applied(facility, undone)))
                        .toList());
                Received applied = Received.all(world.messages());
                applied.undo(facility, undone);
                assertEquals(Equation.of(without.facts(facility)), Equation.of(applied.facts(facility)));
                assertEquals(
                        applied.covered(facility) ? world.shelf(facility) : onHand(without.facts(facility)),
                        onHand(applied.facts(facility)));
            }
        }
    }

    @ParameterizedTest
    @MethodSource("worlds")
    void acknowledgingLateGivesBackExactlyOnce(World world) {
        for (ShipmentItem item : world.items()) {
            for (Base base : world.snapshots(item.facilityId())) {
                long without = onHand(pair(item, null, base, Progress.DONE));
                Instant asOf = base.asOf();
                assertEquals(without + item.quantity(), onHand(pair(item, asOf, base, Progress.DONE)));
                assertEquals(without + item.quantity(), onHand(pair(item, asOf, base, Progress.OPEN)));
                assertEquals(without, onHand(pair(item, asOf.plusNanos(1), base, Progress.DONE)));
            }
        }
    }

    private static Facts pair(ShipmentItem item, @Nullable Instant acknowledgedAt, Base base, Progress progress) {
        ShipmentItem before = new ShipmentItem(item.id(), item.facilityId(), item.quantity(), item.shippedAt(), null);
        ShipmentItem after = acknowledgedAt == null
                ? before
                : new ShipmentItem(
                        item.id(),
                        item.facilityId(),
                        item.quantity(),
                        item.shippedAt(),
                        new Acknowledgement(acknowledgedAt, null, null, null));
        List<Outstanding> lines = Outstanding.varianceLines(base.asOf(), List.of(before));
        return new Facts(
                item.facilityId(), base, Variance.of(base.runId(), progress, lines), List.of(), after.effects(), 0);
    }

    private static Equation equation(World world, String facility, Base base, Variance variance) {
        return Equation.of(world.facts(facility, base, variance));
    }

    private static long onHand(Facts facts) {
        return Equation.of(facts).figure().quantityOnHand();
    }

    private static long pending(Equation equation) {
        return equation.outstanding().stream()
                .filter(line -> line.tag() == Variance.Tag.PENDING)
                .mapToLong(line -> line.effect().quantity())
                .sum();
    }
}
