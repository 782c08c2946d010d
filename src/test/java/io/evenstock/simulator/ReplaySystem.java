package io.evenstock.simulator;

import io.evenstock.simulator.Message.Acknowledgement;
import io.evenstock.simulator.Message.Identification;
import io.evenstock.simulator.Message.ItemCorrection;
import io.evenstock.simulator.Message.Row;
import io.evenstock.simulator.Message.Shipment;
import io.evenstock.simulator.Message.StockFile;
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
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The rules as they stand in domain.md, straightforward and slow: a log of messages, replayed from its beginning when
 * a figure is asked for, and instants compared. It shows that the oracle can be met, and (broken by a
 * {@link Mutation}) that it cannot be met by accident.
 */
final class ReplaySystem implements StockSystem, Message.Receiver {

    private static final Duration SKEW = Duration.ofMinutes(5);

    private record Logged(int number, Instant recordedAt, Message message) {}

    private record MovementFact(Message.Movement message, Instant bookedAt, Logged logged) {}

    private record ItemFact(
            String facility, Identification identification, Instant shippedAt, int quantity, Logged logged) {}

    private record AckFact(Acknowledgement message, Logged logged) {}

    private record ItemKey(String shipment, String item) {}

    /** What a shipment item means for a pair: with the quantities of its newest revisions. */
    private record Leg(ItemKey item, Pair pair) {}

    private static final class Item {
        final TreeMap<Integer, ItemFact> facts = new TreeMap<>();
        final TreeMap<Integer, AckFact> acknowledgements = new TreeMap<>();
    }

    private static final class Run {
        final String name;
        final StockFile file;
        final Map<Pair, Integer> quantities;
        final Logged applied;
        final @Nullable Night night;

        Run(String name, StockFile file, Map<Pair, Integer> quantities, Logged applied, @Nullable Night night) {
            this.name = name;
            this.file = file;
            this.quantities = quantities;
            this.applied = applied;
            this.night = night;
        }
    }

    private static final class Night {
        @Nullable
        Set<Identification> list;

        @Nullable
        StockFile filtered;

        Map<Leg, Long> lines = new HashMap<>();

        @Nullable
        Run run;

        boolean resetRefused;
        boolean varianceDone;
    }

    /** All that a replay builds up. */
    private static final class Facts {
        final Set<String> facilities = new HashSet<>();
        final Map<String, Logged> knownSince = new HashMap<>();
        final Map<String, Message.ProductKnown> products = new HashMap<>();
        final Map<Identification, String> names = new HashMap<>();
        final Map<Object, MovementFact> movements = new LinkedHashMap<>();
        final Map<ItemKey, Item> items = new LinkedHashMap<>();
        final Map<LocalDate, Night> nights = new HashMap<>();
        final List<Run> applied = new ArrayList<>();
        final Set<Instant> undone = new HashSet<>();
        final Map<Pair, Long> wrong = new HashMap<>();
    }

    private final Mutation mutation;
    private final List<Logged> log = new ArrayList<>();
    private Facts facts = new Facts();
    private Logged now = new Logged(-1, Instant.EPOCH, new Message.Undo("nothing"));
    private boolean replayed;

    ReplaySystem() {
        this(Mutation.NONE);
    }

    ReplaySystem(Mutation mutation) {
        this.mutation = mutation;
    }

    @Override
    public void deliver(Instant recordedAt, Message message) {
        log.add(new Logged(log.size(), recordedAt, message));
        replayed = false;
    }

    private void replay() {
        facts = new Facts();
        for (Logged logged : log) {
            now = logged;
            logged.message().tell(this);
        }
        replayed = true;
    }

    private boolean broken(Mutation candidate) {
        return mutation == candidate;
    }

    // ---- the figure

    @Override
    public Figure figure(String facility, String product) {
        if (!replayed) {
            replay();
        }
        return figure(new Pair(facility, product));
    }

    private Figure figure(Pair pair) {
        Run base = base(pair);
        Instant asOf = base == null ? Instant.MIN : base.file.asOf();
        long onHand = base == null ? 0 : base.quantities.getOrDefault(pair, 0);
        onHand += movedAfter(asOf, pair) + facts.wrong.getOrDefault(pair, 0L);
        long withheld = 0;
        for (ItemKey key : facts.items.keySet()) {
            long due = due(key, pair, asOf, base);
            if (base != null && isPending(base, new Leg(key, pair))) {
                withheld += withheld(base, new Leg(key, pair), due);
            } else {
                onHand += due;
            }
        }
        return figure(pair, onHand, withheld);
    }

    private long withheld(Run base, Leg line, long due) {
        if (broken(Mutation.LINE_OUTLIVES_ACKNOWLEDGEMENT) && base.night != null) {
            return Math.max(0, -base.night.lines.getOrDefault(line, 0L));
        }
        return broken(Mutation.POSITIVE_LINE_LESSENS_WITHHELD) ? -due : Math.max(0, -due);
    }

    private Figure figure(Pair pair, long onHand, long withheld) {
        int safety = Objects.requireNonNull(facts.products.get(pair.product())).safetyStock();
        return Figure.of(
                broken(Mutation.NEVER_BELOW_ZERO) ? Math.max(0, onHand) : onHand,
                broken(Mutation.WITHHELD_FORGOTTEN) ? 0 : withheld,
                broken(Mutation.SAFETY_STOCK_FORGOTTEN) ? 0 : safety);
    }

    private @Nullable Run base(Pair pair) {
        Run base = null;
        for (Run run : facts.applied) {
            boolean has = run.quantities.containsKey(pair);
            boolean newer = base == null || run.file.asOf().isAfter(base.file.asOf());
            base = has && (newer || broken(Mutation.STALE_ROW_APPLIED)) ? run : base;
        }
        return base;
    }

    private boolean isPending(Run base, Leg leg) {
        Night night = base.night;
        if (night == null) {
            return broken(Mutation.FEED_WITHHOLDS_TOO);
        }
        return !night.varianceDone && night.lines.containsKey(leg) && !broken(Mutation.LINES_NEVER_PENDING);
    }

    private long movedAfter(Instant asOf, Pair pair) {
        long moved = 0;
        for (MovementFact fact : facts.movements.values()) {
            boolean here =
                    pair.equals(pair(fact.message().facility(), fact.message().identification()));
            if (here && isAfter(bookedAt(fact), asOf)) {
                moved += fact.message().delta();
            }
        }
        return moved;
    }

    private boolean isAfter(Instant bookedAt, Instant asOf) {
        return broken(Mutation.SALE_AT_T0_COUNTED) ? !bookedAt.isBefore(asOf) : bookedAt.isAfter(asOf);
    }

    private Instant bookedAt(MovementFact fact) {
        if (broken(Mutation.QUARANTINE_AT_RELEASE_TIME)) {
            Logged known = knownSince(fact.message().facility(), fact.message().identification());
            return known.number() > fact.logged().number() ? known.recordedAt() : fact.bookedAt();
        }
        return fact.bookedAt();
    }

    private Logged knownSince(String facility, Identification identification) {
        Logged one = Objects.requireNonNull(facts.knownSince.get(facility));
        Logged other = Objects.requireNonNull(facts.knownSince.get(identification.toString()));
        return one.number() > other.number() ? one : other;
    }

    // ---- a shipment item at a pair

    /** What QOH owes to a shipment item beside the file of that moment, in units. */
    private long due(ItemKey key, Pair pair, Instant asOf, @Nullable Run base) {
        Item item = Objects.requireNonNull(facts.items.get(key));
        ItemFact fact = newestFact(item);
        if (fact == null || !pair.product().equals(product(fact.identification()))) {
            return 0;
        }
        AckFact said = newestAcknowledgement(item, fact, base, asOf);
        boolean from = canonical(fact.facility()).equals(pair.facility());
        if (said == null) {
            return from && !isTakenAsHeld(fact, base, asOf) ? -fact.quantity() : 0;
        }
        return from ? dueWhereShipped(fact, said, asOf) : dueElsewhere(fact, said, pair, asOf);
    }

    private long dueWhereShipped(ItemFact fact, AckFact said, Instant asOf) {
        boolean elsewhere = !invoicedAt(fact, said).equals(fact.facility());
        boolean out = elsewhere ? slipPosted(said, asOf) : acknowledged(said, asOf);
        return (out ? (long) quantity(fact, said) : 0L) - fact.quantity();
    }

    private long dueElsewhere(ItemFact fact, AckFact said, Pair pair, Instant asOf) {
        boolean here = invoicedAt(fact, said).equals(pair.facility());
        return here && acknowledged(said, asOf) && !slipPosted(said, asOf) ? quantity(fact, said) : 0;
    }

    private String invoicedAt(ItemFact fact, AckFact said) {
        return broken(Mutation.INVOICED_WHERE_SHIPPED)
                ? fact.facility()
                : said.message().facility();
    }

    private int quantity(ItemFact fact, AckFact said) {
        Integer quantity = said.message().quantity();
        return quantity == null || broken(Mutation.PART_ACKNOWLEDGED_AS_ALL) ? fact.quantity() : quantity;
    }

    private boolean acknowledged(AckFact said, Instant asOf) {
        Instant at = said.message().acknowledgedAt();
        return broken(Mutation.ACKNOWLEDGED_AT_T0_OPEN) ? at.isBefore(asOf) : !at.isAfter(asOf);
    }

    private boolean slipPosted(AckFact said, Instant asOf) {
        Instant at = said.message().transferSlipAt();
        if (at == null || broken(Mutation.SLIP_IGNORED)) {
            return false;
        }
        return broken(Mutation.SLIP_AT_T0_OPEN) ? at.isBefore(asOf) : !at.isAfter(asOf);
    }

    private boolean isTakenAsHeld(ItemFact fact, @Nullable Run base, Instant asOf) {
        return broken(Mutation.LATE_SHIPMENT_TAKEN_AS_HELD)
                && base != null
                && fact.logged().number() > base.applied.number()
                && !fact.shippedAt().isAfter(asOf);
    }

    private @Nullable ItemFact newestFact(Item item) {
        for (ItemFact fact : item.facts.descendingMap().values()) {
            if (pair(fact.facility(), fact.identification()) != null) {
                return fact;
            }
        }
        return null;
    }

    private @Nullable AckFact newestAcknowledgement(Item item, ItemFact fact, @Nullable Run base, Instant asOf) {
        for (AckFact said : item.acknowledgements.descendingMap().values()) {
            boolean tooLate = broken(Mutation.LATE_ACKNOWLEDGEMENT_NOT_GIVEN_BACK)
                    && base != null
                    && said.logged().number() > base.applied.number()
                    && acknowledged(said, asOf);
            boolean tooEarly = broken(Mutation.EARLY_ACKNOWLEDGEMENT_LOST)
                    && said.logged().number() < fact.logged().number();
            boolean ignored =
                    broken(Mutation.WITHDRAWAL_IGNORED) && said.message().withdrawn();
            boolean known = isKnown(said.message().facility());
            boolean taken = known || broken(Mutation.INVOICED_AT_UNKNOWN_FACILITY_TAKEN);
            if (taken && !tooLate && !tooEarly && !ignored) {
                return said.message().withdrawn() ? null : said;
            }
        }
        return null;
    }

    // ---- the catalog

    @Override
    public void facility(Message.FacilityKnown message) {
        if (facts.facilities.add(canonical(message.facility()))) {
            facts.knownSince.put(message.facility(), now);
            loseQuarantine();
        }
    }

    @Override
    public void product(Message.ProductKnown message) {
        facts.products.put(message.product(), message);
        for (Identification name : message.identifications()) {
            facts.names.putIfAbsent(canonical(name), message.product());
            facts.knownSince.putIfAbsent(name.toString(), now);
        }
    }

    private void loseQuarantine() {
        if (broken(Mutation.QUARANTINE_LOST)) {
            String facility = ((Message.FacilityKnown) now.message()).facility();
            facts.movements.values().removeIf(fact -> fact.message().facility().equals(facility));
        }
    }

    private @Nullable Pair pair(String facility, Identification identification) {
        String product = product(identification);
        return product == null || !isKnown(facility) ? null : new Pair(canonical(facility), product);
    }

    private boolean isKnown(String facility) {
        return facts.facilities.contains(canonical(facility));
    }

    private @Nullable String product(Identification identification) {
        return facts.names.get(canonical(identification));
    }

    private String canonical(String facility) {
        return broken(Mutation.STORE_CODE_WITHOUT_SUBSIDIARY) ? "001" + facility.substring(3) : facility;
    }

    private Identification canonical(Identification name) {
        String type = broken(Mutation.IDENTIFICATION_TYPE_IGNORED) ? "" : name.type();
        String value = broken(Mutation.LEADING_ZEROS_DROPPED) ? name.value().replaceFirst("^0+", "") : name.value();
        return new Identification(type, value);
    }

    // ---- facts

    private boolean isFuture(Instant at) {
        return at.isAfter(now.recordedAt().plus(SKEW)) && !broken(Mutation.FUTURE_TAKEN);
    }

    @Override
    public void movement(Message.Movement message) {
        Instant bookedAt = bookedAt(message);
        if (isFuture(bookedAt)) {
            return;
        }
        MovementFact fact = new MovementFact(message, bookedAt, now);
        Object key = broken(Mutation.EVENT_ID_UNIQUE_EVERYWHERE)
                ? message.eventId()
                : List.of(message.facility(), message.eventId());
        MovementFact first = facts.movements.get(key);
        if (first == null || isWronglyTaken(first, message)) {
            facts.movements.put(key, fact);
        } else if (broken(Mutation.REPEAT_COUNTED_TWICE) && first.message().equals(message)) {
            facts.movements.put(now, fact);
        }
    }

    private boolean isWronglyTaken(MovementFact first, Message.Movement message) {
        boolean same = first.message().equals(message);
        return broken(same ? Mutation.REPEAT_CHANGES_TIME_OF_RECEIPT : Mutation.OTHER_CONTENT_OVERWRITES);
    }

    private Instant bookedAt(Message.Movement message) {
        if (broken(Mutation.RECEIVED_FOR_BOOKED)) {
            return now.recordedAt();
        }
        Instant occurredAt = message.occurredAt();
        Instant bookedAt = message.bookedAt();
        if (bookedAt != null && !(broken(Mutation.OCCURRED_FOR_BOOKED) && occurredAt != null)) {
            return bookedAt;
        }
        return occurredAt != null ? occurredAt : now.recordedAt();
    }

    @Override
    public void shipment(Shipment message) {
        for (Message.Item item : message.items()) {
            state(message.shipment(), item, 1, message.facility(), message.shippedAt());
        }
    }

    @Override
    public void correction(ItemCorrection message) {
        state(message.shipment(), message.item(), message.revision(), message.facility(), message.shippedAt());
    }

    private void state(String shipment, Message.Item item, int revision, String facility, Instant shippedAt) {
        Item known = item(new ItemKey(shipment, item.item()));
        ItemFact fact = new ItemFact(facility, item.identification(), shippedAt, item.quantity(), now);
        known.facts.putIfAbsent(counted(known.facts, revision), fact);
    }

    @Override
    public void acknowledgement(Acknowledgement message) {
        Item known = item(new ItemKey(message.shipment(), message.item()));
        int revision = counted(known.acknowledgements, message.revision());
        AckFact first = known.acknowledgements.get(revision);
        if (first == null || setsSlip(first.message(), message)) {
            known.acknowledgements.put(revision, new AckFact(message, first == null ? now : first.logged()));
        }
    }

    private int counted(SortedMap<Integer, ?> facts, int revision) {
        if (broken(Mutation.REVISION_IGNORED)) {
            return 1;
        }
        boolean newest = broken(Mutation.LAST_ARRIVED_REVISION_COUNTS) && !facts.isEmpty();
        return newest ? facts.lastKey() + (facts.lastKey() % 1_000 == revision ? 0 : 1_000) : revision;
    }

    private boolean setsSlip(Acknowledgement first, Acknowledgement then) {
        return first.transferSlipAt() == null
                && then.transferSlipAt() != null
                && first.revision() == then.revision()
                && first.withdrawn() == then.withdrawn()
                && first.acknowledgedAt().equals(then.acknowledgedAt())
                && first.facility().equals(then.facility())
                && Objects.equals(first.quantity(), then.quantity())
                && !broken(Mutation.SLIP_NEEDS_NEW_REVISION);
    }

    private Item item(ItemKey key) {
        return facts.items.computeIfAbsent(key, absent -> new Item());
    }

    // ---- runs

    private Night night(LocalDate businessDate) {
        return facts.nights.computeIfAbsent(businessDate, absent -> new Night());
    }

    @Override
    public void list(Message.ListStep message) {
        Night night = night(message.businessDate());
        if (night.list == null) {
            Set<Identification> list = new HashSet<>();
            for (Message.ProductKnown product : facts.products.values()) {
                if (product.active()) {
                    list.addAll(product.identifications());
                }
            }
            night.list = list;
        }
    }

    @Override
    public void filter(Message.FilterStep message) {
        Night night = night(message.businessDate());
        Set<Identification> list = night.list;
        if (list == null || night.filtered != null) {
            return;
        }
        List<Row> rows = new ArrayList<>(message.file().rows());
        rows.removeIf(row -> !list.contains(row.identification()) && !broken(Mutation.FILTER_IGNORES_LIST));
        night.filtered = new StockFile(message.file().asOf(), rows);
        night.lines = lines(message.file().asOf());
    }

    private Map<Leg, Long> lines(Instant asOf) {
        Map<Leg, Long> lines = new HashMap<>();
        for (ItemKey key : facts.items.keySet()) {
            for (String facility : facts.facilities) {
                for (String product : facts.products.keySet()) {
                    addLine(lines, key, new Pair(facility, product), asOf);
                }
            }
        }
        return lines;
    }

    private void addLine(Map<Leg, Long> lines, ItemKey key, Pair pair, Instant asOf) {
        ItemFact fact = newestFact(item(key));
        boolean shipped = fact != null && (!fact.shippedAt().isAfter(asOf) || broken(Mutation.LINE_SHIPPED_AFTER_T0));
        long due = shipped ? due(key, pair, asOf, null) : 0;
        if (due != 0) {
            lines.put(new Leg(key, pair), due);
        }
    }

    @Override
    public void reset(Message.ResetStep message) {
        Night night = night(message.businessDate());
        StockFile file = night.filtered;
        if (file == null || night.run != null || night.resetRefused) {
            return;
        }
        if (broken(Mutation.LINES_TAKEN_AT_RESET)) {
            night.lines = lines(file.asOf());
        }
        night.run = apply(message.businessDate().toString(), file, night);
        night.resetRefused = night.run == null;
    }

    @Override
    public void variance(Message.VarianceStep message) {
        Night night = night(message.businessDate());
        Run run = night.run;
        if (run == null) {
            night.varianceDone = broken(Mutation.VARIANCE_BEFORE_RESET);
        } else if (!night.varianceDone && !isDropped(night, run)) {
            night.varianceDone = true;
            night.lines.keySet().forEach(line -> recordWrongly(line, run));
        } else if (night.varianceDone && broken(Mutation.VARIANCE_RECORDED_AGAIN)) {
            night.lines.keySet().forEach(line -> recordAgain(line, run));
        }
    }

    private void recordWrongly(Leg line, Run run) {
        Run base = base(line.pair());
        boolean another = base != null && base != run && isPending(base, line);
        if ((another && broken(Mutation.VARIANCE_OF_ANOTHER_CYCLE))
                || (base != run && broken(Mutation.VARIANCE_ON_UNCOVERED_PAIRS))) {
            long due = due(line.item(), line.pair(), run.file.asOf(), run);
            facts.wrong.merge(line.pair(), due, Long::sum);
        }
    }

    private void recordAgain(Leg line, Run run) {
        if (base(line.pair()) == run) {
            long due = due(line.item(), line.pair(), run.file.asOf(), run);
            facts.wrong.merge(line.pair(), due, Long::sum);
        }
    }

    /** A newer run has taken all the lines that this one had. */
    private boolean isDropped(Night night, Run run) {
        boolean had = false;
        for (Leg line : night.lines.keySet()) {
            if (base(line.pair()) == run) {
                return false;
            }
            had |= run.quantities.containsKey(line.pair());
        }
        return had;
    }

    @Override
    public void feed(Message.Feed message) {
        for (Run run : facts.applied) {
            if (run.file.equals(message.file())) {
                return;
            }
        }
        apply(message.name(), message.file(), null);
    }

    private @Nullable Run apply(String name, StockFile file, @Nullable Night night) {
        Map<Pair, Integer> quantities = quantities(file);
        int newer = 0;
        for (Pair pair : quantities.keySet()) {
            Run base = base(pair);
            newer += base == null || file.asOf().isAfter(base.file.asOf()) ? 1 : 0;
        }
        boolean refused = broken(Mutation.ONE_STALE_ROW_REFUSES_FILE) && newer < quantities.size();
        boolean again = broken(Mutation.CORRECTED_FILE_REFUSED) && facts.undone.contains(file.asOf());
        if (newer == 0 || refused || again) {
            return null;
        }
        Run run = new Run(name, file, quantities, now, night);
        facts.applied.add(run);
        return run;
    }

    private Map<Pair, Integer> quantities(StockFile file) {
        Map<Pair, Integer> quantities = new HashMap<>();
        Set<Pair> refused = new HashSet<>();
        for (Row row : file.rows()) {
            Pair pair = pair(row.facility(), row.identification());
            if (pair == null) {
                continue;
            }
            Integer before = quantities.put(pair, row.quantity());
            if (before != null && isRefused(before, row.quantity())) {
                refused.add(pair);
            }
        }
        quantities.keySet().removeAll(refused);
        zeroMissing(quantities);
        return quantities;
    }

    private boolean isRefused(int before, int now) {
        boolean equal = before == now;
        return equal ? broken(Mutation.DOUBLED_ROW_REFUSED) : !broken(Mutation.UNEQUAL_ROWS_LAST_WINS);
    }

    private void zeroMissing(Map<Pair, Integer> quantities) {
        if (broken(Mutation.MISSING_ROW_IS_ZERO)) {
            for (String facility : facts.facilities) {
                for (String product : facts.products.keySet()) {
                    quantities.putIfAbsent(new Pair(facility, product), 0);
                }
            }
        }
    }

    @Override
    public void undo(Message.Undo message) {
        Run run = null;
        for (Run candidate : facts.applied) {
            run = candidate.name.equals(message.run()) ? candidate : run;
        }
        if (run != null && !broken(Mutation.UNDO_IGNORED)) {
            takeBack(run);
        }
    }

    private void takeBack(Run run) {
        facts.applied.remove(run);
        facts.undone.add(run.file.asOf());
        if (broken(Mutation.UNDO_LOSES_LATER_MOVEMENTS)) {
            facts.movements.values().removeIf(fact -> fact.logged().number() > run.applied.number());
        }
        if (run.night != null) {
            run.night.filtered = null;
            run.night.run = null;
            run.night.lines = new HashMap<>();
            run.night.varianceDone = broken(Mutation.UNDO_KEEPS_VARIANCE_DONE) && run.night.varianceDone;
        }
    }
}
