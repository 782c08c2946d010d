package io.evenstock.simulator;

import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.function.Supplier;
import java.util.stream.LongStream;

/** Plays histories against a stock system and says where it first differs from the oracle. */
public final class Simulator {

    /**
     * The first figure of a history that is not what it must be.
     *
     * @param step the number of the message after which it was seen
     * @param seen the figure, or what the system threw
     */
    public record Failure(History history, int step, Pair pair, String expected, String seen) {
        /** Seed, messages so far, the figures, and the oracle's reasons. */
        public String report() {
            String why = expected.isEmpty() ? "" : "The oracle's reasons:\n" + history.trail(step + 1, pair);
            return "seed %d (%s), after message %d of %d%n%s%n%s: expected %s, was %s%n%s%nReplay: -Dsimulator.seed=%d"
                    .formatted(
                            history.seed(),
                            history.options().ownClock() ? "own clock" : "over HTTP",
                            step,
                            history.steps().size(),
                            history.print(step),
                            pair,
                            expected,
                            seen,
                            why,
                            history.seed());
        }
    }

    /** What became of many histories. */
    public record Outcome(long histories, long messages, long comparisons, long failing, Optional<Failure> shortest) {
        Outcome and(Outcome other) {
            return new Outcome(
                    histories + other.histories,
                    messages + other.messages,
                    comparisons + other.comparisons,
                    failing + other.failing,
                    shorter(shortest, other.shortest));
        }

        private static Optional<Failure> shorter(Optional<Failure> one, Optional<Failure> other) {
            return List.of(one, other).stream().flatMap(Optional::stream).min(Comparator.comparingInt(Failure::step));
        }
    }

    private Simulator() {}

    /** The base from which the seeds are counted: {@code -Dsimulator.base}, else by chance. */
    public static long base() {
        return Long.getLong("simulator.base", new SplittableRandom().nextInt(1_000_000_000));
    }

    /** Plays one history; empty if every figure was right. */
    public static Optional<Failure> play(History history, StockSystem system) {
        for (int number = 0; number < history.steps().size(); number++) {
            History.Step step = history.steps().get(number);
            Optional<Failure> failure = play(history, number, step, system);
            if (failure.isPresent()) {
                return failure;
            }
        }
        return Optional.empty();
    }

    private static Optional<Failure> play(History history, int number, History.Step step, StockSystem system) {
        try {
            system.deliver(step.recordedAt(), step.message());
            for (Map.Entry<Pair, Figure> entry : step.expected().entrySet()) {
                Pair pair = entry.getKey();
                Figure seen = system.figure(pair.facility(), pair.product());
                if (!seen.equals(entry.getValue())) {
                    return Optional.of(
                            new Failure(history, number, pair, entry.getValue().toString(), seen.toString()));
                }
            }
            return Optional.empty();
        } catch (RuntimeException thrown) {
            return Optional.of(new Failure(history, number, new Pair("-", "-"), "", "thrown: " + thrown));
        }
    }

    /** Plays many histories, each against a fresh system, on all cores; keeps the failure with the fewest messages. */
    public static Outcome play(long base, int histories, History.Options options, Supplier<StockSystem> systems) {
        return LongStream.range(base, base + histories)
                .parallel()
                .mapToObj(seed -> outcome(History.of(seed, options), systems.get()))
                .reduce(new Outcome(0, 0, 0, 0, Optional.empty()), Outcome::and);
    }

    private static Outcome outcome(History history, StockSystem system) {
        Optional<Failure> failure = play(history, system);
        long comparisons = history.steps().stream()
                .mapToLong(step -> step.expected().size())
                .sum();
        return new Outcome(1, history.steps().size(), comparisons, failure.isPresent() ? 1 : 0, failure);
    }
}
