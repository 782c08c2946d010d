package io.evenstock.bench;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;

/** Times of contestants in one run: minimum, median and maximum of each, and our median as a share of theirs. */
final class Contest {
    private final String title;
    private final String us;
    private final Map<String, List<Double>> millis = new LinkedHashMap<>();

    Contest(String title, String us) {
        this.title = title;
        this.us = us;
    }

    void add(String contestant, double oneMillis) {
        millis.computeIfAbsent(contestant, name -> new ArrayList<>()).add(oneMillis);
    }

    double median(String contestant) {
        List<Double> sorted =
                Objects.requireNonNull(millis.get(contestant)).stream().sorted().toList();
        return sorted.get(sorted.size() / 2);
    }

    void print() {
        System.out.printf(
                Locale.ROOT,
                "%n%s%n%-24s %5s %8s %8s %8s   %s%n",
                title,
                "",
                "runs",
                "min",
                "median",
                "max",
                us + " is");
        millis.forEach((name, all) -> {
            List<Double> sorted = all.stream().sorted().toList();
            System.out.printf(
                    Locale.ROOT,
                    "%-24s %5d %8.0f %8.0f %8.0f   %.3f ×%n",
                    name,
                    sorted.size(),
                    sorted.get(0),
                    median(name),
                    sorted.get(sorted.size() - 1),
                    median(us) / median(name));
        });
    }
}
