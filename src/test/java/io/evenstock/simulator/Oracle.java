package io.evenstock.simulator;

import io.evenstock.simulator.Message.Identification;
import io.evenstock.simulator.Message.Row;
import io.evenstock.simulator.Message.StockFile;
import io.evenstock.simulator.Told.Claim;
import io.evenstock.simulator.World.Entry;
import io.evenstock.simulator.World.Photo;
import io.evenstock.simulator.World.Posting;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Says what every figure must be, from the truth: the photo a file was made from tells whether it held what a message
 * speaks of, by the line of Retail Pro's journal and not by comparing instants.
 *
 * <p>All that the OMS has heard of is kept as what happened on the shelves and what Retail Pro booked for it. What
 * remains of it beside a file is <em>what happened less what the file held of it</em>; that is the whole of "every
 * movement must count exactly once". The figures are carried from message to message and never computed anew, except
 * those of a pair that gets another base.
 */
final class Oracle implements Message.Receiver {

    /** The id of an event, "unique within its facility: (facility, eventId), (shipment, item)" (R8). */
    private record Key(String scope, String id) {
        static Key movement(Message.Movement message) {
            return new Key("facility " + message.facility(), message.eventId());
        }

        static Key item(String shipment, String item) {
            return new Key("shipment " + shipment, item);
        }

        @Override
        public String toString() {
            return scope + "/" + id;
        }
    }

    /** What Retail Pro booked for something heard of, as far as the OMS has been told. */
    private record Booking(Entry entry, Posting posting) {}

    /**
     * Something the OMS has heard of.
     *
     * @param shipped the moment of a shipment; absent for a movement, which is no line of a variance file
     * @param told what says so, for the trail
     */
    private record Heard(
            List<Posting> happened,
            List<Booking> booked,
            @Nullable Entry shipped,
            Object told) {
        static final Heard NOTHING = new Heard(List.of(), List.of(), null, "nothing");

        /** What remains of this beside a file made from the photo, in units; without a file all of it. */
        long beside(@Nullable Photo photo, Pair pair) {
            return happenedAt(pair) - (photo == null ? 0 : heldAt(photo, pair));
        }

        private long happenedAt(Pair pair) {
            long units = 0;
            for (Posting posting : happened) {
                units += posting.pair().equals(pair) ? posting.quantity() : 0;
            }
            return units;
        }

        private long heldAt(Photo photo, Pair pair) {
            long units = 0;
            for (Booking booking : booked) {
                boolean counts = booking.posting().pair().equals(pair) && photo.holds(booking.entry());
                units += counts ? booking.posting().quantity() : 0;
            }
            return units;
        }

        Set<Pair> pairs() {
            Set<Pair> pairs = new HashSet<>();
            happened.forEach(posting -> pairs.add(posting.pair()));
            booked.forEach(booking -> pairs.add(booking.posting().pair()));
            return pairs;
        }
    }

    /** All statements about a shipment item, by revision, whether they can take effect yet or not. */
    private static final class ItemFile {
        final TreeMap<Integer, ItemStatement> items = new TreeMap<>();
        final TreeMap<Integer, AckStatement> acknowledgements = new TreeMap<>();
    }

    private record ItemStatement(String facility, Entry shipped, Message.Item item) {}

    private record AckStatement(Message.Acknowledgement message, Claim claim) {}

    /** Put into words only when somebody asks why. */
    private record Said(
            Key key, ItemStatement item, @Nullable AckStatement acknowledgement) {
        @Override
        public String toString() {
            return key + " from " + item.facility() + " x" + item.item().quantity()
                    + (acknowledgement == null
                            ? ", not acknowledged"
                            : ", " + acknowledgement.message().brief());
        }
    }

    /** A variance line: "one line a shipment item, with its reference" (R2); R14 adds one at the other facility. */
    private record VarianceLine(Key item, Pair pair) {}

    /** The steps of a business date. */
    private static final class Cycle {
        @Nullable
        Set<Identification> active;

        @Nullable
        Photo photo;

        List<Row> rows = List.of();
        Set<VarianceLine> lines = Set.of();

        @Nullable
        Run run;

        boolean refused;
        boolean recorded;
        boolean recordedNothing;

        /** R13: "the cycle's filter, reset and variance are PLANNED again"; its list is not. */
        void planAgain() {
            photo = null;
            rows = List.of();
            lines = Set.of();
            run = null;
            recorded = false;
            recordedNothing = false;
        }
    }

    /** A file that was applied or refused as stale, with its good rows by pair. Compared by identity, as a line is. */
    private static final class Run {
        final String name;
        final Photo photo;
        final List<Row> rows;
        final Map<Pair, Integer> quantities;
        final @Nullable Cycle cycle;

        Run(String name, Photo photo, List<Row> rows, Map<Pair, Integer> quantities, @Nullable Cycle cycle) {
            this.name = name;
            this.photo = photo;
            this.rows = rows;
            this.quantities = quantities;
            this.cycle = cycle;
        }
    }

    /** A row of an applied run. */
    private static final class Line {
        final Run run;
        final int quantity;
        final boolean skipped;

        Line(Run run, int quantity, boolean skipped) {
            this.run = run;
            this.quantity = quantity;
            this.skipped = skipped;
        }

        Instant asOf() {
            return run.photo.asOf();
        }
    }

    /** The running figure of a pair. */
    private static final class Shelf {
        /** In the order in which they were applied. */
        final List<Line> lines = new ArrayList<>();

        final Map<Key, Heard> heard = new LinkedHashMap<>();

        @Nullable
        Line base;

        long onHand;
        long withheld;

        @Nullable
        Photo photo() {
            return base == null ? null : base.run.photo;
        }

        /** "its line with the greatest as-of among the applied runs"; of two equal ones the later is not newer (R10). */
        @Nullable
        Line newest(@Nullable Run without) {
            Line newest = null;
            for (Line line : lines) {
                boolean newer = newest == null || line.asOf().isAfter(newest.asOf());
                newest = newer && line.run != without ? line : newest;
            }
            return newest;
        }
    }

    private final Set<String> facilities = new TreeSet<>();
    private final Map<String, Message.ProductKnown> products = new TreeMap<>();
    private final Map<Identification, String> names = new HashMap<>();
    private final Map<Key, Told> movements = new LinkedHashMap<>();
    private final Map<Key, ItemFile> items = new LinkedHashMap<>();
    private final Map<Key, Heard> heard = new LinkedHashMap<>();
    private final Map<Pair, Shelf> shelves = new TreeMap<>();
    private final Map<LocalDate, Cycle> cycles = new TreeMap<>();
    private final Map<String, Run> applied = new LinkedHashMap<>();
    private final List<Run> undone = new ArrayList<>();
    private final List<Run> stale = new ArrayList<>();
    private Told now = new Told(Instant.EPOCH, new Message.Undo("nothing"), Claim.NONE);

    /** Takes a message; every figure is then what it must be. */
    void hear(Told told) {
        now = told;
        if (!told.claim().future()) {
            told.message().tell(this);
        }
    }

    /** The figures of all pairs whose product and facility are known. */
    Map<Pair, Figure> figures() {
        Map<Pair, Figure> figures = new TreeMap<>();
        for (String facility : facilities) {
            products.forEach((product, known) ->
                    figures.put(new Pair(facility, product), figure(new Pair(facility, product), known)));
        }
        return figures;
    }

    private Figure figure(Pair pair, Message.ProductKnown product) {
        Shelf shelf = shelf(pair);
        return Figure.of(shelf.onHand, shelf.withheld, product.safetyStock());
    }

    // ---- the catalog

    @Override
    public void facility(Message.FacilityKnown message) {
        if (facilities.add(message.facility())) {
            release();
        }
    }

    @Override
    public void product(Message.ProductKnown message) {
        products.put(message.product(), message);
        message.identifications().forEach(identification -> names.put(identification, message.product()));
        release();
    }

    /**
     * R11: what is in quarantine "takes effect, at its own time, as soon as the product or facility is known": its
     * claim was written down when it was heard, and the photo of the base decides as for any other.
     */
    private void release() {
        movements.forEach((key, told) -> hear(key, read(told)));
        items.forEach((key, file) -> hear(key, read(key, file)));
    }

    private @Nullable Pair pair(String facility, Identification identification) {
        String product = names.get(identification);
        return product == null || !facilities.contains(facility) ? null : new Pair(facility, product);
    }

    // ---- what the OMS hears of

    /** R8: "A repeat changes nothing", "the same id with other content is refused": the first counts. */
    @Override
    public void movement(Message.Movement message) {
        Key key = Key.movement(message);
        if (movements.putIfAbsent(key, now) == null) {
            hear(key, read(now));
        }
    }

    /** A movement moved the shelf once and was booked once. R9: whatever the figure becomes. */
    private Heard read(Told told) {
        Message.Movement message = (Message.Movement) told.message();
        Pair pair = pair(message.facility(), message.identification());
        if (pair == null) {
            return Heard.NOTHING;
        }
        Posting posting = new Posting(pair, message.delta());
        Booking booking = new Booking(told.claim().entryThatIs(), posting);
        return new Heard(List.of(posting), List.of(booking), null, told);
    }

    @Override
    public void shipment(Message.Shipment message) {
        for (Message.Item item : message.items()) {
            state(message.shipment(), 1, new ItemStatement(message.facility(), shipped(), item));
        }
    }

    @Override
    public void correction(Message.ItemCorrection message) {
        state(message.shipment(), message.revision(), new ItemStatement(message.facility(), shipped(), message.item()));
    }

    private Entry shipped() {
        return now.claim().entryThatIs();
    }

    private void state(String shipment, int revision, ItemStatement statement) {
        Key key = Key.item(shipment, statement.item().item());
        ItemFile file = items.computeIfAbsent(key, absent -> new ItemFile());
        file.items.putIfAbsent(revision, statement);
        hear(key, read(key, file));
    }

    /** R7: "It may also arrive before its shipment": then it is kept and nothing is heard of the item yet. */
    @Override
    public void acknowledgement(Message.Acknowledgement message) {
        Key key = Key.item(message.shipment(), message.item());
        ItemFile file = items.computeIfAbsent(key, absent -> new ItemFile());
        AckStatement statement = new AckStatement(message, now.claim());
        file.acknowledgements.merge(message.revision(), statement, Oracle::setSlipOnce);
        hear(key, read(key, file));
    }

    /** R14: "transferSlipAt may be set once, later"; anything else of the same revision is a repeat or refused. */
    private static AckStatement setSlipOnce(AckStatement first, AckStatement then) {
        boolean sets =
                first.message().transferSlipAt() == null && withoutSlip(then).equals(withoutSlip(first));
        return sets ? then : first;
    }

    private static Message.Acknowledgement withoutSlip(AckStatement statement) {
        Message.Acknowledgement said = statement.message();
        return new Message.Acknowledgement(
                said.shipment(),
                said.item(),
                said.revision(),
                said.acknowledgedAt(),
                said.facility(),
                null,
                said.quantity(),
                said.withdrawn());
    }

    /**
     * R15: "the newest counts", of those that R11 lets take effect. A shipped item left the shelf of M, whatever its
     * shippedAt (R6), and is in the books as the newest acknowledgement says.
     */
    private Heard read(Key key, ItemFile file) {
        ItemStatement item = newestItem(file);
        Pair from = item == null ? null : pair(item.facility(), item.item().identification());
        if (item == null || from == null) {
            return Heard.NOTHING;
        }
        AckStatement said = newestAcknowledgement(file);
        List<Posting> left = List.of(new Posting(from, -item.item().quantity()));
        List<Booking> booked =
                said == null ? List.of() : booked(from, item.item().quantity(), said);
        return new Heard(left, booked, item.shipped(), new Said(key, item, said));
    }

    private @Nullable ItemStatement newestItem(ItemFile file) {
        for (ItemStatement item : file.items.descendingMap().values()) {
            if (pair(item.facility(), item.item().identification()) != null) {
                return item;
            }
        }
        return null;
    }

    private @Nullable AckStatement newestAcknowledgement(ItemFile file) {
        for (AckStatement said : file.acknowledgements.descendingMap().values()) {
            if (facilities.contains(said.message().facility())) {
                return said.message().withdrawn() ? null : said;
            }
        }
        return null;
    }

    /**
     * Without R14 the books take the quantity from M at the acknowledgement. With it they take it from L, and "until
     * the transfer slip is posted, its figure at M still contains q and its figure at L lacks q": the slip moves it.
     */
    private static List<Booking> booked(Pair from, int shipped, AckStatement said) {
        int quantity = Objects.requireNonNullElse(said.message().quantity(), shipped);
        Pair invoiced = new Pair(said.message().facility(), from.product());
        Entry slip = said.claim().slip();
        List<Booking> booked = new ArrayList<>();
        booked.add(new Booking(said.claim().entryThatIs(), new Posting(invoiced, -quantity)));
        if (slip != null && !invoiced.equals(from)) {
            booked.add(new Booking(slip, new Posting(invoiced, quantity)));
            booked.add(new Booking(slip, new Posting(from, -quantity)));
        }
        return booked;
    }

    /** Takes out of the figures what was heard before under this key and puts in what is heard now. */
    private void hear(Key key, Heard what) {
        Heard before = heard.getOrDefault(key, Heard.NOTHING);
        if (before.equals(what)) {
            return;
        }
        before.pairs().forEach(pair -> count(shelf(pair), pair, key, before, -1));
        before.pairs().forEach(pair -> shelf(pair).heard.remove(key));
        what.pairs().forEach(pair -> shelf(pair).heard.put(key, what));
        what.pairs().forEach(pair -> count(shelf(pair), pair, key, what, 1));
        heard.put(key, what);
    }

    /**
     * R1 leaves pending lines out of QOH; R4 withholds them, "negative lines only". All else that the file does not
     * hold counts: R5 "kept with effect 0 ...: the snapshot held it", R6 "deducted at once", R7 "gives the deducted
     * quantity back, once (a pending line simply ends)".
     */
    private void count(Shelf shelf, Pair pair, Key key, Heard what, int sign) {
        long beside = what.beside(shelf.photo(), pair);
        if (pending(shelf, new VarianceLine(key, pair))) {
            shelf.withheld += sign * Math.max(0, -beside);
        } else {
            shelf.onHand += sign * beside;
        }
    }

    /** R3: "pending exactly while the run of its cycle is the pair's base and the cycle's variance is neither DONE". */
    private static boolean pending(Shelf shelf, VarianceLine line) {
        Cycle cycle = shelf.base == null ? null : shelf.base.run.cycle;
        return cycle != null && !cycle.recorded && cycle.lines.contains(line);
    }

    private Shelf shelf(Pair pair) {
        return shelves.computeIfAbsent(pair, absent -> new Shelf());
    }

    // ---- the night

    @Override
    public void list(Message.ListStep message) {
        Cycle cycle = cycle(message.businessDate());
        if (cycle.active != null) {
            return;
        }
        Set<Identification> active = new HashSet<>();
        products.values().stream()
                .filter(Message.ProductKnown::active)
                .forEach(product -> active.addAll(product.identifications()));
        cycle.active = active;
    }

    /** "keeps the rows of active products ...; at the same time writes the inventory variance file". */
    @Override
    public void filter(Message.FilterStep message) {
        Cycle cycle = cycle(message.businessDate());
        if (cycle.active != null && cycle.photo == null) {
            cycle.rows = kept(cycle.active, message.file());
            cycle.photo = now.claim().photoThatIs();
            cycle.lines = lines(cycle.photo);
        }
    }

    private static List<Row> kept(Set<Identification> active, StockFile file) {
        return file.rows().stream()
                .filter(row -> active.contains(row.identification()))
                .toList();
    }

    /** R2: what the OMS has heard of by now, "with shippedAt ≤ T0", and the file does not hold. R14: "both lines". */
    private Set<VarianceLine> lines(Photo photo) {
        Set<VarianceLine> lines = new HashSet<>();
        heard.forEach((key, what) -> {
            if (what.shipped() != null && photo.holds(what.shipped())) {
                what.pairs().stream()
                        .filter(pair -> what.beside(photo, pair) != 0)
                        .forEach(pair -> lines.add(new VarianceLine(key, pair)));
            }
        });
        return lines;
    }

    /** "each waiting for its predecessor's success"; "A cycle whose reset failed or was refused records nothing". */
    @Override
    public void reset(Message.ResetStep message) {
        Cycle cycle = cycle(message.businessDate());
        if (cycle.photo == null || cycle.run != null || cycle.refused) {
            return;
        }
        String name = message.businessDate().toString();
        Run run = new Run(name, cycle.photo, cycle.rows, good(cycle.rows), cycle);
        if (anyNewer(run)) {
            cycle.run = run;
            apply(run);
        } else {
            cycle.refused = true;
            stale.add(run);
        }
    }

    /**
     * R3: "QOH −= Σ lines, each once, only for pairs that the run of the same cycle covers, once the reset is DONE;
     * the hour in between is the schedule, not a condition".
     */
    @Override
    public void variance(Message.VarianceStep message) {
        Cycle cycle = cycle(message.businessDate());
        if (cycle.run == null || cycle.recorded || dropped(cycle)) {
            return;
        }
        cycle.recordedNothing = !cycle.lines.isEmpty() && !withholdsAnything(cycle);
        for (VarianceLine line : cycle.lines) {
            Shelf shelf = shelf(line.pair());
            Heard what = shelf.heard.get(line.item());
            if (what != null && covers(cycle, line.pair())) {
                long beside = what.beside(shelf.photo(), line.pair());
                shelf.withheld -= Math.max(0, -beside);
                shelf.onHand += beside;
            }
        }
        cycle.recorded = true;
    }

    /** R3: "a cycle is dropped when a newer run leaves it no line". */
    private boolean dropped(Cycle cycle) {
        List<VarianceLine> had = cycle.lines.stream()
                .filter(line -> shelf(line.pair()).lines.stream().anyMatch(row -> row.run == cycle.run))
                .toList();
        return !had.isEmpty() && had.stream().noneMatch(line -> covers(cycle, line.pair()));
    }

    /** Whether a line is pending that an acknowledgement or a cancellation has not ended meanwhile. */
    private boolean withholdsAnything(Cycle cycle) {
        return cycle.lines.stream().anyMatch(line -> {
            Shelf shelf = shelf(line.pair());
            Heard what = shelf.heard.getOrDefault(line.item(), Heard.NOTHING);
            return covers(cycle, line.pair()) && what.beside(shelf.photo(), line.pair()) != 0;
        });
    }

    private boolean covers(Cycle cycle, Pair pair) {
        Line base = shelf(pair).base;
        return base != null && base.run == cycle.run;
    }

    private Cycle cycle(LocalDate businessDate) {
        return cycles.computeIfAbsent(businessDate, absent -> new Cycle());
    }

    // ---- runs

    @Override
    public void feed(Message.Feed message) {
        Photo photo = now.claim().photoThatIs();
        List<Row> rows = message.file().rows();
        if (isSameAs(applied.values(), photo, rows)) {
            return;
        }
        Run run = new Run(message.name(), photo, rows, good(rows), null);
        if (anyNewer(run)) {
            apply(run);
        } else {
            stale.add(run);
        }
    }

    /** R10: "Two runs are the same if SHA-256 and as-of are equal". */
    private static boolean isSameAs(Collection<Run> runs, Photo photo, List<Row> rows) {
        return runs.stream().anyMatch(run -> run.photo.asOf().equals(photo.asOf()) && run.rows.equals(rows));
    }

    /** R11: an unknown pair is a reject; of two rows for a pair "equal quantities count once, unequal ones refuse". */
    private Map<Pair, Integer> good(List<Row> rows) {
        Map<Pair, Integer> good = new TreeMap<>();
        Set<Pair> refused = new HashSet<>();
        for (Row row : rows) {
            Pair pair = pair(row.facility(), row.identification());
            Integer before = pair == null ? null : good.putIfAbsent(pair, row.quantity());
            if (pair != null && before != null && before != row.quantity()) {
                refused.add(pair);
            }
        }
        good.keySet().removeAll(refused);
        return good;
    }

    /** R10: "A file none of whose rows is newer is stale", and a file without a good row applies nothing. */
    private boolean anyNewer(Run run) {
        return run.quantities.keySet().stream().anyMatch(pair -> newer(run, shelf(pair).base));
    }

    private static boolean newer(Run run, @Nullable Line base) {
        return base == null || run.photo.asOf().isAfter(base.asOf());
    }

    /** R10: "a row not newer than the pair's base is skipped and counted, the rest of its file applies". */
    private void apply(Run run) {
        applied.put(run.name, run);
        run.quantities.forEach((pair, quantity) -> {
            Shelf shelf = shelf(pair);
            shelf.lines.add(new Line(run, quantity, !newer(run, shelf.base)));
            rebase(pair, shelf);
        });
    }

    /** R13: "the figures are again what they would be without it, and movements since then stay". */
    @Override
    public void undo(Message.Undo message) {
        Run run = applied.remove(message.run());
        if (run == null) {
            return;
        }
        undone.add(run);
        shelves.values().forEach(shelf -> shelf.lines.removeIf(line -> line.run == run));
        shelves.forEach(this::rebase);
        if (run.cycle != null) {
            run.cycle.planAgain();
        }
    }

    /** A pair with another base starts from that file's quantity; what the file did not hold is put beside it. */
    private void rebase(Pair pair, Shelf shelf) {
        Line newest = shelf.newest(null);
        if (newest == shelf.base) {
            return;
        }
        shelf.base = newest;
        shelf.onHand = newest == null ? 0 : newest.quantity;
        shelf.withheld = 0;
        shelf.heard.forEach((key, what) -> count(shelf, pair, key, what, 1));
    }

    // ---- what the history asks for while it is made

    boolean isApplied(String run) {
        return applied.containsKey(run);
    }

    /** Whether the reset of that date was refused: what may follow then for the date, domain.md does not say. */
    boolean isRefused(LocalDate businessDate) {
        return cycle(businessDate).refused;
    }

    /** Whether a file that was taken back comes again unchanged: whether it may, domain.md does not say. */
    boolean wasUndone(Message message) {
        if (message instanceof Message.FilterStep step) {
            Set<Identification> active = cycle(step.businessDate()).active;
            return active != null && wasUndone(step.file().asOf(), kept(active, step.file()));
        }
        return message instanceof Message.Feed feed
                && wasUndone(feed.file().asOf(), feed.file().rows());
    }

    private boolean wasUndone(Instant asOf, List<Row> rows) {
        return isSameAs(undone, new Photo(asOf, 0), rows);
    }

    /** What is open about the outcome of taking this applied run back. */
    Set<Disputed> disputes(String name) {
        Set<Disputed> disputes = EnumSet.noneOf(Disputed.class);
        Run run = Objects.requireNonNull(applied.get(name));
        shelves.forEach((pair, shelf) -> {
            if (shelf.base != null && shelf.base.run == run) {
                disputes.addAll(disputes(pair, shelf.newest(run)));
            }
        });
        return disputes;
    }

    private Set<Disputed> disputes(Pair pair, @Nullable Line next) {
        Set<Disputed> disputes = EnumSet.noneOf(Disputed.class);
        if (next != null && next.skipped) {
            disputes.add(Disputed.SKIPPED_ROW_RETURNS);
        }
        if (stale.stream().anyMatch(run -> run.quantities.containsKey(pair) && newer(run, next))) {
            disputes.add(Disputed.STALE_FILE_STAYS_OUT);
        }
        Cycle cycle = next == null ? null : next.run.cycle;
        if (cycle != null && (cycle.recorded ? cycle.recordedNothing : !withholdsAnything(cycle))) {
            disputes.add(Disputed.DROPPED_VARIANCE_RETURNS);
        }
        return disputes;
    }

    // ---- the truth, and the trail

    /**
     * What QOH must be in the end, when all has been heard and no line is pending: what lies on the shelf, less what
     * nobody could tell the OMS, and as wrong as the file itself was.
     */
    long truth(World world, Pair pair) {
        Line base = shelf(pair).base;
        Photo photo = shelf(pair).photo();
        long fault = base == null ? 0 : base.quantity - world.held(photo, pair);
        return world.shelf(pair) - world.unknowable(photo, pair) + fault;
    }

    /** QOH with the pending lines recorded. */
    long settled(Pair pair) {
        Shelf shelf = shelf(pair);
        return shelf.onHand
                + shelf.heard.entrySet().stream()
                        .filter(entry -> pending(shelf, new VarianceLine(entry.getKey(), pair)))
                        .mapToLong(entry -> entry.getValue().beside(shelf.photo(), pair))
                        .sum();
    }

    /** Why the figure of a pair must be what it is: its file, and what remains beside it. */
    String trail(Pair pair) {
        Shelf shelf = shelf(pair);
        Line base = shelf.base;
        String file = base == null
                ? "  no base"
                : "  base " + base.quantity + " of " + base.run.name + " as of " + base.asOf();
        Stream<String> terms = shelf.heard.entrySet().stream().map(entry -> term(pair, shelf, entry));
        return Stream.concat(Stream.of(file), terms).reduce("", (text, line) -> text + line + "\n");
    }

    private static String term(Pair pair, Shelf shelf, Map.Entry<Key, Heard> entry) {
        Heard what = entry.getValue();
        long beside = what.beside(shelf.photo(), pair);
        boolean pending = pending(shelf, new VarianceLine(entry.getKey(), pair));
        return "  %+d %s(%+d happened) %s"
                .formatted(beside, pending ? "PENDING " : "", what.happenedAt(pair), what.told());
    }
}
