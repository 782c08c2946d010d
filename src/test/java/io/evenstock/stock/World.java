package io.evenstock.stock;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A world of two facilities and one product: what stands on the shelves, and what Retail Pro's books say of it. It
 * moves units only, and knows nothing of bases, effects or spans. A tick's snapshot is taken after its bookings.
 */
final class World {

    static final List<String> FACILITIES = List.of("001-101", "001-102");

    /** What the OMS hears of. */
    sealed interface Message {}

    record Applied(String facilityId, Base line) implements Message {}

    record Moved(String facilityId, Movement movement) implements Message {}

    record Shipped(ItemId item, Revision<Dispatch> revision) implements Message {}

    record Acknowledged(ItemId item, Revision<Acknowledgement> revision) implements Message {}

    record Dispatch(String facilityId, int quantity, Instant shippedAt) implements Revision.Content<Dispatch> {}

    private static final int TICKS = 40;
    private static final Instant START = Instant.parse("2026-11-22T00:00:00Z");

    private final long seed;
    private final Random random;
    private final Map<String, Integer> shelves = new HashMap<>();
    private final Map<String, Integer> books = new HashMap<>();
    private final SortedMap<Integer, List<Runnable>> planned = new TreeMap<>();
    private final List<Message> messages = new ArrayList<>();

    private World(long seed) {
        this.seed = seed;
        this.random = new Random(seed);
        FACILITIES.forEach(facility -> receive(facility, random.nextInt(20)));
    }

    static World of(long seed) {
        World world = new World(seed);
        for (int tick = 0; tick < TICKS; tick++) {
            world.live(tick);
        }
        return world;
    }

    long seed() {
        return seed;
    }

    List<Message> messages() {
        return List.copyOf(messages);
    }

    long shelf(String facility) {
        return shelves.getOrDefault(facility, 0);
    }

    List<Base> snapshots(String facility) {
        return messages.stream()
                .filter(Applied.class::isInstance)
                .map(Applied.class::cast)
                .filter(applied -> applied.facilityId().equals(facility))
                .map(Applied::line)
                .toList();
    }

    List<ShipmentItem> items() {
        return Received.all(messages).items();
    }

    Facts facts(String facility, Base base, Variance variance) {
        Facts all = Received.all(messages).facts(facility);
        return new Facts(facility, base, variance, all.movements(), all.effects(), all.safetyStock());
    }

    private void live(int tick) {
        for (int events = random.nextInt(4); events > 0; events--) {
            String facility = FACILITIES.get(random.nextInt(FACILITIES.size()));
            switch (random.nextInt(4)) {
                case 0, 1 -> sell(tick, facility);
                case 2 -> ship(tick, facility);
                default -> receiveEarly(tick, facility);
            }
        }
        planned.getOrDefault(tick, List.of()).forEach(Runnable::run);
        for (String facility : FACILITIES) {
            if (tick >= TICKS / 2 && random.nextInt(6) == 0) {
                snapshot(tick, facility);
            }
        }
    }

    /** Of receipts the OMS hears by the next file only: they end before the first one. */
    private void receiveEarly(int tick, String facility) {
        if (tick < TICKS / 2) {
            receive(facility, random.nextInt(5));
        }
    }

    private void receive(String facility, int units) {
        shelves.merge(facility, units, Integer::sum);
        books.merge(facility, units, Integer::sum);
    }

    private void snapshot(int tick, String facility) {
        Base line = new Base(messages.size() + 1, at(tick), books.getOrDefault(facility, 0));
        messages.add(new Applied(facility, line));
    }

    /** A till that is offline books later. */
    private void sell(int tick, String facility) {
        int units = random.nextInt(4) == 0 ? 1 : -1 - random.nextInt(2);
        int bookedTick = tick + (random.nextInt(3) == 0 ? random.nextInt(10) : 0);
        shelves.merge(facility, units, Integer::sum);
        plan(bookedTick, () -> books.merge(facility, units, Integer::sum));
        messages.add(
                new Moved(facility, new Movement("E" + messages.size(), units, "POS_SALE", at(tick), at(bookedTick))));
    }

    private void ship(int tick, String facility) {
        ItemId item = new ItemId("S" + messages.size(), "00001");
        int units = 1 + random.nextInt(3);
        if (random.nextInt(4) == 0) {
            messages.add(new Shipped(item, new Revision<>(0, new Dispatch(facility, units + 1, at(tick)))));
            messages.add(new Shipped(item, new Revision<>(2, new Dispatch(facility, units, at(tick)))));
        } else {
            messages.add(new Shipped(item, new Revision<>(0, new Dispatch(facility, units, at(tick)))));
        }
        shelves.merge(facility, -units, Integer::sum);
        int acknowledgedTick = tick + random.nextInt(20);
        if (random.nextInt(5) == 0 || acknowledgedTick >= TICKS) {
            return;
        }
        int taken = random.nextInt(3) == 0 ? random.nextInt(units + 1) : units;
        if (random.nextBoolean()) {
            acknowledge(item, acknowledgedTick, taken, facility);
        } else {
            invoiceElsewhere(item, acknowledgedTick, taken, facility);
        }
    }

    private void acknowledge(ItemId item, int tick, int taken, String facility) {
        plan(tick, () -> books.merge(facility, -taken, Integer::sum));
        if (random.nextInt(4) == 0) {
            messages.add(new Acknowledged(item, new Revision<>(0, new Acknowledgement(at(3), 9, null, null))));
            messages.add(new Acknowledged(item, new Revision<>(1, null)));
        }
        messages.add(new Acknowledged(item, new Revision<>(2, new Acknowledgement(at(tick), taken, null, null))));
    }

    private void invoiceElsewhere(ItemId item, int tick, int taken, String shippedFrom) {
        String other = FACILITIES.get(1 - FACILITIES.indexOf(shippedFrom));
        plan(tick, () -> books.merge(other, -taken, Integer::sum));
        messages.add(invoice(item, tick, taken, other, null));
        int slipTick = tick + random.nextInt(15);
        if (slipTick < TICKS && random.nextInt(4) > 0) {
            plan(slipTick, () -> {
                books.merge(other, taken, Integer::sum);
                books.merge(shippedFrom, -taken, Integer::sum);
            });
            messages.add(invoice(item, tick, taken, other, at(slipTick)));
        }
    }

    private static Message invoice(ItemId item, int tick, int taken, String facility, @Nullable Instant slipAt) {
        return new Acknowledged(item, new Revision<>(0, new Acknowledgement(at(tick), taken, facility, slipAt)));
    }

    private void plan(int tick, Runnable booking) {
        planned.computeIfAbsent(tick, none -> new ArrayList<>()).add(booking);
    }

    private static Instant at(int tick) {
        return START.plusSeconds(tick);
    }
}
