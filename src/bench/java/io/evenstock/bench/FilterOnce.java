package io.evenstock.bench;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.evenstock.file.CsvLimits;
import io.evenstock.file.FilterCounts;
import io.evenstock.file.Keys;
import io.evenstock.file.RecordFilter;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** A JVM's only work: the list read, then the file filtered, as many times in a row as told. */
final class FilterOnce {
    private static final int RUNS = 5;

    private FilterOnce() {}

    public static void main(String[] arguments) throws Exception {
        Path file = Path.of(arguments[0]);
        int times = Integer.parseInt(arguments[1]);
        long start = System.nanoTime();
        Keys keys = keys(Path.of(arguments[2]));
        double listSeconds = seconds(start);
        double[] seconds = new double[RUNS];
        FilterCounts counts = new FilterCounts(0, 0, 0, 0, 0);
        for (int run = 0; run < RUNS; run++) {
            start = System.nanoTime();
            RecordFilter filter = new RecordFilter(',', List.of(), Map.of("upc", keys), CsvLimits.DEFAULT);
            try (InputStream in = new Repeated(file, times)) {
                counts = filter.run(in, OutputStream.nullOutputStream());
            }
            seconds[run] = seconds(start);
        }
        Arrays.sort(seconds);
        System.gc();
        System.out.printf(
                Locale.ROOT,
                "%,d bytes, %,d read, %,d kept; list %.2f s; min %.3f, median %.3f, max %.3f s; heap afterwards %.1f MB, at most %.1f MB%n",
                counts.bytes(),
                counts.read(),
                counts.kept(),
                listSeconds,
                seconds[0],
                seconds[RUNS / 2],
                seconds[RUNS - 1],
                ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed() / 1e6,
                peak() / 1e6);
    }

    private static Keys keys(Path list) throws IOException {
        Keys.Builder keys = Keys.builder();
        try (BufferedReader lines = Files.newBufferedReader(list, US_ASCII)) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                keys.add(line);
            }
        }
        return keys.build();
    }

    private static double seconds(long start) {
        return (System.nanoTime() - start) / 1e9;
    }

    private static long peak() {
        return ManagementFactory.getMemoryPoolMXBeans().stream()
                .filter(pool -> pool.getType() == MemoryType.HEAP)
                .map(MemoryPoolMXBean::getPeakUsage)
                .mapToLong(usage -> usage.getUsed())
                .sum();
    }

    /** The file so many times in a row, its header once. */
    private static final class Repeated extends InputStream {
        private final Path file;
        private int left;
        private InputStream in;

        Repeated(Path file, int times) throws IOException {
            this.file = file;
            this.left = times - 1;
            this.in = Files.newInputStream(file);
        }

        @Override
        public int read() {
            throw new UnsupportedOperationException("in blocks only");
        }

        @Override
        public int read(byte[] target, int offset, int length) throws IOException {
            int count = in.read(target, offset, length);
            if (count >= 0 || left == 0) {
                return count;
            }
            left--;
            in.close();
            in = Files.newInputStream(file);
            for (int header = in.read(); header != '\n'; header = in.read()) {}
            return in.read(target, offset, length);
        }

        @Override
        public void close() throws IOException {
            in.close();
        }
    }
}
