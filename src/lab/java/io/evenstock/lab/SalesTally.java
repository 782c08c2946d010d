package io.evenstock.lab;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;

/** What became of the simulated sales. */
public final class SalesTally {
    private final Map<String, LongAdder> outcomes = new ConcurrentSkipListMap<>();
    private final Map<String, String> firsts = new ConcurrentSkipListMap<>();
    private final Set<String> answered = ConcurrentHashMap.newKeySet();
    private final List<Long> latencies = new ArrayList<>();
    private final Consumer<SimulatedTill.Sale> listener;
    private long before;
    private int told;

    /** Of tills that nobody listens to. */
    SalesTally() {
        this(sale -> {});
    }

    /** @param listener told of each sale as it is rung up, by many threads */
    public SalesTally(Consumer<SimulatedTill.Sale> listener) {
        this.listener = listener;
    }

    void rungUp(SimulatedTill.Sale sale) {
        listener.accept(sale);
    }

    /** @param said in full, for who asks what it was about */
    void outcome(String name, Object said) {
        outcomes.computeIfAbsent(name, each -> new LongAdder()).increment();
        firsts.computeIfAbsent(name, each -> said.toString());
    }

    /** This event was answered 2xx. */
    void answered(String event) {
        answered.add(event);
    }

    void latency(long nanos) {
        synchronized (latencies) {
            latencies.add(nanos);
        }
    }

    /** All events that were answered 2xx, each as {@code store eventId}. */
    public Set<String> answered() {
        return Set.copyOf(answered);
    }

    /** The line of a second, or of more. */
    public String second(int second, int unsent) {
        List<Long> sorted;
        synchronized (latencies) {
            sorted = latencies.stream().sorted().toList();
            latencies.clear();
        }
        long now = answered.size();
        String line = String.format(
                Locale.ROOT,
                "%4d s  %,6d sales/s in %,6d calls  p50 %6.1f ms  p99 %6.1f ms  unsent %,6d  %s",
                second,
                (now - before) / Math.max(1, second - told),
                sorted.size(),
                percentile(sorted, 0.5),
                percentile(sorted, 0.99),
                unsent,
                outcomes);
        before = now;
        told = second;
        return line;
    }

    /**
     * Outcomes that are none of those named, each with what was said the first time.
     *
     * @param legal statuses as the API has them, and {@code HTTP 503} and the like, and {@code unreachable}
     */
    public Map<String, String> outcomesBut(Set<String> legal) {
        Map<String, String> others = new TreeMap<>(firsts);
        others.keySet().removeAll(legal);
        return others;
    }

    /** All outcomes. */
    public String sum() {
        return "outcomes: " + outcomes;
    }

    private static double percentile(List<Long> sorted, double share) {
        return sorted.isEmpty()
                ? 0
                : sorted.get((int) Math.min(sorted.size() - 1, (long) (share * sorted.size()))) / 1e6;
    }
}
