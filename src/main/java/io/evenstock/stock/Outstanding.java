package io.evenstock.stock;

import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What of one shipment item is not yet in Retail Pro's figure at one facility, as of a moment: a line of the
 * explanation, and of the variance file.
 *
 * @param quantity signed units, never 0
 */
public record Outstanding(ItemId item, String facilityId, int quantity) {

    /** Why the figure is off. */
    public enum Kind {
        SHIPPED_FROM_HERE,
        INVOICED_FOR_ANOTHER;

        static Kind of(int quantity) {
            return quantity < 0 ? SHIPPED_FROM_HERE : INVOICED_FOR_ANOTHER;
        }
    }

    /** Tells lines apart: one an item, facility and kind, whatever its quantity is by now. */
    public record Key(String facilityId, ItemId item, Kind kind) implements Comparable<Key> {

        private static final Comparator<Key> ORDER =
                Comparator.comparing(Key::facilityId).thenComparing(Key::item).thenComparing(Key::kind);

        @Override
        public int compareTo(Key other) {
            return ORDER.compare(this, other);
        }
    }

    public Outstanding {
        if (quantity == 0) {
            throw new IllegalArgumentException("nothing of " + item + " is outstanding at " + facilityId);
        }
    }

    /** What is outstanding of these effects, by facility and item: the same for every order of them. */
    public static List<Outstanding> asOf(Instant asOf, Collection<Effect> effects) {
        SortedMap<Key, Integer> units = new TreeMap<>();
        effects.stream()
                .filter(effect -> effect.outstandingAsOf(asOf))
                .forEach(effect -> units.merge(keyOf(effect), effect.quantity(), Math::addExact));
        return units.entrySet().stream()
                .map(line -> new Outstanding(line.getKey().item(), line.getKey().facilityId(), line.getValue()))
                .toList();
    }

    /** The variance lines of a cycle with this as-of: what was shipped by then and is outstanding (R2, R14). */
    public static List<Outstanding> varianceLines(Instant asOf, Collection<ShipmentItem> items) {
        List<Effect> shippedByThen = items.stream()
                .filter(item -> !item.shippedAt().isAfter(asOf))
                .flatMap(item -> item.effects().stream())
                .toList();
        return asOf(asOf, shippedByThen);
    }

    public Key key() {
        return new Key(facilityId, item, Kind.of(quantity));
    }

    private static Key keyOf(Effect effect) {
        return new Key(effect.facilityId(), effect.item(), Kind.of(effect.quantity()));
    }
}
