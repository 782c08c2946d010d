package io.evenstock.inventory;

import io.evenstock.inventory.Explanation.AbsorbedEntry;
import io.evenstock.inventory.Explanation.BaseEntry;
import io.evenstock.inventory.Explanation.MovementEntry;
import io.evenstock.inventory.Explanation.ShipmentEntry;
import io.evenstock.inventory.Explanation.ShippedItem;
import io.evenstock.inventory.Explanation.Sum;
import io.evenstock.inventory.Explanation.Term;
import io.evenstock.stock.Acknowledgement;
import io.evenstock.stock.Base;
import io.evenstock.stock.Effect;
import io.evenstock.stock.Equation;
import io.evenstock.stock.Facts;
import io.evenstock.stock.Figure;
import io.evenstock.stock.ItemId;
import io.evenstock.stock.Movement;
import io.evenstock.stock.Outstanding;
import io.evenstock.stock.ShipmentItem;
import io.evenstock.stock.Variance;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What a pair's figure depends on, as one statement read it.
 *
 * @param progress of the variance of the base's cycle; null: of none
 * @param lined those of the shipped items that are lines of that variance
 */
record PairFacts(
        String facilityId,
        String productId,
        int safetyStock,
        @Nullable BaseEntry base,
        Variance.@Nullable Progress progress,
        Read<MovementEntry> since,
        Read<MovementEntry> absorbed,
        Read<ShippedItem> shipped,
        Set<ItemId> lined) {

    private static final Comparator<ShipmentEntry> BY_SHIPPING = Comparator.comparing(
                    (ShipmentEntry entry) -> entry.item().shippedAt())
            .thenComparing(entry -> itemId(entry.item()));

    /**
     * Entries up to a limit.
     *
     * @param omitted what those beyond it come to
     */
    record Read<E>(List<E> entries, Sum omitted) {}

    /** The terms, by the rules of the plain classes. */
    Explanation explained() {
        Equation equation = equation();
        Term<MovementEntry> movements = movements(equation);
        Term<ShipmentEntry> shipments = shipments(equation);
        return new Explanation(
                facilityId,
                productId,
                base,
                movements,
                absorbed(equation),
                shipments,
                new Figure(
                        Math.addExact(
                                equation.base().quantity(),
                                Math.addExact(
                                        movements.total().quantity(),
                                        shipments.total().quantity())),
                        shipments.total().withheld(),
                        safetyStock));
    }

    private Equation equation() {
        return Equation.of(new Facts(
                facilityId,
                stockBase(),
                variance(),
                Stream.of(since, absorbed)
                        .flatMap(read -> read.entries().stream())
                        .map(PairFacts::movement)
                        .toList(),
                shipped.entries().stream().flatMap(PairFacts::effects).toList(),
                safetyStock));
    }

    private Base stockBase() {
        return base == null ? Base.NONE : new Base(base.runId(), base.asOf(), base.quantity());
    }

    private Variance variance() {
        if (base == null || progress == null) {
            return Variance.NONE;
        }
        Set<Outstanding.Key> lines = shipped.entries().stream()
                .filter(item -> lined.contains(itemId(item)))
                .map(this::key)
                .collect(Collectors.toSet());
        return new Variance(base.runId(), progress, lines);
    }

    private Outstanding.Key key(ShippedItem item) {
        Outstanding.Kind kind = item.facilityId().equals(facilityId)
                ? Outstanding.Kind.SHIPPED_FROM_HERE
                : Outstanding.Kind.INVOICED_FOR_ANOTHER;
        return new Outstanding.Key(facilityId, itemId(item), kind);
    }

    private Term<MovementEntry> movements(Equation equation) {
        Map<String, MovementEntry> told = byEventId(since.entries());
        long quantity =
                equation.movements().stream().mapToLong(Movement::quantity).reduce(0, Math::addExact);
        return Term.of(
                equation.movements().stream()
                        .map(movement -> told(told, movement.eventId()))
                        .toList(),
                quantity,
                0,
                since.omitted());
    }

    private Term<AbsorbedEntry> absorbed(Equation equation) {
        Map<String, MovementEntry> told = byEventId(absorbed.entries());
        return Term.of(
                equation.absorbed().stream()
                        .map(each ->
                                new AbsorbedEntry(told(told, each.movement().eventId()), each.why()))
                        .toList(),
                0,
                0,
                absorbed.omitted());
    }

    private Term<ShipmentEntry> shipments(Equation equation) {
        Map<ItemId, ShippedItem> items = new HashMap<>();
        shipped.entries().forEach(item -> items.put(itemId(item), item));
        List<ShipmentEntry> entries = equation.outstanding().stream()
                .map(tagged -> entry(tagged, told(items, tagged.effect().item())))
                .sorted(BY_SHIPPING)
                .toList();
        return Term.of(
                entries,
                entries.stream().mapToLong(ShipmentEntry::onHand).reduce(0, Math::addExact),
                entries.stream().mapToLong(ShipmentEntry::withheld).reduce(0, Math::addExact),
                shipped.omitted());
    }

    private static ShipmentEntry entry(Equation.Tagged tagged, ShippedItem item) {
        Outstanding effect = tagged.effect();
        return new ShipmentEntry(
                item, effect.key().kind(), effect.quantity(), tagged.onHand(), tagged.withheld(), tagged.tag());
    }

    private static Movement movement(MovementEntry entry) {
        return new Movement(entry.eventId(), entry.quantity(), entry.reason(), entry.occurredAt(), entry.bookedAt());
    }

    private static Stream<Effect> effects(ShippedItem item) {
        Acknowledgement acknowledgement = item.acknowledgedAt() == null
                ? null
                : new Acknowledgement(
                        item.acknowledgedAt(), item.acknowledgedQuantity(), item.invoicedAt(), item.transferSlipAt());
        return new ShipmentItem(itemId(item), item.facilityId(), item.quantity(), item.shippedAt(), acknowledgement)
                .effects().stream();
    }

    private static ItemId itemId(ShippedItem item) {
        return new ItemId(item.shipmentId(), item.itemSeqId());
    }

    private static Map<String, MovementEntry> byEventId(Collection<MovementEntry> entries) {
        return entries.stream().collect(Collectors.toMap(MovementEntry::eventId, entry -> entry));
    }

    private static <K, V> V told(Map<K, V> told, K key) {
        return Objects.requireNonNull(told.get(key), () -> key + " was not read");
    }
}
