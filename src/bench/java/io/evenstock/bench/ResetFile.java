package io.evenstock.bench;

import io.evenstock.file.CsvLimits;
import io.evenstock.file.Keys;
import io.evenstock.file.RecordFilter;
import io.evenstock.lab.ResetInventoryGenerator;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.OffsetDateTime;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The file all benchmarks of the filter read: 3,500,000 rows, 299,451,658 bytes, always the same. Wanted are 3,000 products,
 * of which 34 are in it, in 30 stores each: 1,020 rows are kept.
 */
final class ResetFile {
    static final int ROWS = 3_500_000;
    static final int KEPT = 1_020;
    static final int KEY_COLUMN = 3;

    private static final int IN_THE_FILE = 34;
    private static final OffsetDateTime AS_OF = OffsetDateTime.parse("2026-11-22T00:55:00Z");
    private static final ResetInventoryGenerator GENERATOR = new ResetInventoryGenerator(ROWS, 1, IN_THE_FILE);

    private ResetFile() {}

    /** The file, made at the first use. */
    static Path path() throws IOException {
        return path(ROWS);
    }

    /** A smaller or larger one of the same kind. */
    static Path path(int rows) throws IOException {
        Path file = Files.createDirectories(Path.of("target", "bench")).resolve("reset-" + rows + ".csv");
        if (!Files.exists(file)) {
            Path part = file.resolveSibling("part");
            try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(part), 1 << 16)) {
                new ResetInventoryGenerator(rows, 1, IN_THE_FILE).writeTo(out, AS_OF);
            }
            Files.move(part, file);
        }
        return file.toAbsolutePath();
    }

    /** The wanted UPCs: of 34 products in the file, and others of the same shape that are not in it. */
    static Set<String> wanted(int count) {
        Set<String> wanted = new LinkedHashSet<>();
        for (int product : GENERATOR.activeProducts()) {
            wanted.add(GENERATOR.product(product).upc());
        }
        for (long other = 990_000_000_000L; wanted.size() < count; other++) {
            wanted.add(Long.toString(other));
        }
        return wanted;
    }

    static Keys keys(Set<String> wanted) {
        Keys.Builder keys = Keys.builder();
        wanted.forEach(keys::add);
        return keys.build();
    }

    static RecordFilter filter(Keys keys) {
        return new RecordFilter(
                ',', List.of("sbs_no", "store_code", "upc", "qty"), Map.of("upc", keys), CsvLimits.DEFAULT);
    }
}
