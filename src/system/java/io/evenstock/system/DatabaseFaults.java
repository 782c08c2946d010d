package io.evenstock.system;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.evenstock.lab.Answer;
import io.evenstock.lab.SalesTally;
import io.evenstock.lab.SimulatedTill;
import jakarta.json.JsonObject;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The database is killed, stands still, throws everybody out or takes nobody in, while the steps of several nights stand
 * at points of their work and a till sells. Then all of them end by themselves with the right figures.
 */
final class DatabaseFaults {
    private static final String STORE = "101";
    private static final String FEED = "feed";
    private static final List<String> STEPS = List.of("list", "filter", "reset", "variance");
    private static final Duration LONGEST = Duration.ofSeconds(90);
    private static final int SALES_A_SECOND = 50;
    private static final int PRODUCTS = 3;
    private static final int UNAVAILABLE = 503;
    /** Anything else is no answer to a till whose store and products are known, however the database is. */
    private static final Set<String> OUTCOMES = Set.of("APPLIED", "REPEATED", "HTTP 503", "unreachable");

    /** What happens, and for how long. */
    enum Fault {
        /** All processes at once, and started again. */
        KILLED(1),
        /** As by {@code pg_ctl restart -m fast}. */
        RESTARTED(0),
        PAUSED(4),
        /** Every connection is ended; new ones are taken. */
        TERMINATED(0),
        /** Every connection is ended, and there is none to be had. */
        EXHAUSTED(3),
        /** No table can grow. */
        FULL(4);

        private final int seconds;

        Fault(int seconds) {
            this.seconds = seconds;
        }

        private void begin(KillableDatabase database) throws IOException {
            switch (this) {
                case KILLED -> database.kill();
                case RESTARTED -> database.stop();
                case PAUSED -> database.pause();
                case TERMINATED -> database.terminate();
                case EXHAUSTED -> {
                    database.limitConnections(0);
                    database.terminate();
                }
                case FULL -> database.disk().orElseThrow().fill();
            }
        }

        private void end(KillableDatabase database) throws IOException {
            switch (this) {
                case KILLED, RESTARTED -> database.restart();
                case PAUSED -> database.goOn();
                case TERMINATED -> {}
                case EXHAUSTED -> database.limitConnections(-1);
                case FULL -> database.disk().orElseThrow().free();
            }
        }
    }

    /** A night that stands still at a point of one step. */
    private record Stuck(Shop shop, StopPoint point) {}

    private final OwnSite site;
    private final StoppingNode node;

    private DatabaseFaults(OwnSite site, StoppingNode node) {
        this.site = site;
        this.node = node;
    }

    /** In a sample one of them, in full all. */
    static List<Fault> chosen(OwnSite site) {
        List<Fault> faults = new ArrayList<>(List.of(Fault.values()));
        if (site.database().disk().isEmpty()) {
            Proof.say("no full disk: only root can mount a small one");
            faults.remove(Fault.FULL);
        }
        return Proof.chosen("what happens to the database", faults, 1);
    }

    /** In a sample at a point of each step, in full at every point, the feed's too. */
    static void happen(Fault fault, OwnSite site, StoppingNode node) throws Exception {
        new DatabaseFaults(site, node).happen(fault);
    }

    private void happen(Fault fault) throws Exception {
        Map<String, Integer> sold = new ConcurrentHashMap<>();
        SalesTally tally = new SalesTally(sale -> sold.merge(sale.upc(), sale.delta(), Integer::sum));
        Shop counter = site.newShop(node.api());
        counter.knowFacilities(STORE);
        knowSimulated(counter);
        SimulatedTill till = new SimulatedTill(
                node::api,
                counter.facility(STORE),
                "T1",
                "faults",
                new SimulatedTill.Habits(SALES_A_SECOND, 0.05, 0.05, 0.05, 0, PRODUCTS),
                new Random(1),
                Clock.systemUTC(),
                tally);
        Thread selling = new Thread(till, "till");
        selling.start();
        for (Map<String, StopPoint> points : rounds(fault)) {
            round(fault, points);
        }
        till.close();
        selling.join();
        Proof.say(tally.sum());
        assertEquals(Map.of(), tally.outcomesBut(OUTCOMES));
        requireSales(counter, tally, sold);
    }

    private static void knowSimulated(Shop counter) throws IOException {
        for (int product = 0; product < PRODUCTS; product++) {
            counter.succeed("PUT", "/api/products", """
                    [{"productId":"SIM-%d","identifications":[{"idType":"UPCA","idValue":"%s"}]}]
                    """.formatted(product, SimulatedTill.upc(product)));
        }
    }

    /**
     * A point of each step a round, until all have had their turn; then the feed's alone: what takes force waits for what
     * stands before its commit.
     */
    private static List<Map<String, StopPoint>> rounds(Fault fault) {
        List<Map<String, StopPoint>> rounds = new ArrayList<>();
        for (String step : STEPS) {
            List<StopPoint> points = Proof.chosen(fault + " in the " + step, StopPoint.of(step), 1);
            for (int i = 0; i < points.size(); i++) {
                if (rounds.size() <= i) {
                    rounds.add(new LinkedHashMap<>());
                }
                rounds.get(i).put(step, points.get(i));
            }
        }
        for (StopPoint point : Proof.chosen(fault + " in the feed", StopPoint.of(FEED), 1)) {
            rounds.add(Map.of(FEED, point));
        }
        return rounds;
    }

    private void round(Fault fault, Map<String, StopPoint> points) throws Exception {
        List<Stuck> nights = new ArrayList<>();
        // Whose filter stops comes last: the filter of a later night would put its file away.
        for (String step : List.of("list", "variance", "reset", "filter")) {
            StopPoint point = points.get(step);
            if (point != null) {
                Shop shop = Nights.prepared(site.newShop(node.api()), step);
                node.stopAt(shop, point);
                nights.add(new Stuck(shop, point));
            }
        }
        StopPoint inTheFeed = points.get(FEED);
        StuckFeed feed = inTheFeed == null ? null : StuckFeed.stop(site, node, inTheFeed);
        fault.begin(site.database());
        node.release();
        TimeUnit.SECONDS.sleep(fault.seconds);
        fault.end(site.database());
        long since = System.nanoTime();
        Proof.say("%s: %d reads failed after its end".formatted(fault, failedReads()));
        for (Stuck each : nights) {
            JsonObject done = await(fault + " " + each.point)
                    .atMost(LONGEST)
                    .pollInterval(Duration.ofMillis(100))
                    .ignoreExceptions()
                    .until(
                            () -> each.shop.step(each.point.step()),
                            step -> step.getString("state").equals("DONE"));
            Proof.say("%s %s: done after %.1f s, attempt %d"
                    .formatted(fault, each.point, (System.nanoTime() - since) / 1e9, done.getInt("attempt")));
        }
        if (feed != null) {
            feed.awaitTaken(fault.toString());
        }
        for (Stuck each : nights) {
            Nights.finish(each.shop, each.point.step());
        }
    }

    /** Until one succeeds: each takes one of the connections that are dead, and the server throws it away. */
    private int failedReads() {
        AtomicInteger failed = new AtomicInteger(-1);
        await("a read")
                .atMost(LONGEST)
                .pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(20))
                .until(() -> {
                    failed.incrementAndGet();
                    Answer answer = node.api().send("GET", "/api/runs?limit=1", null);
                    assertTrue(answer.succeeded() || answer.status() == UNAVAILABLE, answer::toString);
                    return answer.succeeded();
                });
        return failed.get();
    }

    private static void requireSales(Shop counter, SalesTally tally, Map<String, Integer> sold) throws IOException {
        List<String> recorded =
                counter.api().items("/api/movements?limit=1000&facilityId=" + counter.facility(STORE), "0").stream()
                        .map(entry -> entry.getString("facilityId") + " " + entry.getString("eventId"))
                        .toList();
        assertEquals(recorded.size(), Set.copyOf(recorded).size(), "each once");
        assertEquals(tally.answered(), new HashSet<>(recorded));
        Map<String, Integer> figures = new HashMap<>();
        for (int product = 0; product < PRODUCTS; product++) {
            String upc = SimulatedTill.upc(product);
            figures.put(
                    upc,
                    counter.api()
                            .get("/api/inventory?facilityId=%s&idType=UPCA&idValue=%s"
                                    .formatted(counter.facility(STORE), upc))
                            .asJsonObject()
                            .getInt("quantityOnHand"));
        }
        assertEquals(new TreeMap<>(sold), new TreeMap<>(figures));
    }
}
