package io.evenstock.observation;

import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.CounterWithCallback;
import io.prometheus.metrics.core.metrics.GaugeWithCallback;
import io.prometheus.metrics.core.metrics.Histogram;
import io.prometheus.metrics.expositionformats.PrometheusTextFormatWriter;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.prometheus.metrics.model.snapshots.Unit;
import jakarta.annotation.PostConstruct;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.util.function.DoubleSupplier;

/**
 * All metrics of this node, in one registry of this application's own. Every name begins with {@code evenstock_} or
 * {@code jvm_}; docs/operations.md lists them.
 */
@ApplicationScoped
public class Metrics {
    /** The media type of {@link #text}. */
    public static final String MEDIA_TYPE = PrometheusTextFormatWriter.CONTENT_TYPE;

    private final PrometheusRegistry registry = new PrometheusRegistry();
    private final PrometheusTextFormatWriter writer = PrometheusTextFormatWriter.create();

    @PostConstruct
    void jvm() {
        Runtime runtime = Runtime.getRuntime();
        gauge("jvm_heap_used_bytes", "Heap in use", () -> runtime.totalMemory() - runtime.freeMemory());
        gauge("jvm_heap_max_bytes", "Largest heap", runtime::maxMemory);
        gauge(
                "jvm_threads",
                "Live threads",
                () -> ManagementFactory.getThreadMXBean().getThreadCount());
        gauge("jvm_processors", "Processors", runtime::availableProcessors);
        gauge(
                "jvm_load_average",
                "Load of the machine over the last minute, -1 if not known",
                () -> ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage());
        gauge(
                "jvm_uptime_seconds",
                "Time since the start",
                () -> ManagementFactory.getRuntimeMXBean().getUptime() / 1_000.0);
        CounterWithCallback.builder()
                .name("jvm_gc_seconds")
                .help("Time spent in garbage collection")
                .callback(counter -> counter.call(collecting() / 1_000.0))
                .register(registry);
    }

    private static long collecting() {
        return ManagementFactory.getGarbageCollectorMXBeans().stream()
                .mapToLong(GarbageCollectorMXBean::getCollectionTime)
                .sum();
    }

    /** A counter; its name is told with {@code _total} behind it. */
    public Counter counter(String name, String help, String... labels) {
        return Counter.builder().name(name).help(help).labelNames(labels).register(registry);
    }

    /** A value that is asked for when it is told. */
    public void gauge(String name, String help, DoubleSupplier value) {
        GaugeWithCallback.builder()
                .name(name)
                .help(help)
                .callback(gauge -> gauge.call(value.getAsDouble()))
                .register(registry);
    }

    /** Durations in seconds, from half a millisecond to half a minute. */
    public Histogram seconds(String name, String help, String... labels) {
        return Histogram.builder()
                .name(name)
                .help(help)
                .unit(Unit.SECONDS)
                .labelNames(labels)
                .classicOnly()
                .classicUpperBounds(0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 30)
                .register(registry);
    }

    /** Sizes, from 1 to 10,000. */
    public Histogram sizes(String name, String help) {
        return Histogram.builder()
                .name(name)
                .help(help)
                .classicOnly()
                .classicUpperBounds(1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000, 2_000, 5_000, 10_000)
                .register(registry);
    }

    /** Where further metrics can be registered. */
    public PrometheusRegistry registry() {
        return registry;
    }

    /** All as text, in Prometheus' own format. */
    public String text() {
        try (ByteArrayOutputStream bytes = new ByteArrayOutputStream()) {
            writer.write(bytes, registry.scrape());
            return bytes.toString(StandardCharsets.UTF_8);
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
    }
}
