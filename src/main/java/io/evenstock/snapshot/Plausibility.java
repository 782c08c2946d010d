package io.evenstock.snapshot;

import io.evenstock.settings.Settings;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.ToDoubleFunction;

/** Whether a run looks like the last ones (R12). With no history only a time in the future is odd. */
final class Plausibility {
    private final Settings.Plausibility bounds;
    private final ZoneId zone;
    private final Duration maxFuture;

    Plausibility(Settings settings) {
        this.bounds = settings.plausibility();
        this.zone = settings.zone();
        this.maxFuture = settings.maxFuture();
    }

    /**
     * What is odd about a run; empty: nothing.
     *
     * @param last the runs applied before, the newest first
     * @param nightly whether the usual time of day counts
     */
    List<String> oddities(Shape run, List<Shape> last, boolean nightly, Instant now) {
        List<String> odd = new ArrayList<>();
        if (run.asOf().isAfter(now.plus(maxFuture))) {
            odd.add("its as-of " + run.asOf() + " lies in the future; now is " + now);
        }
        if (last.isEmpty() || !bounds.enabled()) {
            return odd;
        }
        deviation("row", (double) run.lines(), median(last, Shape::lines), bounds.rows(), odd);
        deviation("unit", (double) run.units(), median(last, Shape::units), bounds.units(), odd);
        double usualZeros = median(last, Shape::zeroShare);
        if (run.zeroShare() - usualZeros > bounds.zeroShare()) {
            odd.add(String.format(
                    Locale.ROOT,
                    "%.0f %% of its quantities are 0, usually %.0f %%",
                    run.zeroShare() * 100,
                    usualZeros * 100));
        }
        Set<Integer> missing = new HashSet<>(last.get(0).facilities());
        missing.removeAll(run.facilities());
        if (missing.size() > bounds.missingFacilities()) {
            odd.add(missing.size() + " of the last file's "
                    + last.get(0).facilities().size() + " facilities are missing in it");
        }
        if (nightly) {
            timeOfDay(run, last, odd);
        }
        return odd;
    }

    private static void deviation(String what, double found, double usual, double most, List<String> odd) {
        if (Math.abs(found - usual) > most * Math.abs(usual)) {
            odd.add(String.format(
                    Locale.ROOT,
                    "it has %.0f %s%s, usually %.0f (more than %.0f %% off)",
                    found,
                    what,
                    found == 1 ? "" : "s",
                    usual,
                    most * 100));
        }
    }

    /** Local time marked as UTC shows here: the time of day is hours off. */
    private void timeOfDay(Shape run, List<Shape> last, List<String> odd) {
        double usual = median(last, shape -> secondOfDay(shape.asOf()));
        double off = Math.abs(secondOfDay(run.asOf()) - usual);
        double around = Math.min(off, Duration.ofDays(1).toSeconds() - off);
        if (around > bounds.timeOfDay().toSeconds()) {
            odd.add("its as-of is at " + run.asOf().atZone(zone).toLocalTime() + " local time, usually at "
                    + LocalTime.ofSecondOfDay((long) usual) + "; is it local time marked as UTC?");
        }
    }

    private double secondOfDay(Instant instant) {
        return instant.atZone(zone).toLocalTime().toSecondOfDay();
    }

    private static double median(List<Shape> shapes, ToDoubleFunction<Shape> figure) {
        double[] sorted = shapes.stream().mapToDouble(figure).sorted().toArray();
        int middle = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }
}
