package io.evenstock.lab;

import java.util.EnumMap;
import java.util.Map;

/**
 * A pair, its figure in the file, and what happens to it in the demo: enough to foretell every figure.
 *
 * @param drift by how much the opening count was wrong; the night puts it right
 */
record Story(Store store, Product product, int file, int drift, Map<Happening, Integer> happenings) {

    Story {
        happenings = Map.copyOf(happenings);
    }

    /** Units of one kind, 0 if it does not happen. */
    int units(Happening happening) {
        return happenings.getOrDefault(happening, 0);
    }

    private int units(Happening.Effect effect) {
        return happenings.keySet().stream()
                .filter(happening -> happening.effect() == effect)
                .mapToInt(this::units)
                .sum();
    }

    /** The count with which the OMS started, the day before: what the file has, was sold and acknowledged since then. */
    int opening() {
        return file + drift + units(Happening.SOLD_BEFORE) + units(Happening.SHIPPED_ACKNOWLEDGED);
    }

    int afterReset() {
        return file - units(Happening.Effect.DEDUCTED);
    }

    int withheld() {
        return units(Happening.Effect.PENDING);
    }

    int afterVariance() {
        return afterReset() - withheld();
    }

    /** For example {@code 10 (file 00:55) - 1 (sales since) - 2 (shipped, not acknowledged) = 7}. */
    String equation() {
        StringBuilder equation = new StringBuilder(file + " (file 00:55)");
        new EnumMap<Happening, Integer>(happenings)
                .forEach((happening, units) -> equation.append(happening.term(units)));
        return equation.append(" = ").append(afterVariance()).toString();
    }
}
