package io.evenstock.lab;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.IntStream;

/** Picks the pairs of the demo among the active products, by seed. */
final class Stories {

    /** Each sample shows another rule. Those that a tiny file must not lack come first. */
    private static final List<Map<Happening, Integer>> SAMPLES = List.of(
            Map.of(Happening.SOLD_SINCE, 1, Happening.SHIPPED_OPEN, 2),
            Map.of(Happening.SOLD_LATE, 1, Happening.SHIPPED_OPEN, 1),
            Map.of(Happening.SOLD_BETWEEN, 1, Happening.SHIPPED_OPEN, 3),
            Map.of(Happening.SHIPPED_ACKNOWLEDGED_SINCE, 2, Happening.SOLD_SINCE, 1),
            Map.of(Happening.SHIPPED_ACKNOWLEDGED, 2),
            Map.of(Happening.SHIPPED_SINCE, 1, Happening.SOLD_BEFORE, 1),
            Map.of(Happening.SOLD_BEFORE, 2),
            Map.of(Happening.SHIPPED_OPEN, 4));

    private static final List<Happening> SHIPMENTS = List.of(
            Happening.SHIPPED_ACKNOWLEDGED,
            Happening.SHIPPED_ACKNOWLEDGED_SINCE,
            Happening.SHIPPED_OPEN,
            Happening.SHIPPED_OPEN,
            Happening.SHIPPED_SINCE);

    private static final int OTHERS = 320;
    /** Enough for every story to end above zero, so that no figure is cut off there. */
    private static final int LEAST_QUANTITY = 8;

    private static final int STEP = 21;
    private static final int SHIPMENT = 22;
    private static final int SALES = 23;
    private static final int DRIFT = 24;

    private final ResetInventoryGenerator generator;
    private final Dice dice;
    private final int[] active;
    private final Set<Integer> taken = new HashSet<>();
    private final List<Story> samples = new ArrayList<>();
    private final List<Story> others = new ArrayList<>();

    Stories(ResetInventoryGenerator generator, long seed) {
        this.generator = generator;
        this.dice = new Dice(seed);
        this.active = generator.activeProducts();
        pickSamples();
        pickOthers();
    }

    /** Those that are shown, at most eight. */
    List<Story> samples() {
        return List.copyOf(samples);
    }

    /** All, the samples first. */
    List<Story> all() {
        List<Story> all = new ArrayList<>(samples);
        all.addAll(others);
        return List.copyOf(all);
    }

    private void pickSamples() {
        for (Map<Happening, Integer> happenings : SAMPLES) {
            freePair(samples.size()).ifPresent(pair -> samples.add(story(pair, happenings, drift(pair))));
        }
    }

    /** Turns between the subsidiaries, so that the table shows one store code in both. */
    private Optional<Integer> freePair(int sample) {
        int stores = Store.ALL.size();
        int first = sample % 2 * (stores / 2) + sample / 2;
        return IntStream.range(0, stores)
                .map(turn -> (first + turn) % stores)
                .mapToObj(store -> freePairOf(store, sample))
                .flatMapToInt(OptionalInt::stream)
                .boxed()
                .findFirst();
    }

    private OptionalInt freePairOf(int store, int sample) {
        return IntStream.range(0, active.length)
                .map(turn -> (sample / 2 * 5 + turn) % active.length * Store.ALL.size() + store)
                .filter(this::isFree)
                .findFirst();
    }

    private void pickOthers() {
        int pairs = active.length * Store.ALL.size();
        long step = dice.step(pairs, STEP);
        for (long turn = 1; turn <= pairs && others.size() < OTHERS; turn++) {
            int pair = (int) (turn * step % pairs);
            if (isFree(pair)) {
                others.add(story(pair, happenings(pair), drift(pair)));
            }
        }
    }

    private boolean isFree(int pair) {
        int product = product(pair);
        return !taken.contains(pair)
                && generator.contains(product, store(pair))
                && generator.quantity(product, store(pair)) >= LEAST_QUANTITY;
    }

    private int product(int pair) {
        return active[pair / Store.ALL.size()];
    }

    private static int store(int pair) {
        return pair % Store.ALL.size();
    }

    private Map<Happening, Integer> happenings(int pair) {
        Map<Happening, Integer> happenings = new EnumMap<>(Happening.class);
        happenings.put(
                SHIPMENTS.get(dice.below(SHIPMENTS.size(), pair, SHIPMENT)), 1 + dice.below(3, pair, SHIPMENT + 100));
        switch (dice.below(4, pair, SALES)) {
            case 0 -> happenings.put(Happening.SOLD_BEFORE, 1);
            case 1 -> happenings.put(Happening.SOLD_SINCE, 1 + dice.below(2, pair, SALES + 100));
            default -> {}
        }
        return happenings;
    }

    /** Half of the opening counts were right. */
    private int drift(int pair) {
        return Math.max(0, dice.below(6, pair, DRIFT) - 2) * (dice.below(2, pair, DRIFT + 100) == 0 ? 1 : -1);
    }

    private Story story(int pair, Map<Happening, Integer> happenings, int drift) {
        taken.add(pair);
        int product = product(pair);
        return new Story(
                Store.ALL.get(store(pair)),
                generator.product(product),
                generator.quantity(product, store(pair)),
                drift,
                happenings);
    }
}
