package io.evenstock.snapshot;

import io.evenstock.catalog.Catalog;
import io.evenstock.catalog.Identification;
import io.evenstock.catalog.Named;
import io.evenstock.file.Reject;
import io.evenstock.file.SnapshotReader;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Takes a file's rows in and turns them into lines: each row's facility and product looked up, by the thousand; one line
 * a pair. Unknown or ambiguous names are rejects; so are all rows of a pair whose quantities differ (R11).
 */
final class Intake {
    private static final int BATCH_ROWS = 5_000;
    private static final String UNKNOWN = "this product is unknown";

    private final Catalog catalog;
    private final int maxRejects;
    private final Pace pace;
    private final Map<String, Integer> facilities;
    private final Map<Identification, Named> products = new HashMap<>();
    private final Map<Identification, String> unknown = new HashMap<>();
    private final List<SnapshotReader.Row> batch = new ArrayList<>(BATCH_ROWS);
    private final Lines lines = new Lines();
    private final PairPositions positions = new PairPositions();
    private final BitSet conflicting = new BitSet();
    private final List<Reject> rejects = new ArrayList<>();
    private long rows;
    private long repeats;
    private long rejected;

    /** @param maxRejects at most so many rejects are kept with their reasons; all are counted */
    Intake(Catalog catalog, int maxRejects, Pace pace) {
        this.catalog = catalog;
        this.maxRejects = maxRejects;
        this.pace = pace;
        this.facilities = catalog.facilityKeys();
    }

    void take(SnapshotReader.Row row) {
        rows++;
        batch.add(row);
        if (batch.size() == BATCH_ROWS) {
            resolveBatch();
        }
    }

    void refuse(Reject reject) {
        rows++;
        count(reject);
    }

    /** Ends the intake. */
    SnapshotContent content() {
        resolveBatch();
        return new SnapshotContent(lines, conflicting, List.copyOf(rejects), rows, repeats, rejected);
    }

    private void resolveBatch() {
        lookUpProducts();
        for (SnapshotReader.Row row : batch) {
            resolve(row);
        }
        pace.done(batch.size());
        batch.clear();
    }

    private void lookUpProducts() {
        Set<Identification> wanted = new HashSet<>();
        for (SnapshotReader.Row row : batch) {
            Identification identification = identification(row);
            if (!products.containsKey(identification) && !unknown.containsKey(identification)) {
                wanted.add(identification);
            }
        }
        if (!wanted.isEmpty()) {
            products.putAll(catalog.lookUp(wanted));
            wanted.removeAll(products.keySet());
            lookForNearMisses(wanted);
        }
    }

    /** Only as long as reasons are kept; nor is a file's every unknown name remembered beyond that. */
    private void lookForNearMisses(Set<Identification> missing) {
        if (!missing.isEmpty() && rejects.size() < maxRejects) {
            missing.forEach(each -> unknown.put(each, UNKNOWN));
            NearMisses.of(missing, catalog::lookUp)
                    .forEach((each, near) -> unknown.put(each, UNKNOWN + "; " + near + " is known"));
        }
    }

    private void resolve(SnapshotReader.Row row) {
        Integer facility = facilities.get(row.facilityId());
        Named product = products.get(identification(row));
        if (facility == null) {
            reject(row, "facility", row.facilityId(), "this facility is unknown");
        } else if (product == null) {
            reject(row, row.idType(), row.idValue(), unknown.getOrDefault(identification(row), UNKNOWN));
        } else if (product.ambiguous()) {
            reject(row, row.idType(), row.idValue(), "names several products");
        } else {
            add(row, facility, product.key());
        }
    }

    private void add(SnapshotReader.Row row, int facility, int product) {
        int position = positions.putIfAbsent(facility, product, lines.size());
        if (position < 0) {
            lines.add(facility, product, row.quantity(), Math.toIntExact(row.line()));
        } else if (lines.quantity(position) == row.quantity() && !conflicting.get(position)) {
            repeats++;
        } else {
            conflict(row, position);
        }
    }

    private void conflict(SnapshotReader.Row row, int position) {
        int firstLine = lines.fileLine(position);
        if (!conflicting.get(position)) {
            conflicting.set(position);
            count(new Reject(
                    firstLine,
                    "quantity",
                    String.valueOf(lines.quantity(position)),
                    "line " + row.line() + " has " + row.quantity() + " for the same product and facility"));
        }
        reject(
                row,
                "quantity",
                String.valueOf(row.quantity()),
                "line " + firstLine + " has " + lines.quantity(position) + " for the same product and facility");
    }

    private void reject(SnapshotReader.Row row, String column, @Nullable String value, String reason) {
        count(new Reject(row.line(), column, value == null ? "" : value, reason));
    }

    private void count(Reject reject) {
        rejected++;
        if (rejects.size() < maxRejects) {
            rejects.add(reject);
        }
    }

    private static Identification identification(SnapshotReader.Row row) {
        return new Identification(row.idType(), row.idValue());
    }
}
