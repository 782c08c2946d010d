package io.evenstock.bench;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;

/** What was measured of one thing, again and again: minimum, median and maximum. */
public final class Samples {
    private final List<Double> all = new ArrayList<>();

    public void add(double sample) {
        all.add(sample);
    }

    /** The median. */
    public double median() {
        return quantile(0.5);
    }

    /** The smallest sample that at least this share (0 to 1) does not exceed. */
    public double quantile(double share) {
        List<Double> sorted = new ArrayList<>(all);
        Collections.sort(sorted);
        int position = (int) Math.ceil(share * sorted.size()) - 1;
        return sorted.get(Math.max(0, position));
    }

    /** Minimum, median and maximum, with so many decimals. */
    public String text(int decimals) {
        String number = "%." + decimals + "f";
        return String.format(
                Locale.ROOT,
                number + " / " + number + " / " + number + " (%d runs)",
                quantile(0),
                median(),
                quantile(1),
                all.size());
    }
}
