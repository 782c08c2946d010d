package io.evenstock.inventory;

import io.evenstock.stock.Acknowledgement;
import io.evenstock.stock.Base;
import io.evenstock.stock.Effect;
import io.evenstock.stock.Equation;
import io.evenstock.stock.Facts;
import io.evenstock.stock.ItemId;
import io.evenstock.stock.Movement;
import io.evenstock.stock.Outstanding;
import io.evenstock.stock.ShipmentItem;
import io.evenstock.stock.Variance;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Facts that nobody would believe: all times lie on a few moments or a microsecond beside them, so that every "before",
 * "at" and "after" of the equation is met often. Facilities and products have the keys 1, 2, 3 …
 */
final class RandomFacts {
    private static final int PARTS = 3;
    private static final Instant START = Instant.parse("2026-11-01T00:00:00Z");
    private static final String NOWHERE = "F-unknown";
    private static final int MOMENTS = 12;
    private static final int RUNS = 30;
    private static final int MOST_MOVEMENTS = 7;
    private static final int MOST_ITEMS = 24;
    private static final int MOST_UNITS = 6;
    private static final List<String> STATES = List.of("APPLIED", "APPLIED", "UNDONE", "APPLIED", "PREPARED");
    private static final List<String> VARIANCES =
            List.of("PENDING", "RECORDED", "PENDING", "DROPPED", "RECORDED", "NONE");

    /** A run, with its variance lines. */
    record Run(
            long runId,
            Instant asOf,
            String state,
            @Nullable String variance,
            Instant appliedAt,
            @Nullable Instant variedAt,
            @Nullable Instant undoneAt,
            List<VarianceLine> varianceLines) {
        boolean applied() {
            return state.equals("APPLIED");
        }

        LocalDate businessDate() {
            return LocalDate.EPOCH.plusDays(runId);
        }
    }

    record VarianceLine(int product, int facility, Outstanding outstanding) {}

    record Line(Run run, int facility, int product, Instant asOf, int quantity, int line) {}

    record Moved(int facility, int product, Movement movement, Instant recordedAt) {}

    /**
     * An item, told in up to two revisions.
     *
     * @param first what was shipped by its first revision; null: it had one only
     * @param quarantined whether its newest acknowledgement names a facility that is unknown, so does not count (R11)
     */
    record Item(
            int product,
            ShipmentItem item,
            @Nullable Integer first,
            Instant shippedTold,
            Instant revisedTold,
            Instant acknowledgedTold,
            Instant slipTold,
            boolean quarantined) {}

    private final Random random;
    private final int facilities;
    private final int products;
    private final List<Run> runs = new ArrayList<>();
    private final List<Line> lines = new ArrayList<>();
    private final List<Moved> movements = new ArrayList<>();
    private final List<Item> items = new ArrayList<>();
    private final Map<Pair, List<Line>> linesOf;
    private final Map<Pair, List<Moved>> movementsOf;
    private final Map<Integer, List<Item>> itemsOf;

    RandomFacts(long seed, int facilities, int products) {
        this.random = new Random(seed);
        this.facilities = facilities;
        this.products = products;
        products().forEach(this::ship);
        IntStream.rangeClosed(1, RUNS).forEach(this::run);
        pairs().forEach(this::move);
        linesOf = lines.stream().collect(Collectors.groupingBy(line -> new Pair(line.facility, line.product)));
        movementsOf =
                movements.stream().collect(Collectors.groupingBy(moved -> new Pair(moved.facility, moved.product)));
        itemsOf = items.stream().collect(Collectors.groupingBy(Item::product));
    }

    List<Pair> pairs() {
        return IntStream.rangeClosed(1, facilities)
                .boxed()
                .flatMap(facility -> products().mapToObj(product -> new Pair(facility, product)))
                .toList();
    }

    private IntStream products() {
        return IntStream.rangeClosed(1, products);
    }

    static int safetyStock(int product) {
        return product % 3;
    }

    static String facilityId(int facility) {
        return "F" + facility;
    }

    /** The equation of a pair by the rules of the plain classes. */
    Equation equation(Pair pair) {
        return equation(pair, Instant.MAX);
    }

    /** The equation of a pair, of what was told by a moment. */
    Equation equation(Pair pair, Instant told) {
        Base base = Base.among(linesOf.getOrDefault(pair, List.of()).stream()
                .filter(line -> inForce(line.run, told))
                .sorted(Comparator.comparing(line -> line.run.appliedAt))
                .map(line -> new Base(line.run.runId, line.asOf, line.quantity))
                .toList());
        return Equation.of(new Facts(
                facilityId(pair.facilityKey()),
                base,
                variance(base, told),
                movementsOf.getOrDefault(pair, List.of()).stream()
                        .filter(moved -> !moved.recordedAt.isAfter(told))
                        .map(Moved::movement)
                        .toList(),
                effects(pair.productKey(), told),
                safetyStock(pair.productKey())));
    }

    private static boolean inForce(Run run, Instant told) {
        boolean undone = run.undoneAt != null && !run.undoneAt.isAfter(told);
        return (run.applied() || run.state.equals("UNDONE")) && !run.appliedAt.isAfter(told) && !undone;
    }

    private Variance variance(Base base, Instant told) {
        Run run = runs.stream()
                .filter(each -> each.runId == base.runId())
                .findFirst()
                .orElse(null);
        if (run == null || run.variance == null) {
            return Variance.NONE;
        }
        return Variance.of(
                run.runId,
                progress(run, run.variance, told),
                run.varianceLines.stream().map(VarianceLine::outstanding).toList());
    }

    private static Variance.Progress progress(Run run, String variance, Instant told) {
        if (run.variedAt != null && run.variedAt.isAfter(told)) {
            return Variance.Progress.OPEN;
        }
        return switch (variance) {
            case "PENDING" -> Variance.Progress.OPEN;
            case "RECORDED" -> Variance.Progress.DONE;
            default -> Variance.Progress.DROPPED;
        };
    }

    private Collection<Effect> effects(int product, Instant told) {
        return itemsOf.getOrDefault(product, List.of()).stream()
                .flatMap(each -> known(each, told).effects().stream())
                .toList();
    }

    private static ShipmentItem known(Item told, Instant by) {
        ShipmentItem item = told.item;
        return new ShipmentItem(
                item.id(),
                item.facilityId(),
                told.shippedTold.isAfter(by) ? 0 : quantity(told, by),
                item.shippedAt(),
                acknowledged(told, item.acknowledgement(), by));
    }

    private static int quantity(Item told, Instant by) {
        Integer first = told.first;
        return first == null || !told.revisedTold.isAfter(by) ? told.item.quantity() : first;
    }

    private static @Nullable Acknowledgement acknowledged(Item told, @Nullable Acknowledgement newest, Instant by) {
        if (newest == null || told.acknowledgedTold.isAfter(by)) {
            return null;
        }
        return told.slipTold.isAfter(by)
                ? new Acknowledgement(newest.acknowledgedAt(), newest.quantity(), newest.invoicedAt(), null)
                : newest;
    }

    private void ship(int product) {
        int count = random.nextInt(MOST_ITEMS);
        for (int n = 0; n < count; n++) {
            int facility = 1 + random.nextInt(facilities);
            ItemId id = new ItemId("S" + product + "-" + n, "00001");
            int quantity = random.nextInt(MOST_UNITS);
            Instant shippedTold = recorded();
            Instant acknowledgedTold = recorded();
            items.add(new Item(
                    product,
                    new ShipmentItem(id, facilityId(facility), quantity, moment(), acknowledgement(facility)),
                    chance(0.3) ? 1 + random.nextInt(MOST_UNITS) : null,
                    shippedTold,
                    shippedTold.plusSeconds(1 + random.nextInt(100_000)),
                    acknowledgedTold,
                    acknowledgedTold.plusSeconds(1 + random.nextInt(100_000)),
                    chance(0.1)));
        }
    }

    private @Nullable Acknowledgement acknowledgement(int facility) {
        if (chance(0.35)) {
            return null;
        }
        int elsewhere = 1 + (facility + random.nextInt(facilities - 1)) % facilities;
        boolean invoicedElsewhere = chance(0.55);
        return new Acknowledgement(
                moment(),
                chance(0.5) ? null : random.nextInt(MOST_UNITS),
                invoicedElsewhere ? facilityId(elsewhere) : chance(0.5) ? facilityId(facility) : null,
                invoicedElsewhere && chance(0.5) ? moment() : null);
    }

    private void run(long runId) {
        String state = STATES.get((int) runId % STATES.size());
        String variance = VARIANCES.get((int) runId / STATES.size() % VARIANCES.size());
        Instant appliedAt = recorded();
        boolean nightly = !variance.equals("NONE");
        boolean settled = nightly && !variance.equals("PENDING");
        Run run = new Run(
                runId,
                moment(),
                state,
                nightly ? variance : null,
                appliedAt,
                settled ? appliedAt.plusSeconds(3_600) : null,
                state.equals("UNDONE") ? appliedAt.plusSeconds(1 + random.nextInt(200_000)) : null,
                nightly ? varianceLines() : List.of());
        runs.add(run);
        pairs().stream().filter(pair -> chance(0.15)).forEach(pair -> line(run, pair));
    }

    /** A line that was carried forward has an as-of of its own. */
    private void line(Run run, Pair pair) {
        Instant asOf = chance(0.9) ? run.asOf : moment();
        lines.add(new Line(run, pair.facilityKey(), pair.productKey(), asOf, random.nextInt(30) - 3, 2 + lines.size()));
    }

    /** Lines of the quantity at the time of the file, which may since have been corrected. */
    private List<VarianceLine> varianceLines() {
        List<VarianceLine> drawn = new ArrayList<>();
        for (Item each : items) {
            ItemId id = each.item.id();
            if (chance(0.6)) {
                drawn.add(line(each.product, id, each.item.facilityId(), -1 - random.nextInt(MOST_UNITS)));
            }
            Acknowledgement known = each.item.acknowledgement();
            String invoicedAt = known == null ? null : known.invoicedAt();
            if (invoicedAt != null && !invoicedAt.equals(each.item.facilityId()) && chance(0.6)) {
                drawn.add(line(each.product, id, invoicedAt, 1 + random.nextInt(MOST_UNITS)));
            }
        }
        return drawn;
    }

    private static VarianceLine line(int product, ItemId id, String facilityId, int quantity) {
        return new VarianceLine(product, key(facilityId), new Outstanding(id, facilityId, quantity));
    }

    private static int key(String facilityId) {
        return Integer.parseInt(facilityId.substring(1));
    }

    private void move(Pair pair) {
        int count = random.nextInt(MOST_MOVEMENTS);
        for (int n = 0; n < count; n++) {
            int quantity = chance(0.8) ? -1 - random.nextInt(3) : 1 + random.nextInt(3);
            Movement movement =
                    new Movement("E" + pair.productKey() + "-" + n, quantity, "POS_SALE", moment(), moment());
            movements.add(new Moved(pair.facilityKey(), pair.productKey(), movement, recorded()));
        }
    }

    /** One of a few moments, or a microsecond beside it. */
    private Instant moment() {
        Instant moment = START.plusSeconds(3_600L * random.nextInt(MOMENTS));
        return chance(0.5) ? moment : moment.plusNanos(1_000L * (random.nextInt(3) - 1));
    }

    /** When something was told: hardly ever at the same time as another. */
    private Instant recorded() {
        return START.plusSeconds(86_400).plusNanos(1_000L * random.nextInt(1_000_000_000));
    }

    private boolean chance(double probability) {
        return random.nextDouble() < probability;
    }

    /** Writes the facts into an empty, migrated database. */
    void insert(Connection connection) throws SQLException {
        insertCatalog(connection);
        insertParts(connection);
        insertRuns(connection);
        insertLines(connection);
        insertMovements(connection);
        insertItems(connection);
        insertVarianceLines(connection);
    }

    private void insertCatalog(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("""
                    insert into facility (facility_key, facility_id, name) overriding system value
                    select n, 'F' || n, 'Store ' || n from generate_series(1, %d) n""".formatted(facilities));
            statement.execute("""
                    insert into product (product_key, product_id, name, active, safety_stock) overriding system value
                    select n, 'P' || n, 'Product ' || n, true, n %% 3 from generate_series(1, %d) n
                    """.formatted(products));
            statement.execute("""
                    insert into identification (id_type, id_value, product_key)
                    select 'UPCA', 'U' || product_key, product_key from product""");
        }
    }

    private static void insertParts(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            for (int part = 1; part <= PARTS; part++) {
                statement.execute("create table snapshot_line_%1$d partition of snapshot_line for values in (%1$d)"
                        .formatted(part));
                statement.execute(
                        "insert into snapshot_part (part, shared, lines) overriding system value values (%d, true, 0)"
                                .formatted(part));
            }
        }
    }

    private void insertRuns(Connection connection) throws SQLException {
        try (Rows rows = new Rows(connection, """
                        insert into snapshot_run (run_id, kind, business_date, as_of, source_name, source_sha256, part,
                                                  filtered_name, filtered_sha256, state, variance, variance_at, applied_at, undone_at)
                        overriding system value values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                        """)) {
            for (Run run : runs) {
                boolean nightly = run.variance != null;
                rows.add(
                        run.runId,
                        nightly ? "NIGHTLY" : "FEED",
                        run.businessDate(),
                        run.asOf,
                        "source-" + run.runId,
                        "sha-" + run.runId,
                        part(run),
                        nightly ? "filtered-" + run.runId : null,
                        nightly ? "filtered-sha-" + run.runId : null,
                        run.state,
                        run.variance,
                        run.variedAt,
                        told(run) ? run.appliedAt : null,
                        run.undoneAt);
            }
        }
    }

    private static int part(Run run) {
        return 1 + (int) run.runId % PARTS;
    }

    private static boolean told(Run run) {
        return run.applied() || run.state.equals("UNDONE");
    }

    private void insertLines(Connection connection) throws SQLException {
        try (Rows rows = new Rows(connection, """
                insert into snapshot_line (facility_key, product_key, part, run_id, quantity, line, as_of)
                values (?, ?, ?, ?, ?, ?, ?)
                """)) {
            for (Line line : lines) {
                rows.add(
                        line.facility,
                        line.product,
                        part(line.run),
                        line.run.runId,
                        line.quantity,
                        line.line,
                        line.asOf);
            }
        }
    }

    private void insertMovements(Connection connection) throws SQLException {
        try (Rows rows = new Rows(connection, """
                        insert into movement (facility_id, event_id, fingerprint, id_type, id_value, facility_key,
                                              product_key, quantity, reason, occurred_at, booked_at, recorded_at,
                                              first_status)
                        values (?, ?, gen_random_uuid(), 'UPCA', 'U', ?, ?, ?, ?, ?, ?, ?, 'APPLIED')
                        """)) {
            for (Moved moved : movements) {
                Movement movement = moved.movement;
                rows.add(
                        facilityId(moved.facility),
                        movement.eventId(),
                        moved.facility,
                        moved.product,
                        movement.quantity(),
                        movement.reason(),
                        movement.occurredAt(),
                        movement.bookedAt(),
                        moved.recordedAt);
            }
        }
        try (Statement statement = connection.createStatement()) {
            statement.execute("""
                    insert into movement_sum (facility_key, product_key, hour, quantity)
                    select facility_key, product_key, date_trunc('hour', booked_at, 'UTC'), sum(quantity)
                    from movement group by 1, 2, 3
                    """);
        }
    }

    private void insertItems(Connection connection) throws SQLException {
        try (Rows rows = new Rows(
                connection,
                "insert into shipment (shipment_id, facility_id, facility_key, shipped_at) values (?, ?, ?, ?)")) {
            for (Item each : items) {
                ShipmentItem item = each.item;
                rows.add(item.id().shipmentId(), item.facilityId(), key(item.facilityId()), item.shippedAt());
            }
        }
        try (Rows rows = new Rows(connection, """
                        insert into shipment_item (shipment_id, item_seq_id, id_type, id_value, facility_key, product_key,
                                shipped_at, quantity, revision, acknowledged_at, acknowledged_quantity,
                                invoiced_facility_id, invoiced_facility_key, transfer_slip_at)
                        values (?, ?, 'UPCA', ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                        """);
                Rows facts = new Rows(connection, """
                        insert into fulfilment_fact (kind, shipment_id, item_seq_id, revision, fingerprint, facility_id,
                                                     id_type, id_value, quantity, at, recorded_at)
                        values (?, ?, ?, ?, gen_random_uuid(), ?, ?, ?, ?, ?, ?)
                        """)) {
            for (Item each : items) {
                insert(rows, each);
                insertFacts(facts, each);
            }
        }
    }

    private static void insert(Rows rows, Item each) throws SQLException {
        ShipmentItem item = each.item;
        Acknowledgement known = shown(each);
        String invoicedAt = known == null || item.facilityId().equals(known.invoicedAt()) ? null : known.invoicedAt();
        rows.add(
                item.id().shipmentId(),
                item.id().shipmentItemSeqId(),
                "U" + each.product,
                key(item.facilityId()),
                each.product,
                item.shippedAt(),
                item.quantity(),
                each.first == null ? 0 : 1,
                known == null ? null : known.acknowledgedAt(),
                known == null ? 0 : known.unitsOf(item.quantity()),
                invoicedAt,
                invoicedAt == null || invoicedAt.equals(NOWHERE) ? null : key(invoicedAt),
                known == null ? null : known.transferSlipAt());
    }

    /** What stands in the item's row: if nothing is out of quarantine, what is in it. */
    private static @Nullable Acknowledgement shown(Item each) {
        Acknowledgement known = each.item.acknowledgement();
        return known == null && each.quarantined ? quarantined(each) : known;
    }

    private static Acknowledgement quarantined(Item each) {
        Instant at = each.item.shippedAt();
        return new Acknowledgement(at, null, NOWHERE, at.plusSeconds(3_600));
    }

    private static void insertFacts(Rows facts, Item each) throws SQLException {
        ShipmentItem item = each.item;
        String shipmentId = item.id().shipmentId();
        String seqId = item.id().shipmentItemSeqId();
        String value = "U" + each.product;
        String from = item.facilityId();
        Instant at = item.shippedAt();
        if (each.first == null) {
            facts.add("SHIPPED", shipmentId, seqId, 0, from, "UPCA", value, item.quantity(), at, each.shippedTold);
        } else {
            facts.add("SHIPPED", shipmentId, seqId, 0, from, "UPCA", value, each.first, at, each.shippedTold);
            facts.add("SHIPPED", shipmentId, seqId, 1, from, "UPCA", value, item.quantity(), at, each.revisedTold);
        }
        Acknowledgement known = item.acknowledgement();
        if (each.quarantined) {
            Acknowledgement waits = quarantined(each);
            Instant told = each.acknowledgedTold.plusNanos(3_000);
            Instant waitsAt = waits.acknowledgedAt();
            facts.add("ACKNOWLEDGED", shipmentId, seqId, 1, NOWHERE, null, null, null, waitsAt, told);
            facts.add("TRANSFER_SLIP", shipmentId, seqId, 1, null, null, null, null, waits.transferSlipAt(), told);
        }
        if (known != null) {
            Instant acknowledgedAt = known.acknowledgedAt();
            String invoicedAt = known.invoicedAt();
            Integer quantity = known.quantity();
            facts.add(
                    "ACKNOWLEDGED",
                    shipmentId,
                    seqId,
                    0,
                    invoicedAt,
                    null,
                    null,
                    quantity,
                    acknowledgedAt,
                    each.acknowledgedTold);
            if (known.transferSlipAt() != null) {
                Instant slipAt = known.transferSlipAt();
                facts.add("TRANSFER_SLIP", shipmentId, seqId, 0, null, null, null, null, slipAt, each.slipTold);
            }
        }
    }

    private void insertVarianceLines(Connection connection) throws SQLException {
        try (Rows rows = new Rows(connection, """
                insert into variance_line (run_id, shipment_id, item_seq_id, facility_key, product_key, quantity)
                values (?, ?, ?, ?, ?, ?)
                """)) {
            for (Run run : runs) {
                for (VarianceLine line : run.varianceLines) {
                    ItemId id = line.outstanding.item();
                    rows.add(
                            run.runId,
                            id.shipmentId(),
                            id.shipmentItemSeqId(),
                            line.facility,
                            line.product,
                            line.outstanding.quantity());
                }
            }
        }
    }

    /** Rows of one table, inserted in a batch. */
    private static final class Rows implements AutoCloseable {
        private final PreparedStatement statement;

        Rows(Connection connection, String insert) throws SQLException {
            statement = connection.prepareStatement(insert);
        }

        void add(@Nullable Object... values) throws SQLException {
            for (int i = 0; i < values.length; i++) {
                Object value = values[i];
                statement.setObject(i + 1, value instanceof Instant at ? at.atOffset(ZoneOffset.UTC) : value);
            }
            statement.addBatch();
        }

        @Override
        public void close() throws SQLException {
            try (statement) {
                statement.executeBatch();
            }
        }
    }
}
