package io.evenstock.system;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.evenstock.lab.ApiClient;
import io.evenstock.lab.SalesTally;
import io.evenstock.lab.SimulatedTill;
import io.evenstock.simulator.Figure;
import io.evenstock.simulator.Hindsight;
import io.evenstock.simulator.Message;
import io.evenstock.simulator.Message.Identification;
import io.evenstock.simulator.Message.Row;
import io.evenstock.simulator.Message.StockFile;
import jakarta.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Everything at once, for long: 200 stores sell on two nodes, goods are shipped and acknowledged, a feed comes every minute
 * and each night takes but a minute, while nodes and the database are killed. In the end every figure is the oracle's,
 * all that was answered 2xx is in the ledger once, and nobody has kept what he should have given back.
 * {@code mvn -Psoak verify} takes half an hour, {@code -Dsoak.duration=PT5M} five minutes; {@code mvn verify} some seconds.
 */
@ExtendWith(Evenstock.class)
class SoakIT {
    private static final Duration DURATION = Duration.parse(System.getProperty("evenstock.soak", "PT12S"));
    private static final boolean LONG = DURATION.compareTo(Duration.ofMinutes(2)) >= 0;
    private static final long SEED = Long.getLong("evenstock.seed", System.nanoTime());
    private static final int SALES_A_SECOND = 500;
    private static final int STORES = 200;
    private static final int PRODUCTS = LONG ? 50 : 10;
    /** Nights are told of the first stores, feeds of the last: most have both. */
    private static final int ONLY_ONE = 20;

    private static final Duration NIGHT = LONG ? Duration.ofMinutes(1) : Duration.ofSeconds(8);
    private static final Duration LOOK = Duration.ofMillis(300);
    private static final Duration LONGEST_STEP = Duration.ofMinutes(5);
    private static final List<String> STEPS = List.of("list", "filter", "reset", "variance");
    /** A sale may be in a file that was applied before it is told. Nodes are killed, none is stopped: 500 is never right. */
    private static final Set<String> OUTCOMES = Set.of("APPLIED", "ABSORBED", "REPEATED", "HTTP 503", "unreachable");

    private static final int LARGEST_SHARE_OF_GROWTH_PERCENT = 25;
    private static final int UNTIL_SETTLED_KIB = 24 << 10;

    /** A day passes in a {@link #NIGHT}; at the end of the soak it has not caught up with the real time. */
    private static final class Hurried extends Clock {
        private final Instant begin;
        private final long since = System.nanoTime();
        private final double factor = (double) Duration.ofDays(1).toNanos() / NIGHT.toNanos();

        Hurried(Instant begin) {
            this.begin = begin;
        }

        @Override
        public Instant instant() {
            return begin.plusNanos((long) ((System.nanoTime() - since) * factor))
                    .truncatedTo(ChronoUnit.MILLIS);
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            throw new UnsupportedOperationException();
        }
    }

    private final Hindsight oracle = new Hindsight();
    private final List<SoakNode> nodes = new ArrayList<>();
    private final AtomicInteger turn = new AtomicInteger();
    private final List<Footprint> sizes = Collections.synchronizedList(new ArrayList<>());
    private final List<Integer> connections = Collections.synchronizedList(new ArrayList<>());
    private volatile boolean open = true;
    private int deaths;

    @Test
    void everythingAtOnceForLong(Evenstock.Running evenstock) throws Exception {
        System.out.printf("[soak] %s; the same dice again with -Devenstock.seed=%d%n", DURATION, SEED);
        Map<String, String> changed = new HashMap<>(Map.of(
                "EVENSTOCK_FEED_INTERVAL", "PT2S",
                "EVENSTOCK_UNDO_DEPTH", "7",
                "EVENSTOCK_SCHEDULE_RETRIES", "10",
                "EVENSTOCK_SCHEDULE_RETRY_DELAY", "PT1S"));
        if (LONG) {
            changed.put("JDK_JAVA_OPTIONS", "-XX:+UseSerialGC");
        }
        try (OwnSite site = OwnSite.open(evenstock, "soak");
                SoakNode first = SoakNode.launch(evenstock, site, "soak-first", changed);
                SoakNode second = SoakNode.launch(evenstock, site, "soak-second", changed)) {
            nodes.add(first.awaitReady());
            nodes.add(second.awaitReady());
            soak(site);
        }
    }

    private void soak(OwnSite site) throws Exception {
        int nights = Math.toIntExact(DURATION.toSeconds() / NIGHT.toSeconds());
        LocalDate firstNight = Shop.today().minusDays(nights + 3L);
        tellCatalog();
        Clock clock = new Hurried(
                firstNight.minusDays(1).atTime(LocalTime.NOON).atZone(Shop.ZONE).toInstant());
        SalesTally tally = new SalesTally(sale -> oracle.told(movement(sale)));
        List<SimulatedTill> tills = IntStream.range(0, STORES)
                .mapToObj(store -> new SimulatedTill(
                        this::node,
                        facility(store),
                        "T" + store,
                        "soak",
                        new SimulatedTill.Habits((double) SALES_A_SECOND / STORES, 0.05, 0.05, 0.1, 3_600, PRODUCTS),
                        new Random(SEED + store),
                        clock,
                        tally))
                .toList();
        List<Thread> selling = tills.stream().map(Thread::new).toList();
        ExecutorService others = Executors.newCachedThreadPool();
        try {
            List<Future<?>> works = new ArrayList<>();
            selling.forEach(Thread::start);
            works.add(others.submit(work(() -> nights(site, clock, firstNight, nights))));
            works.add(others.submit(work(() -> feeds(site, clock))));
            works.add(others.submit(work(() -> shipments(clock))));
            works.add(others.submit(work(() -> deaths(site))));
            works.add(others.submit(work(() -> look(site))));
            tell(tills, tally);
            open = false;
            tills.forEach(SimulatedTill::close);
            for (Thread each : selling) {
                each.join();
            }
            for (Future<?> each : works) {
                each.get();
            }
        } finally {
            open = false;
            others.shutdownNow();
        }
        System.out.println("[soak] " + tally.sum());
        assertEquals(Map.of(), tally.outcomesBut(OUTCOMES));
        requireLedger(tally);
        requireFigures();
        requireNothingKept();
    }

    private static Callable<Void> work(Work work) {
        return () -> {
            work.run();
            return null;
        };
    }

    private interface Work {
        void run() throws Exception;
    }

    /** A line a minute, or every five seconds. */
    private static void tell(List<SimulatedTill> tills, SalesTally tally) throws InterruptedException {
        int pause = LONG ? 30 : 5;
        for (int second = pause; second <= DURATION.toSeconds(); second += pause) {
            TimeUnit.SECONDS.sleep(pause);
            System.out.println("[soak] "
                    + tally.second(
                            second,
                            tills.stream().mapToInt(SimulatedTill::unsent).sum()));
        }
    }

    /** Any that is up. */
    private ApiClient node() {
        while (true) {
            ApiClient api = nodes.get(Math.floorMod(turn.incrementAndGet(), nodes.size()))
                    .api();
            if (api != null) {
                return api;
            }
        }
    }

    // ---- what is told

    private static String facility(int store) {
        return "%03d-%04d".formatted(900 + store / 100, store);
    }

    private static Identification upc(int product) {
        return new Identification("UPCA", SimulatedTill.upc(product));
    }

    private void tellCatalog() throws IOException {
        node().call(
                        "PUT",
                        "/api/facilities",
                        Shop.json(IntStream.range(0, STORES)
                                .mapToObj(store ->
                                        "{\"facilityId\":\"%1$s\",\"name\":\"%1$s\"}".formatted(facility(store)))
                                .collect(Collectors.joining(",", "[", "]"))));
        node().call(
                        "PUT",
                        "/api/products",
                        Shop.json(IntStream.range(0, PRODUCTS)
                                .mapToObj(product -> """
                {"productId":"SIM-%d","active":true,"safetyStock":%d,"identifications":[{"idType":"UPCA","idValue":"%s"}]}
                """.formatted(product, product % 3, SimulatedTill.upc(product)))
                                .collect(Collectors.joining(",", "[", "]"))));
        for (int store = 0; store < STORES; store++) {
            oracle.told(new Message.FacilityKnown(facility(store)));
        }
        for (int product = 0; product < PRODUCTS; product++) {
            oracle.told(new Message.ProductKnown("SIM-" + product, List.of(upc(product)), true, product % 3));
        }
    }

    private static Message.Movement movement(SimulatedTill.Sale sale) {
        return new Message.Movement(
                sale.store(),
                new Identification("UPCA", sale.upc()),
                sale.delta(),
                sale.delta() > 0 ? "RTN_ITM_RCPT" : "POS_SALE",
                sale.eventId(),
                sale.occurredAt(),
                null);
    }

    /** Tells one until it is taken, however often a node dies of it. */
    private void told(Message message) {
        oracle.told(message);
        await(message.brief())
                .atMost(LONGEST_STEP)
                .pollDelay(Duration.ZERO)
                .pollInterval(LOOK)
                .until(() -> {
                    try {
                        new HttpStockSystem(
                                        node(),
                                        new SimulatedUploads(Path.of(""), SimulatedNames.plain()),
                                        SimulatedNames.plain())
                                .deliver(Instant.EPOCH, message);
                        return true;
                    } catch (RuntimeException away) {
                        return false;
                    }
                });
    }

    /** Ten shipments a second; most of their items are acknowledged, early or late, some elsewhere, some corrected. */
    private void shipments(Clock clock) throws InterruptedException {
        Random dice = new Random(SEED - 1);
        List<Message> later = new ArrayList<>();
        for (int number = 0; open; number++) {
            Instant at = clock.instant().minusSeconds(dice.nextInt(7_200));
            String shipment = "S" + number;
            int store = dice.nextInt(STORES);
            Message.Item item = new Message.Item("00001", upc(dice.nextInt(PRODUCTS)), 1 + dice.nextInt(3));
            List<Message> messages =
                    new ArrayList<>(List.of(new Message.Shipment(shipment, facility(store), at, List.of(item))));
            if (dice.nextInt(10) == 0) {
                boolean cancelled = dice.nextBoolean();
                messages.add(new Message.ItemCorrection(
                        shipment,
                        facility(store),
                        at,
                        new Message.Item("00001", item.identification(), cancelled ? 0 : item.quantity() + 1),
                        2,
                        cancelled));
            } else if (dice.nextInt(10) < 8) {
                messages.add(acknowledgement(dice, shipment, store, at));
            }
            if (dice.nextBoolean()) {
                Collections.shuffle(messages, dice);
            }
            told(messages.get(0));
            later.addAll(messages.subList(1, messages.size()));
            while (!later.isEmpty() && dice.nextInt(40) < later.size()) {
                told(later.remove(dice.nextInt(later.size())));
            }
            TimeUnit.MILLISECONDS.sleep(100);
        }
        later.forEach(this::told);
    }

    private static Message.Acknowledgement acknowledgement(Random dice, String shipment, int store, Instant shippedAt) {
        Instant at = shippedAt.plusSeconds(dice.nextInt(86_400));
        boolean elsewhere = dice.nextInt(10) == 0;
        return new Message.Acknowledgement(
                shipment,
                "00001",
                1,
                at,
                facility(elsewhere ? (store + 1) % STORES : store),
                elsewhere && dice.nextBoolean() ? at.plusSeconds(dice.nextInt(86_400)) : null,
                null,
                false);
    }

    // ---- files

    private static StockFile file(Random dice, Instant asOf, int fromStore, int toStore) {
        List<Row> rows = new ArrayList<>();
        for (int store = fromStore; store < toStore; store++) {
            for (int product = 0; product < PRODUCTS; product++) {
                if (dice.nextInt(10) > 0) {
                    rows.add(new Row(facility(store), upc(product), dice.nextInt(200) - 5));
                }
            }
        }
        return new StockFile(asOf, rows);
    }

    private void nights(OwnSite site, Clock clock, LocalDate first, int nights) throws Exception {
        Random dice = new Random(SEED - 2);
        for (int night = 0; night < nights && open; night++) {
            LocalDate date = first.plusDays(night);
            Instant asOf = date.atTime(0, 55).atZone(Shop.ZONE).toInstant();
            while (clock.instant().isBefore(asOf)) {
                TimeUnit.MILLISECONDS.sleep(20);
            }
            StockFile file = file(dice, asOf, 0, STORES - ONLY_ONE);
            upload(site, "retailpro/reset", Shop.resetFile(asOf), file, true);
            for (String step : STEPS) {
                awaitDone(date, step);
            }
            oracle.told(new Message.ListStep(date));
            oracle.told(new Message.FilterStep(date, file));
            oracle.told(new Message.ResetStep(date));
            oracle.told(new Message.VarianceStep(date));
            System.out.printf("[soak] night %s done%n", date);
        }
    }

    private static void upload(OwnSite site, String folder, String name, StockFile file, boolean retailPro) {
        Path path = site.sftpRoot().resolve(folder).resolve(name);
        SimulatedUploads.upload(
                path, new SimulatedUploads(site.sftpRoot(), SimulatedNames.plain()).csv(file, retailPro));
    }

    /** Asked for again and again, for the node that was asked may be dead; a variance may be left nothing to do. */
    private void awaitDone(LocalDate date, String step) {
        await(step + " of " + date)
                .atMost(LONGEST_STEP)
                .pollDelay(Duration.ZERO)
                .pollInterval(LOOK)
                .until(() -> {
                    try {
                        node().send("POST", "/api/cycles/" + date + "/" + step, null);
                        String state = state(date, step);
                        return state.equals("DONE") || state.equals("DROPPED");
                    } catch (IOException | RuntimeException away) {
                        return false;
                    }
                });
    }

    private String state(LocalDate date, String step) throws IOException {
        return node()
                .get("/api/cycles/" + date)
                .asJsonObject()
                .getJsonArray("steps")
                .getValuesAs(JsonObject.class)
                .stream()
                .filter(each -> each.getString("step").equals(step))
                .findFirst()
                .orElseThrow()
                .getString("state");
    }

    private void feeds(OwnSite site, Clock clock) throws Exception {
        Random dice = new Random(SEED - 3);
        List<Path> uploaded = new ArrayList<>();
        while (open) {
            Instant asOf = clock.instant().truncatedTo(ChronoUnit.SECONDS);
            StockFile file = file(dice, asOf, ONLY_ONE, STORES);
            String name = "Stock-" + Shop.resetFile(asOf).substring("ResetInventory_".length());
            oracle.told(new Message.Feed(name, file));
            upload(site, "erp/reset", name, file, false);
            uploaded.add(site.sftpRoot().resolve("erp/reset").resolve(name));
            for (long slept = 0; open && slept < NIGHT.toMillis(); slept += 100) {
                TimeUnit.MILLISECONDS.sleep(100);
            }
        }
        await("the feed").atMost(LONGEST_STEP).until(() -> uploaded.stream().noneMatch(Files::exists));
        List<Path> rejected = uploaded.stream()
                .filter(file -> Files.exists(file.resolveSibling("rejected").resolve(file.getFileName())))
                .toList();
        assertEquals(List.of(), rejected);
        System.out.printf("[soak] %d feeds%n", uploaded.size());
    }

    // ---- death, and what is left of the living

    /** Any node in the first third; then the first lives on, so that it can be seen what it keeps. */
    private void deaths(OwnSite site) throws Exception {
        Random dice = new Random(SEED - 4);
        long third = System.nanoTime() + DURATION.toNanos() / 3;
        long mean = LONG ? 40_000 : 2_000;
        while (true) {
            for (long left = mean / 2 + dice.nextInt((int) mean); open && left > 0; left -= 100) {
                TimeUnit.MILLISECONDS.sleep(100);
            }
            // However short: the database and a node have their turn.
            if (!open && deaths >= 2) {
                return;
            }
            deaths++;
            int kind = deaths <= 2 ? deaths - 1 : dice.nextInt(4);
            switch (kind) {
                case 1 -> die(nodes.get(System.nanoTime() - third < 0 ? dice.nextInt(2) : 1));
                case 0 -> {
                    System.out.println("[soak] the database is killed");
                    site.database().kill();
                    TimeUnit.SECONDS.sleep(1);
                    site.database().restart();
                }
                case 2 -> {
                    System.out.println("[soak] the database stands still");
                    site.database().pause();
                    TimeUnit.SECONDS.sleep(3);
                    site.database().goOn();
                }
                default -> {
                    System.out.println("[soak] the database throws everybody out");
                    site.database().terminate();
                }
            }
        }
    }

    private static void die(SoakNode node) throws IOException {
        System.out.println("[soak] " + node.name() + " is killed");
        node.killAndStartAgain();
    }

    private void look(OwnSite site) throws Exception {
        long begin = System.nanoTime()
                + DURATION.toNanos() / 3
                + Duration.ofSeconds(20).toNanos();
        while (LONG && open) {
            for (int left = 200; open && left > 0; left--) {
                TimeUnit.MILLISECONDS.sleep(100);
            }
            Integer count = connections(site);
            if (System.nanoTime() - begin > 0 && nodes.get(0).api() != null && count != null) {
                Footprint size = nodes.get(0).footprint();
                sizes.add(size);
                connections.add(count);
                System.out.printf(
                        "[soak] %s: %s, %d connections of both%n", nodes.get(0).name(), size, count);
            }
        }
    }

    /** Null while the database is away. */
    private static @Nullable Integer connections(OwnSite site) {
        try (Connection connection = site.database().connect();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(
                        "select count(*) from pg_stat_activity where application_name = 'evenstock'")) {
            row.next();
            return row.getInt(1);
        } catch (SQLException away) {
            return null;
        }
    }

    // ---- what must be

    private void requireLedger(SalesTally tally) throws IOException {
        Set<String> recorded = new HashSet<>();
        int rows = 0;
        for (int store = 0; store < STORES; store++) {
            for (JsonObject entry : node().items("/api/movements?limit=1000&facilityId=" + facility(store), "0")) {
                recorded.add(entry.getString("facilityId") + " " + entry.getString("eventId"));
                rows++;
            }
        }
        System.out.printf(
                "[soak] %,d ledger rows, %,d events answered 2xx%n",
                rows, tally.answered().size());
        assertEquals(recorded.size(), rows, "each once");
        assertEquals(tally.answered(), recorded);
    }

    private void requireFigures() throws IOException {
        Map<String, Figure> expected = new TreeMap<>();
        oracle.figures()
                .forEach((facility, products) ->
                        products.forEach((product, figure) -> expected.put(facility + " " + product, figure)));
        Map<String, Figure> seen = Published.told(
                node(), IntStream.range(0, STORES).mapToObj(SoakIT::facility).toList());
        Map<String, String> wrong = new TreeMap<>();
        expected.forEach((pair, figure) -> {
            Figure found = seen.getOrDefault(pair, new Figure(0, 0, 0));
            if (!found.equals(figure)) {
                wrong.put(pair, found + " instead of " + figure);
            }
        });
        System.out.printf("[soak] %,d pairs, %d wrong, %d deaths%n", expected.size(), wrong.size(), deaths);
        assertTrue(wrong.isEmpty(), wrong::toString);
        assertEquals(STORES * PRODUCTS, expected.size());
        Published.awaitPublished(node(), seen);
        System.out.printf("[soak] %,d pairs published as they are%n", seen.size());
    }

    private void requireNothingKept() {
        if (sizes.size() < 4) {
            return;
        }
        int some = Math.min(5, sizes.size() / 2);
        Footprint early = Footprint.least(sizes.subList(0, some));
        Footprint late = Footprint.least(sizes.subList(sizes.size() - some, sizes.size()));
        System.out.printf("[soak] kept: first %s, last %s, connections %s%n", early, late, connections);
        assertTrue(
                late.heapKib() <= early.heapKib() * (100 + LARGEST_SHARE_OF_GROWTH_PERCENT) / 100 + UNTIL_SETTLED_KIB,
                "heap");
        assertTrue(late.threads() <= early.threads() + 20, "threads");
        assertTrue(late.files() <= early.files() + 40, "files");
        assertTrue(connections.get(connections.size() - 1) <= 64, "connections");
    }
}
