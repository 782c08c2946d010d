package io.evenstock.simulator;

import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The messages of a seed in the order in which they are delivered, and what every figure must be after them. */
public record History(long seed, Options options, List<Step> steps) {

    /**
     * What a history may contain.
     *
     * @param start the midnight (UTC) of the first day; the first business date is the day after
     * @param ownClock whether the system's clock can be set: then times may be left out of a message (R1) or lie in
     *     the future (R15)
     * @param disputed what is not left out although domain.md can be read in two ways
     */
    public record Options(Instant start, boolean ownClock, Set<Disputed> disputed) {
        public static final Instant START = Instant.parse("2026-03-01T00:00:00Z");

        public Options {
            disputed = Set.copyOf(disputed);
        }

        /** For plain classes: everything. */
        public static Options inProcess() {
            return new Options(START, true, EnumSet.allOf(Disputed.class));
        }

        /** For a system whose clock goes its own way; all times lie within nine days after the start. */
        public static Options overHttp(Instant start) {
            return new Options(start, false, EnumSet.allOf(Disputed.class));
        }

        /** The same without what is in dispute. */
        public Options without(Set<Disputed> avoided) {
            Set<Disputed> rest = EnumSet.allOf(Disputed.class);
            rest.retainAll(disputed);
            rest.removeAll(avoided);
            return new Options(start, ownClock, rest);
        }
    }

    /**
     * A message and what must be true after it.
     *
     * @param expected the figure of every pair whose product and facility are known; empty where nothing is compared:
     *     it is after every run, variance, undo and release of quarantine, after a third of the others and in the end
     */
    public record Step(Instant recordedAt, Message message, Map<Pair, Figure> expected) {
        @Override
        public String toString() {
            return recordedAt + "  " + message.brief();
        }
    }

    public History {
        steps = List.copyOf(steps);
    }

    public static History of(long seed, Options options) {
        return new HistoryGenerator(seed, options).history();
    }

    /** The oracle's reasons for a pair's figure after so many steps. */
    String trail(int steps, Pair pair) {
        return new HistoryGenerator(seed, options).oracleAfter(steps).trail(pair);
    }

    /** The messages up to and including a step, one a line, numbered. */
    public String print(int lastStep) {
        List<String> lines = new ArrayList<>();
        for (int step = 0; step <= lastStep; step++) {
            lines.add("%4d  %s".formatted(step, steps.get(step)));
        }
        return String.join("\n", lines);
    }
}
