package io.evenstock.simulator;

import io.evenstock.simulator.Message.Acknowledgement;
import io.evenstock.simulator.Message.Identification;
import io.evenstock.simulator.Message.Item;
import io.evenstock.simulator.Message.Row;
import io.evenstock.simulator.Message.StockFile;
import io.evenstock.simulator.Told.Claim;
import io.evenstock.simulator.World.Entry;
import io.evenstock.simulator.World.Photo;
import io.evenstock.simulator.World.Posting;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Makes a world and what the OMS is told of it, all from one seed. */
final class HistoryGenerator {

    private static final int MAX_RUNS = 7;
    private static final List<String> STORES = List.of("001-101", "002-101", "001-102", "002-102");

    /** A product as it really is; the OMS may get to know it late, in part or never. */
    private record Article(String product, List<Identification> names, boolean active, int safetyStock) {
        List<Identification> upcs() {
            return names.stream().filter(name -> name.type().equals("UPCA")).toList();
        }

        Message.ProductKnown known(List<Identification> told, boolean tellActive, int tellSafetyStock) {
            return new Message.ProductKnown(product, told, tellActive, tellSafetyStock);
        }

        Message.ProductKnown known() {
            return known(names, active, safetyStock);
        }
    }

    /** A shipment item as it really is: nothing when cancelled. */
    private record Shipped(String shipment, String from, Instant at, Item item, Article article, int told, int really) {
        /** No acknowledgement ever speaks of more than the least that was said of the item. */
        int least() {
            return Math.min(told, really);
        }
    }

    private final long seed;
    private final History.Options options;
    private final SplittableRandom random;
    private final World world = new World();
    private final List<String> stores;
    private final List<Article> articles = new ArrayList<>();
    private final List<Told> told = new ArrayList<>();
    private final List<Instant> asOfs = new ArrayList<>();
    private final List<Instant> nights = new ArrayList<>();
    private final Instant end;
    private final int[] events;
    private int shipments;
    private int runs;

    HistoryGenerator(long seed, History.Options options) {
        this.seed = seed;
        this.options = options;
        random = new SplittableRandom(seed);
        stores = STORES.subList(0, between(2, STORES.size()));
        events = new int[stores.size()];
        int days = between(1, 4);
        end = options.start().plus(Duration.ofHours(24L * days + 14));
        makeArticles();
        chooseMoments(days);
        tellCatalog();
        live();
        world.close();
        tellNights();
        tellFeeds();
        told.sort(Comparator.comparing(Told::recordedAt));
    }

    World world() {
        return world;
    }

    History history() {
        List<History.Step> steps = new ArrayList<>();
        Oracle oracle = new Oracle();
        delivered(oracle, steps::add);
        History.Step last = steps.remove(steps.size() - 1);
        steps.add(new History.Step(last.recordedAt(), last.message(), oracle.figures()));
        return new History(seed, options, steps);
    }

    Oracle oracleAfter(int steps) {
        List<Told> all = delivered(new Oracle(), step -> {});
        Oracle oracle = new Oracle();
        all.subList(0, steps).forEach(oracle::hear);
        return oracle;
    }

    Oracle oracleInTheEnd() {
        Oracle oracle = new Oracle();
        delivered(oracle, step -> {});
        return oracle;
    }

    /** What is delivered of what has been prepared: without undos of nothing and what nobody has decided yet. */
    private List<Told> delivered(Oracle oracle, Consumer<History.Step> steps) {
        SplittableRandom comparisons = new SplittableRandom(seed ^ 0x5DEECE66DL);
        List<Told> delivered = new ArrayList<>();
        for (Told next : told) {
            if (isDecided(oracle, next.message())) {
                oracle.hear(next);
                delivered.add(next);
                boolean compared = isTurningPoint(next.message()) || comparisons.nextInt(3) == 0;
                Map<Pair, Figure> expected = compared ? oracle.figures() : Map.of();
                steps.accept(new History.Step(next.recordedAt(), next.message(), expected));
            }
        }
        return delivered;
    }

    private boolean isDecided(Oracle oracle, Message message) {
        if (message instanceof Message.Undo undo) {
            return oracle.isApplied(undo.run()) && options.disputed().containsAll(oracle.disputes(undo.run()));
        }
        if (message instanceof Message.ResetStep reset) {
            return !oracle.isRefused(reset.businessDate());
        }
        if (message instanceof Message.FilterStep filter && oracle.isRefused(filter.businessDate())) {
            return false;
        }
        return !oracle.wasUndone(message);
    }

    private static boolean isTurningPoint(Message message) {
        return message instanceof Message.ResetStep
                || message instanceof Message.VarianceStep
                || message instanceof Message.Feed
                || message instanceof Message.Undo
                || message instanceof Message.FacilityKnown
                || message instanceof Message.ProductKnown;
    }

    // ---- chance

    /** Both ends included. */
    private int between(int least, int most) {
        return random.nextInt(least, most + 1);
    }

    private boolean chance(double probability) {
        return random.nextDouble() < probability;
    }

    private <T> T any(List<T> list) {
        return list.get(random.nextInt(list.size()));
    }

    /** A moment between two; often that of a file, or the second before or after it. */
    private Instant moment(Instant earliest, Instant latest) {
        Instant boundary = any(asOfs).plusSeconds(chance(0.7) ? 0 : between(-1, 1));
        boolean fits = !boundary.isBefore(earliest) && !boundary.isAfter(latest);
        if (fits && chance(0.25)) {
            return boundary;
        }
        long seconds = Math.max(0, Duration.between(earliest, latest).toSeconds());
        return earliest.plusSeconds(random.nextLong(seconds + 1));
    }

    private Instant moment() {
        return moment(options.start(), end);
    }

    private Instant after(Instant earliest, int hours) {
        return moment(earliest, earliest.plus(Duration.ofHours(hours)));
    }

    /** Mostly at once, sometimes minutes or hours late, rarely days: messages overtake each other. */
    private Instant late(Instant sent) {
        int kind = between(1, 100);
        int seconds = kind <= 50 ? 30 : kind <= 70 ? 3_600 : kind <= 93 ? 12 * 3_600 : 60 * 3_600;
        return sent.plusSeconds(between(0, seconds));
    }

    // ---- delivery

    private void tell(Instant at, Message message, Claim claim) {
        told.add(new Told(at, message, claim));
    }

    /** Tells late, perhaps again, and answers when it was told first. */
    private Instant tellWithFaults(Instant sent, Message message, Claim claim) {
        Instant first = late(sent);
        tell(first, message, claim);
        while (chance(0.15)) {
            tell(late(first.plusSeconds(1)), message, claim);
        }
        return first;
    }

    // ---- catalog

    /** Leading zeros and types matter: a value may name two products, one by each type, or lack a zero. */
    private void makeArticles() {
        int count = between(2, 5);
        for (int number = 1; number <= count; number++) {
            List<Identification> names = new ArrayList<>();
            names.add(new Identification("UPCA", (number % 2 == 1 ? "0" : "") + "4711" + (number + 1) / 2));
            if (chance(0.5)) {
                names.add(new Identification("UPCA", "99000" + number));
            }
            names.add(new Identification("SKU", number % 2 == 1 ? "S-" + number : "04711" + number / 2));
            if (chance(0.3)) {
                names.add(new Identification("ERP_ID", "7" + number));
            }
            articles.add(new Article("P" + number, names, chance(0.85), chance(0.4) ? between(1, 3) : 0));
        }
    }

    private void tellCatalog() {
        Instant before = options.start().minusSeconds(3_600);
        for (String store : stores) {
            tell(chance(0.15) ? moment() : before, new Message.FacilityKnown(store), Claim.NONE);
        }
        for (Article article : articles) {
            tellArticle(article, before);
        }
    }

    private void tellArticle(Article article, Instant before) {
        int kind = between(1, 100);
        if (kind <= 3) {
            return;
        }
        Instant first = kind <= 18 ? moment() : before;
        if (chance(0.15)) {
            tell(first, article.known(article.names().subList(0, 1), chance(0.7), between(0, 2)), Claim.NONE);
            first = moment(first, end);
        }
        tell(first, article.known(), Claim.NONE);
    }

    // ---- what happens

    /** The moments of the files come first, so that other things can happen at the very same moments. */
    private void chooseMoments(int days) {
        for (int day = 1; day <= days; day++) {
            Instant midnight = options.start().plus(Duration.ofDays(day));
            Instant asOf = midnight.plusSeconds(between(0, 85 * 60));
            boolean yesterdays = chance(0.06);
            nights.add(yesterdays ? asOf.minus(Duration.ofHours(22)) : asOf);
        }
        asOfs.addAll(nights);
        int feeds = between(0, 3);
        for (int feed = 0; feed < feeds; feed++) {
            asOfs.add(moment());
        }
    }

    private void live() {
        for (String store : stores) {
            for (Article article : articles) {
                Posting opening = new Posting(new Pair(store, article.product()), between(0, 20));
                world.keepQuiet(options.start().minus(Duration.ofDays(9)), opening);
            }
        }
        int count = between(5, 60);
        for (int event = 0; event < count; event++) {
            int kind = between(1, 100);
            if (kind <= 50) {
                move();
            } else if (kind <= 75) {
                ship();
            } else if (kind <= 90) {
                receive();
            } else {
                transfer();
            }
        }
    }

    private void receive() {
        world.keepQuiet(
                moment(), new Posting(new Pair(any(stores), any(articles).product()), between(1, 12)));
    }

    private void transfer() {
        String product = any(articles).product();
        int quantity = between(1, 5);
        Instant out = moment();
        world.keepQuiet(out, new Posting(new Pair(any(stores), product), -quantity));
        world.keepQuiet(after(out, 30), new Posting(new Pair(any(stores), product), quantity));
    }

    private void move() {
        int store = random.nextInt(stores.size());
        Article article = any(articles);
        String reason = any(List.of("POS_SALE", "POS_SALE", "POS_SALE", "RTN_ITM_RCPT", "VAR_MANUAL"));
        int delta = switch (reason) {
            case "POS_SALE" -> -between(1, 3);
            case "RTN_ITM_RCPT" -> between(1, 2);
            default -> chance(0.5) ? between(1, 4) : -between(1, 4);
        };
        Posting posting = new Posting(new Pair(stores.get(store), article.product()), delta);
        Instant occurredAt = moment();
        boolean offline = chance(0.25);
        Instant bookedAt = offline ? after(occurredAt, 20) : occurredAt;
        world.happen(posting);
        Entry entry = world.book(bookedAt, posting);
        // The same event ids in every facility: they are unique within one only (R8).
        String eventId = "e" + ++events[store];
        if (options.ownClock() && !offline && chance(0.2)) {
            tellWithoutTimes(posting, any(article.names()), reason, eventId, occurredAt);
        } else {
            Message.Movement message = new Message.Movement(
                    stores.get(store),
                    any(article.names()),
                    delta,
                    reason,
                    eventId,
                    !offline && chance(0.1) ? null : occurredAt,
                    offline || chance(0.1) ? bookedAt : null);
            tellMovement(withATime(message, bookedAt), bookedAt, entry);
        }
    }

    /** Without occurredAt the message has bookedAt instead. */
    private static Message.Movement withATime(Message.Movement message, Instant bookedAt) {
        return message.occurredAt() != null || message.bookedAt() != null
                ? message
                : new Message.Movement(
                        message.facility(),
                        message.identification(),
                        message.delta(),
                        message.reason(),
                        message.eventId(),
                        null,
                        bookedAt);
    }

    /** R1: booked "by default the time of receipt", which is what the OMS must believe, true or not. */
    private void tellWithoutTimes(
            Posting posting, Identification name, String reason, String eventId, Instant occurredAt) {
        Message.Movement message =
                new Message.Movement(posting.pair().facility(), name, posting.quantity(), reason, eventId, null, null);
        Instant received = late(occurredAt);
        Claim claim = Claim.of(world.claim(received));
        tell(received, message, claim);
        while (chance(0.3)) {
            tell(late(received.plusSeconds(1)), message, claim);
        }
    }

    private void tellMovement(Message.Movement message, Instant bookedAt, Entry entry) {
        Instant sent = message.occurredAt() == null || bookedAt.isAfter(message.occurredAt())
                ? bookedAt
                : message.occurredAt();
        if (options.ownClock() && chance(0.04)) {
            tell(late(sent).minusSeconds(1), inFourDays(message, sent), Claim.FUTURE);
        }
        Instant first = tellWithFaults(sent, message, Claim.of(entry));
        if (chance(0.06)) {
            Message.Movement other = new Message.Movement(
                    message.facility(),
                    message.identification(),
                    message.delta() - 1,
                    message.reason(),
                    message.eventId(),
                    message.occurredAt(),
                    message.bookedAt());
            tell(late(first.plusSeconds(1)), other, Claim.of(entry));
        }
    }

    /** Later than any delay of a message: in the future whenever it comes. */
    private static Message.Movement inFourDays(Message.Movement message, Instant sent) {
        return new Message.Movement(
                message.facility(),
                message.identification(),
                message.delta(),
                message.reason(),
                message.eventId(),
                message.occurredAt(),
                sent.plus(Duration.ofDays(4)));
    }

    // ---- shipments

    private void ship() {
        String shipment = "S" + ++shipments;
        String from = any(stores);
        Instant at = moment();
        Entry shippedAt = world.claim(at);
        List<Item> items = new ArrayList<>();
        List<Shipped> shipped = new ArrayList<>();
        int count = chance(0.7) ? 1 : between(2, 3);
        for (int number = 1; number <= count; number++) {
            Article article = any(articles);
            int quantity = between(1, 4);
            Item item = new Item("0000" + number, any(article.names()), quantity);
            items.add(item);
            shipped.add(new Shipped(shipment, from, at, item, article, quantity, really(quantity)));
        }
        tellShipment(new Message.Shipment(shipment, from, at, items), shippedAt);
        for (Shipped item : shipped) {
            world.happen(new Posting(new Pair(from, item.article().product()), -item.really()));
            correct(item, shippedAt);
            acknowledge(item);
        }
    }

    /** R15: an item may have been cancelled or miscounted. */
    private int really(int told) {
        return chance(0.08) ? 0 : chance(0.1) ? between(1, 5) : told;
    }

    private void tellShipment(Message.Shipment message, Entry shippedAt) {
        Claim claim = Claim.of(shippedAt);
        List<Item> items = message.items();
        Instant first;
        if (items.size() > 1 && chance(0.2)) {
            first = tellWithFaults(message.shippedAt(), with(message, items.subList(0, 1)), claim);
            tellWithFaults(message.shippedAt(), with(message, items.subList(1, items.size())), claim);
        } else {
            first = tellWithFaults(message.shippedAt(), message, claim);
        }
        if (chance(0.06)) {
            Item one = items.get(0);
            Item other = new Item(one.item(), one.identification(), one.quantity() + 1);
            tell(late(first.plusSeconds(1)), with(message, List.of(other)), claim);
        }
    }

    private static Message.Shipment with(Message.Shipment message, List<Item> items) {
        return new Message.Shipment(message.shipment(), message.facility(), message.shippedAt(), items);
    }

    private void correct(Shipped shipped, Entry shippedAt) {
        if (shipped.really() == shipped.told()) {
            return;
        }
        int revision = 2;
        Instant at = after(shipped.at(), 20);
        if (shipped.told() < shipped.really() && chance(0.3)) {
            tellWithFaults(at, correction(shipped, revision++, shipped.really() + 1), Claim.of(shippedAt));
            at = after(at, 20);
        }
        tellWithFaults(at, correction(shipped, revision, shipped.really()), Claim.of(shippedAt));
    }

    private static Message.ItemCorrection correction(Shipped shipped, int revision, int quantity) {
        Item item = new Item(shipped.item().item(), shipped.item().identification(), quantity);
        return new Message.ItemCorrection(
                shipped.shipment(), shipped.from(), shipped.at(), item, revision, quantity == 0);
    }

    /** A cancelled item is never acknowledged; of the others most are, "late, twice and out of order". */
    private void acknowledge(Shipped shipped) {
        if (shipped.really() == 0 || chance(0.2)) {
            return;
        }
        int quantity = shipped.least() > 1 && chance(0.2) ? between(1, shipped.least() - 1) : shipped.really();
        boolean all = quantity == shipped.really();
        String invoiced = chance(0.3) ? any(stores) : shipped.from();
        Instant at = after(shipped.at(), 40);
        Acknowledgement truth = new Acknowledgement(
                shipped.shipment(),
                shipped.item().item(),
                1,
                at,
                invoiced,
                null,
                all && (quantity > shipped.least() || chance(0.7)) ? null : quantity,
                false);
        Pair paid = new Pair(invoiced, shipped.article().product());
        Entry entry = world.book(at, new Posting(paid, -quantity));
        int revision = chance(0.2) ? lie(shipped, truth) : 1;
        Instant sent = revision == 1 ? at : after(at, 10);
        tellAcknowledgement(shipped, truth, quantity, entry, revision, sent);
    }

    private void tellAcknowledgement(
            Shipped shipped, Acknowledgement truth, int quantity, Entry entry, int revision, Instant sent) {
        boolean moves = !truth.facility().equals(shipped.from()) && chance(0.7);
        Instant slipAt = moves ? after(sent, 40) : null;
        if (slipAt == null || chance(0.8)) {
            tellWithFaults(sent, revised(truth, revision, null), Claim.of(entry));
        }
        if (slipAt != null) {
            tellSlip(shipped, truth, quantity, entry, chance(0.5) ? revision : revision + 1, slipAt);
        }
    }

    /** R14: the slip moves the quantity from M to L in the books; it is told once, with the same revision or a new one. */
    private void tellSlip(
            Shipped shipped, Acknowledgement truth, int quantity, Entry entry, int revision, Instant slipAt) {
        String product = shipped.article().product();
        Entry slip = world.book(
                slipAt,
                new Posting(new Pair(truth.facility(), product), quantity),
                new Posting(new Pair(shipped.from(), product), -quantity));
        Instant first = tellWithFaults(slipAt, revised(truth, revision, slipAt), Claim.of(entry, slip));
        if (chance(0.1)) {
            Instant other = slipAt.minusSeconds(between(1, 3_600));
            tell(late(first.plusSeconds(1)), revised(truth, revision, other), Claim.of(entry, slip));
        }
    }

    private static Acknowledgement revised(Acknowledgement truth, int revision, @Nullable Instant slipAt) {
        return new Acknowledgement(
                truth.shipment(),
                truth.item(),
                revision,
                truth.acknowledgedAt(),
                truth.facility(),
                slipAt,
                truth.quantity(),
                false);
    }

    /** R15: first something wrong is said of the acknowledgement; answers the revision that is left for the truth. */
    private int lie(Shipped shipped, Acknowledgement truth) {
        Instant wrongAt = chance(0.6) ? moment(shipped.at(), truth.acknowledgedAt()) : truth.acknowledgedAt();
        Acknowledgement wrong = new Acknowledgement(
                truth.shipment(),
                truth.item(),
                1,
                wrongAt,
                chance(0.3) ? any(stores) : truth.facility(),
                null,
                chance(0.3) ? Integer.valueOf(between(1, shipped.least())) : truth.quantity(),
                false);
        Claim claim = Claim.of(world.claim(wrongAt));
        tellWithFaults(wrongAt, wrong, claim);
        if (chance(0.5)) {
            return 2;
        }
        Acknowledgement withdrawn = new Acknowledgement(
                wrong.shipment(), wrong.item(), 2, wrongAt, wrong.facility(), null, wrong.quantity(), true);
        tellWithFaults(after(wrongAt, 10), withdrawn, claim);
        return 3;
    }

    // ---- files

    /** Retail Pro's file of that moment; its rows may be missing, doubled, unknown or (of a faulty file) wrong. */
    private StockFile file(Photo photo, boolean feed, boolean faulty) {
        double missing = chance(0.3) ? 0.4 : 0.05;
        List<Row> rows = new ArrayList<>();
        for (String store : stores) {
            for (Article article : articles) {
                if (!chance(missing)) {
                    addRows(rows, photo, new Pair(store, article.product()), names(article, feed), faulty);
                }
            }
        }
        if (chance(0.1)) {
            rows.add(new Row(chance(0.5) ? "003-101" : stores.get(0), new Identification("UPCA", "404"), 5));
        }
        return new StockFile(photo.asOf(), rows);
    }

    private static List<Identification> names(Article article, boolean feed) {
        return feed ? article.names() : article.upcs();
    }

    private void addRows(List<Row> rows, Photo photo, Pair pair, List<Identification> names, boolean faulty) {
        int quantity = (int) world.held(photo, pair) + (faulty && chance(0.5) ? between(1, 5) : 0);
        rows.add(new Row(pair.facility(), any(names), quantity));
        if (chance(0.08)) {
            int again = chance(0.6) ? quantity : quantity + 1;
            rows.add(new Row(pair.facility(), any(names), again));
        }
    }

    // ---- nights

    private void tellNights() {
        for (int night = 0; night < nights.size(); night++) {
            if (!chance(0.1)) {
                Instant midnight = options.start().plus(Duration.ofDays(night + 1L));
                tellNight(midnight, world.photo(nights.get(night)));
            }
        }
    }

    private void tellNight(Instant midnight, Photo photo) {
        LocalDate date = LocalDate.ofInstant(midnight, ZoneOffset.UTC);
        Instant list = step(midnight.plusSeconds(3_600), 0.05, 5);
        tellSteps(list, new Message.ListStep(date), Claim.NONE);
        boolean faulty = chance(0.15);
        Instant due = midnight.plusSeconds(3 * 3_600);
        Instant filter = latest(list.plusSeconds(60), step(due.minusSeconds(5_400), 0.1, 8));
        Instant reset = tellRun(date, filter, latest(filter, due.minusSeconds(3_600)), photo, faulty);
        if (chance(0.9)) {
            // On schedule, whether its turn has come or not.
            tellSteps(due, new Message.VarianceStep(date), Claim.NONE);
        }
        if (runs < MAX_RUNS && chance(faulty ? 0.7 : 0.12)) {
            Instant undo = after(reset, 16);
            tell(undo, new Message.Undo(date.toString()), Claim.NONE);
            if (chance(0.85)) {
                Instant again = after(undo.plusSeconds(60), 6);
                tellRun(date, again, again.plusSeconds(60), photo, false);
            }
        }
    }

    /** Filter, reset and (mostly) a variance asked for after it; answers when the reset is asked for. */
    private Instant tellRun(LocalDate date, Instant filter, Instant due, Photo photo, boolean faulty) {
        runs++;
        StockFile file = file(photo, false, faulty);
        tellSteps(filter, new Message.FilterStep(date, file), Claim.of(photo));
        Instant reset = step(due, 0.25, 20);
        tellSteps(reset, new Message.ResetStep(date), Claim.NONE);
        if (chance(0.8)) {
            Instant variance = step(reset.plusSeconds(3_600), 0.25, 30);
            tellSteps(variance, new Message.VarianceStep(date), Claim.NONE);
        }
        return reset;
    }

    private Instant step(Instant due, double probabilityLate, int hoursLate) {
        return chance(probabilityLate) ? after(due, hoursLate) : due.plusSeconds(between(0, 5));
    }

    /** A step may be asked for again; it runs "exactly once per business date". */
    private void tellSteps(Instant at, Message message, Claim claim) {
        tell(at, message, claim);
        if (chance(0.06)) {
            tell(after(at, 3), message, claim);
        }
    }

    private static Instant latest(Instant one, Instant other) {
        return one.isAfter(other) ? one : other;
    }

    // ---- feeds

    private void tellFeeds() {
        for (int feed = nights.size(); feed < asOfs.size() && runs < MAX_RUNS; feed++) {
            Instant asOf = chance(0.1) ? any(asOfs) : asOfs.get(feed);
            tellFeed("feed-" + feed, world.photo(asOf));
        }
    }

    private void tellFeed(String name, Photo photo) {
        runs++;
        boolean faulty = chance(0.15);
        Message.Feed message = new Message.Feed(name, file(photo, true, faulty));
        Instant first = late(photo.asOf().plusSeconds(60));
        tellSteps(first, message, Claim.of(photo));
        if (runs < MAX_RUNS && chance(faulty ? 0.7 : 0.15)) {
            Instant undo = after(first.plusSeconds(1), 20);
            tell(undo, new Message.Undo(name), Claim.NONE);
            if (chance(0.7)) {
                runs++;
                Message.Feed corrected = new Message.Feed(name + "-corrected", file(photo, true, false));
                tellSteps(after(undo.plusSeconds(1), 10), corrected, Claim.of(photo));
            }
        }
    }
}
