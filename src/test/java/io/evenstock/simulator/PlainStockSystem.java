package io.evenstock.simulator;

import io.evenstock.simulator.Message.Identification;
import io.evenstock.simulator.Message.Row;
import io.evenstock.simulator.Message.StockFile;
import io.evenstock.stock.Acknowledgement;
import io.evenstock.stock.Base;
import io.evenstock.stock.Effect;
import io.evenstock.stock.Equation;
import io.evenstock.stock.Facts;
import io.evenstock.stock.ItemId;
import io.evenstock.stock.Movement;
import io.evenstock.stock.Outstanding;
import io.evenstock.stock.Revised;
import io.evenstock.stock.Revision;
import io.evenstock.stock.ShipmentItem;
import io.evenstock.stock.Skew;
import io.evenstock.stock.Variance;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The plain rules of {@link io.evenstock.stock} as a stock system: facts are kept in memory and looked up, every
 * figure is an {@link Equation} over them.
 *
 * <p>Nothing is ever derived from a figure and nothing is corrected: whatever arrives is put to the facts, and what
 * of them can take effect is read anew after each message.
 */
final class PlainStockSystem implements StockSystem, Message.Receiver {

    private static final Skew SKEW = new Skew(Duration.ofMinutes(5));

    /** Unique for ever (R8). */
    private record EventId(String facility, String id) {}

    private record Moved(String facility, Identification identification, Movement movement) {}

    /** What was shipped, as one revision says. */
    private record Dispatch(String facility, Identification identification, int quantity, Instant shippedAt)
            implements Revision.Content<Dispatch> {}

    /** An applied file: of each pair it has a good row for, the line, newer than the pair's base or not. */
    private record Run(long id, StockFile file, Map<Pair, Base> lines) {}

    /** How far the cycle of a business date has come; its list is never taken back. */
    private sealed interface Cycle {}

    private record Listed(Set<Identification> active) implements Cycle {}

    private record Filtered(Set<Identification> active, StockFile file, List<Line> lines) implements Cycle {}

    private record Reset(Set<Identification> active, long runId, List<Line> lines) implements Cycle {}

    /** A line of the variance file; the base of its pair decides what becomes of it. */
    private record Line(Pair pair, Outstanding outstanding) {}

    /** The facts that can take effect, as their products and facilities are known by now (R11). */
    private record Effective(
            Map<Pair, List<Movement>> movements,
            Map<String, List<ShipmentItem>> items,
            Map<String, List<Effect>> effects) {}

    private final Set<String> facilities = new HashSet<>();
    private final Map<String, Message.ProductKnown> products = new TreeMap<>();
    private final Map<Identification, Set<String>> names = new HashMap<>();
    private final Map<EventId, Moved> movements = new LinkedHashMap<>();
    private final Map<ItemId, Revised<Dispatch>> dispatches = new TreeMap<>();
    private final Map<ItemId, Revised<Acknowledgement>> acknowledgements = new HashMap<>();
    private final Map<LocalDate, Cycle> cycles = new TreeMap<>();
    private final Map<String, Run> applied = new LinkedHashMap<>();
    private final Map<Long, Variance> variances = new HashMap<>();
    private long lastRunId;
    private Instant now = Instant.EPOCH;
    private @Nullable Effective effective;

    @Override
    public void deliver(Instant recordedAt, Message message) {
        now = recordedAt;
        effective = null;
        message.tell(this);
    }

    @Override
    public Figure figure(String facility, String product) {
        io.evenstock.stock.Figure figure =
                Equation.of(facts(new Pair(facility, product))).figure();
        return new Figure(figure.quantityOnHand(), figure.withheld(), figure.availableToPromise());
    }

    private Facts facts(Pair pair) {
        Base base = base(pair);
        Effective known = effective();
        return new Facts(
                pair.facility(),
                base,
                variances.getOrDefault(base.runId(), Variance.NONE),
                known.movements().getOrDefault(pair, List.of()),
                known.effects().getOrDefault(pair.product(), List.of()),
                Objects.requireNonNull(products.get(pair.product())).safetyStock());
    }

    private Base base(Pair pair) {
        return Base.among(applied.values().stream()
                .flatMap(run -> Stream.ofNullable(run.lines().get(pair)))
                .toList());
    }

    // ---- what can take effect

    private Effective effective() {
        Effective known = effective == null ? read() : effective;
        effective = known;
        return known;
    }

    private Effective read() {
        Map<String, List<ShipmentItem>> items = effectiveItems();
        Map<String, List<Effect>> effects = new HashMap<>();
        items.forEach((product, known) -> effects.put(
                product, known.stream().flatMap(item -> item.effects().stream()).toList()));
        return new Effective(effectiveMovements(), items, effects);
    }

    private Map<Pair, List<Movement>> effectiveMovements() {
        Map<Pair, List<Movement>> known = new HashMap<>();
        movements
                .values()
                .forEach(moved -> pair(moved.facility(), moved.identification())
                        .ifPresent(pair -> known.computeIfAbsent(pair, none -> new ArrayList<>())
                                .add(moved.movement())));
        return known;
    }

    private Map<String, List<ShipmentItem>> effectiveItems() {
        Map<String, List<ShipmentItem>> known = new HashMap<>();
        dispatches.forEach((id, revised) -> revised.current(this::isKnown)
                .ifPresent(dispatch -> known.computeIfAbsent(product(dispatch), none -> new ArrayList<>())
                        .add(item(id, dispatch))));
        return known;
    }

    private ShipmentItem item(ItemId id, Dispatch dispatch) {
        Revised<Acknowledgement> said = acknowledgements.getOrDefault(id, Revised.unknown());
        Optional<Acknowledgement> acknowledgement =
                said.current(content -> facilities.contains(content.invoicedAtOr(dispatch.facility())));
        return new ShipmentItem(
                id, dispatch.facility(), dispatch.quantity(), dispatch.shippedAt(), acknowledgement.orElse(null));
    }

    private boolean isKnown(Dispatch dispatch) {
        return pair(dispatch.facility(), dispatch.identification()).isPresent();
    }

    private String product(Dispatch dispatch) {
        return pair(dispatch.facility(), dispatch.identification())
                .orElseThrow()
                .product();
    }

    /** Empty if the facility or product is unknown, or the value names two products. */
    private Optional<Pair> pair(String facility, Identification identification) {
        Set<String> named = names.getOrDefault(identification, Set.of());
        return facilities.contains(facility) && named.size() == 1
                ? Optional.of(new Pair(facility, named.iterator().next()))
                : Optional.empty();
    }

    // ---- facts

    @Override
    public void facility(Message.FacilityKnown message) {
        facilities.add(message.facility());
    }

    @Override
    public void product(Message.ProductKnown message) {
        products.put(message.product(), message);
        for (Identification name : message.identifications()) {
            names.computeIfAbsent(name, none -> new TreeSet<>()).add(message.product());
        }
    }

    /** The first of an id stays, with its time of receipt, whether the next is a repeat or refused (R8). */
    @Override
    public void movement(Message.Movement message) {
        if (allowed(message.occurredAt()) && allowed(message.bookedAt())) {
            Movement movement = Movement.received(
                    message.eventId(),
                    message.delta(),
                    message.reason(),
                    message.occurredAt(),
                    message.bookedAt(),
                    now);
            movements.putIfAbsent(
                    new EventId(message.facility(), message.eventId()),
                    new Moved(message.facility(), message.identification(), movement));
        }
    }

    @Override
    public void shipment(Message.Shipment message) {
        for (Message.Item item : message.items()) {
            Dispatch dispatch =
                    new Dispatch(message.facility(), item.identification(), item.quantity(), message.shippedAt());
            dispatch(new ItemId(message.shipment(), item.item()), new Revision<>(1, dispatch));
        }
    }

    @Override
    public void correction(Message.ItemCorrection message) {
        Message.Item item = message.item();
        Dispatch dispatch =
                new Dispatch(message.facility(), item.identification(), item.quantity(), message.shippedAt());
        dispatch(
                new ItemId(message.shipment(), item.item()),
                new Revision<>(message.revision(), message.cancelled() ? null : dispatch));
    }

    private void dispatch(ItemId id, Revision<Dispatch> arriving) {
        Dispatch content = arriving.content();
        if (content == null || allowed(content.shippedAt())) {
            dispatches.compute(id, (key, known) -> with(known, arriving));
        }
    }

    @Override
    public void acknowledgement(Message.Acknowledgement message) {
        if (allowed(message.acknowledgedAt()) && allowed(message.transferSlipAt())) {
            Acknowledgement content = new Acknowledgement(
                    message.acknowledgedAt(), message.quantity(), message.facility(), message.transferSlipAt());
            Revision<Acknowledgement> arriving =
                    new Revision<>(message.revision(), message.withdrawn() ? null : content);
            acknowledgements.compute(
                    new ItemId(message.shipment(), message.item()), (key, known) -> with(known, arriving));
        }
    }

    private static <T extends Revision.Content<T>> Revised<T> with(@Nullable Revised<T> known, Revision<T> arriving) {
        return (known == null ? Revised.<T>unknown() : known).with(arriving);
    }

    private boolean allowed(@Nullable Instant stated) {
        return stated == null || SKEW.allows(stated, now);
    }

    // ---- the cycle

    @Override
    public void list(Message.ListStep message) {
        Set<Identification> active = new HashSet<>();
        products.values().stream()
                .filter(Message.ProductKnown::active)
                .forEach(product -> active.addAll(product.identifications()));
        cycles.putIfAbsent(message.businessDate(), new Listed(active));
    }

    @Override
    public void filter(Message.FilterStep message) {
        if (cycles.get(message.businessDate()) instanceof Listed listed) {
            StockFile file = message.file();
            List<Row> rows = file.rows().stream()
                    .filter(row -> listed.active().contains(row.identification()))
                    .toList();
            StockFile filtered = new StockFile(file.asOf(), rows);
            cycles.put(message.businessDate(), new Filtered(listed.active(), filtered, varianceLines(file.asOf())));
        }
    }

    private List<Line> varianceLines(Instant asOf) {
        List<Line> lines = new ArrayList<>();
        effective()
                .items()
                .forEach((product, items) -> Outstanding.varianceLines(asOf, items)
                        .forEach(line -> lines.add(new Line(new Pair(line.facilityId(), product), line))));
        return lines;
    }

    @Override
    public void reset(Message.ResetStep message) {
        LocalDate date = message.businessDate();
        if (cycles.get(date) instanceof Filtered filtered) {
            apply(date.toString(), filtered.file()).ifPresent(run -> {
                cycles.put(date, new Reset(filtered.active(), run.id(), filtered.lines()));
                variances.put(run.id(), variance(run.id(), Variance.Progress.OPEN, filtered.lines()));
            });
        }
    }

    /** Recorded while a line is pending; if a newer run has left none, none is recorded: undone, it is pending again. */
    @Override
    public void variance(Message.VarianceStep message) {
        if (cycles.get(message.businessDate()) instanceof Reset reset && hasPendingLine(reset)) {
            variances.put(reset.runId(), variance(reset.runId(), Variance.Progress.DONE, reset.lines()));
        }
    }

    private boolean hasPendingLine(Reset reset) {
        Variance variance = variances.getOrDefault(reset.runId(), Variance.NONE);
        return reset.lines().stream()
                .anyMatch(line -> variance.tagOf(line.outstanding(), base(line.pair())) == Variance.Tag.PENDING);
    }

    private static Variance variance(long runId, Variance.Progress progress, List<Line> lines) {
        return Variance.of(
                runId, progress, lines.stream().map(Line::outstanding).toList());
    }

    // ---- runs

    @Override
    public void feed(Message.Feed message) {
        if (applied.values().stream().noneMatch(run -> run.file().equals(message.file()))) {
            apply(message.name(), message.file());
        }
    }

    /** Empty if the file is stale (R10). */
    private Optional<Run> apply(String name, StockFile file) {
        Run run = new Run(++lastRunId, file, lines(lastRunId, file));
        boolean stale =
                run.lines().keySet().stream().noneMatch(pair -> base(pair).supersededBy(file.asOf()));
        if (stale) {
            return Optional.empty();
        }
        applied.put(name, run);
        return Optional.of(run);
    }

    /** A pair has a line if all its rows say the same (R11). */
    private Map<Pair, Base> lines(long runId, StockFile file) {
        Map<Pair, Set<Integer>> quantities = new HashMap<>();
        for (Row row : file.rows()) {
            pair(row.facility(), row.identification())
                    .ifPresent(pair -> quantities
                            .computeIfAbsent(pair, none -> new TreeSet<>())
                            .add(row.quantity()));
        }
        Map<Pair, Base> lines = new HashMap<>();
        quantities.forEach((pair, said) -> {
            if (said.size() == 1) {
                lines.put(pair, new Base(runId, file.asOf(), said.iterator().next()));
            }
        });
        return lines;
    }

    @Override
    public void undo(Message.Undo message) {
        Run run = applied.remove(message.run());
        if (run != null) {
            variances.remove(run.id());
            cycles.replaceAll((date, cycle) ->
                    cycle instanceof Reset reset && reset.runId() == run.id() ? new Listed(reset.active()) : cycle);
        }
    }
}
