package io.evenstock.simulator;

import io.evenstock.simulator.Message.Identification;
import io.evenstock.simulator.Message.Row;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The pipeline as it is usually built: a row per pair, changed by each message that comes, overwritten at the reset,
 * lessened by the shipped and unacknowledged at the variance. It knows repeats; of time it knows nothing.
 */
final class NaiveSystem implements StockSystem, Message.Receiver {

    private static final class Item {
        final Pair pair;
        int quantity;
        boolean acknowledged;

        Item(Pair pair, int quantity) {
            this.pair = pair;
            this.quantity = quantity;
        }
    }

    private record Night(List<Row> rows, Map<Pair, Integer> variance) {}

    private final Set<String> facilities = new HashSet<>();
    private final Map<String, Message.ProductKnown> products = new HashMap<>();
    private final Map<Identification, String> names = new HashMap<>();
    private final Set<List<String>> seen = new HashSet<>();
    private final Map<List<String>, Item> items = new HashMap<>();
    private final Map<LocalDate, Night> filtered = new HashMap<>();
    private final Map<LocalDate, Night> toSubtract = new HashMap<>();
    private final Map<String, Map<Pair, Integer>> before = new HashMap<>();
    private Map<Pair, Integer> quantities = new HashMap<>();

    @Override
    public void deliver(Instant recordedAt, Message message) {
        message.tell(this);
    }

    @Override
    public Figure figure(String facility, String product) {
        Message.ProductKnown known = products.get(product);
        int safetyStock = known == null ? 0 : known.safetyStock();
        return Figure.of(quantities.getOrDefault(new Pair(facility, product), 0), 0, safetyStock);
    }

    private @Nullable Pair pair(String facility, Identification identification) {
        String product = names.get(identification);
        return product == null || !facilities.contains(facility) ? null : new Pair(facility, product);
    }

    private void change(@Nullable Pair pair, int delta) {
        if (pair != null) {
            quantities.merge(pair, delta, Integer::sum);
        }
    }

    private void overwrite(String run, List<Row> rows) {
        before.put(run, new HashMap<>(quantities));
        for (Row row : rows) {
            Pair pair = pair(row.facility(), row.identification());
            if (pair != null) {
                quantities.put(pair, row.quantity());
            }
        }
    }

    @Override
    public void facility(Message.FacilityKnown message) {
        facilities.add(message.facility());
    }

    @Override
    public void product(Message.ProductKnown message) {
        products.put(message.product(), message);
        message.identifications().forEach(name -> names.put(name, message.product()));
    }

    @Override
    public void movement(Message.Movement message) {
        if (seen.add(List.of(message.facility(), message.eventId()))) {
            change(pair(message.facility(), message.identification()), message.delta());
        }
    }

    @Override
    public void shipment(Message.Shipment message) {
        for (Message.Item item : message.items()) {
            Pair pair = pair(message.facility(), item.identification());
            List<String> key = List.of(message.shipment(), item.item());
            if (pair != null && !items.containsKey(key)) {
                items.put(key, new Item(pair, item.quantity()));
                change(pair, -item.quantity());
            }
        }
    }

    @Override
    public void correction(Message.ItemCorrection message) {
        Item item = items.get(List.of(message.shipment(), message.item().item()));
        if (item != null) {
            change(item.pair, item.quantity - message.item().quantity());
            item.quantity = message.item().quantity();
        }
    }

    @Override
    public void acknowledgement(Message.Acknowledgement message) {
        Item item = items.get(List.of(message.shipment(), message.item()));
        if (item != null) {
            item.acknowledged = !message.withdrawn();
        }
    }

    @Override
    public void list(Message.ListStep message) {}

    @Override
    public void filter(Message.FilterStep message) {
        Map<Pair, Integer> variance = new HashMap<>();
        for (Item item : items.values()) {
            if (!item.acknowledged) {
                variance.merge(item.pair, item.quantity, Integer::sum);
            }
        }
        List<Row> rows = new ArrayList<>(message.file().rows());
        filtered.putIfAbsent(message.businessDate(), new Night(rows, variance));
    }

    @Override
    public void reset(Message.ResetStep message) {
        Night night = filtered.get(message.businessDate());
        if (night != null && !before.containsKey(message.businessDate().toString())) {
            overwrite(message.businessDate().toString(), night.rows());
            toSubtract.put(message.businessDate(), night);
        }
    }

    @Override
    public void variance(Message.VarianceStep message) {
        Night night = toSubtract.remove(message.businessDate());
        if (night != null) {
            night.variance().forEach((pair, quantity) -> change(pair, -quantity));
        }
    }

    @Override
    public void feed(Message.Feed message) {
        overwrite(message.name(), message.file().rows());
    }

    @Override
    public void undo(Message.Undo message) {
        Map<Pair, Integer> then = before.remove(message.run());
        if (then != null) {
            quantities = then;
            LocalDate date = message.run().startsWith("feed") ? null : LocalDate.parse(message.run());
            filtered.remove(date);
        }
    }
}
