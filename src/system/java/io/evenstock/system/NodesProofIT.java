package io.evenstock.system;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.evenstock.lab.ApiClient;
import io.evenstock.lab.EvenstockServer;
import jakarta.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Any number of nodes is one Evenstock: of all that ask for a step one carries it out, another finishes what one began that
 * was killed, and one that stood still for longer than its lease changes nothing any more.
 */
@ExtendWith(Evenstock.class)
class NodesProofIT {
    private static final String STORE = "101";
    private static final List<String> STEPS = List.of("list", "filter", "reset", "variance");
    /** Within so long the others have finished what a dead node began. */
    private static final Duration REPLACED = Duration.ofSeconds(60);

    private static final LocalDate FIRST_RACE = LocalDate.of(2001, 1, 1);

    /** A shop whose night stands still at a point of one step. */
    private record Stuck(Shop shop, StopPoint point) {}

    @Test
    void ofAllNodesThatAskForAStepOneCarriesItOut(Evenstock.Running evenstock) throws Exception {
        int races = Proof.full() ? 1_000 : 150;
        List<String> products = new ArrayList<>(List.of(EvenstockServer.chosen()));
        if (Proof.full()) {
            products.addAll(
                    List.of(EvenstockServer.PAYARA_MICRO, EvenstockServer.PAYARA_MICRO, EvenstockServer.WILDFLY));
        }
        List<EvenstockServer> nodes = new ArrayList<>();
        try {
            for (String product : products) {
                nodes.add(evenstock.launch(product, EvenstockServer.builtWar(), "racer", Map.of()));
            }
            List<ApiClient> racers = new ArrayList<>(List.of(evenstock.api()));
            for (EvenstockServer node : nodes) {
                racers.add(evenstock.apiOf(node.awaitReady(EvenstockServer.BOOT_LIMIT)));
            }
            assertEquals(races, race(racers, races), "one winner each");
            requireSingleRuns(evenstock, races);
            Proof.say(races + " races of " + racers.size() + " nodes: " + races + " single runs");
        } finally {
            for (EvenstockServer node : nodes) {
                node.close();
            }
        }
    }

    private static int race(List<ApiClient> racers, int races) throws Exception {
        CyclicBarrier start = new CyclicBarrier(racers.size());
        ExecutorService threads = Executors.newFixedThreadPool(racers.size());
        try {
            List<Future<Integer>> won = new ArrayList<>();
            for (ApiClient racer : racers) {
                won.add(threads.submit(racer(racer, races, start)));
            }
            int sum = 0;
            for (Future<Integer> each : won) {
                sum += each.get();
            }
            return sum;
        } finally {
            threads.shutdownNow();
        }
    }

    private static Callable<Integer> racer(ApiClient node, int races, CyclicBarrier start) {
        return () -> {
            int won = 0;
            for (int race = 0; race < races; race++) {
                start.await();
                int status = node.send("POST", "/api/cycles/" + FIRST_RACE.plusDays(race) + "/list", null)
                        .status();
                assertTrue(status == 202 || status == 409, "status " + status);
                won += status == 202 ? 1 : 0;
            }
            return won;
        };
    }

    private static void requireSingleRuns(Evenstock.Running evenstock, int races) {
        String once = "%1$d %1$d 1 %1$d".formatted(races);
        await().atMost(Duration.ofMinutes(1))
                .untilAsserted(() -> assertEquals(
                        once, evenstock.query("""
                        select concat_ws(' ', count(*), sum(attempt), max(fence), count(l.business_date))
                        from cycle_step s left join active_list l using (business_date)
                        where step = 'list' and state = 'DONE' and business_date between '%s' and '%s'
                        """.formatted(FIRST_RACE, FIRST_RACE.plusDays(races - 1L)))));
    }

    /**
     * One node is killed and another stands still, each in the midst of several nights. In a sample at two steps' points
     * each. In full at every point, round by round, and in every other round both are WildFlys among Payara Micros.
     */
    @Test
    void whatADeadOrStalledNodeBeganAnotherFinishesOnce(Evenstock.Running evenstock) throws Exception {
        assumeTrue(Proof.hasTurn(Proof.Longest.NODES));
        List<Map<String, StopPoint>> killed = new ArrayList<>();
        List<Map<String, StopPoint>> stalled = new ArrayList<>();
        for (String step : STEPS) {
            List<StopPoint> toBeKilled = Proof.chosen("killed in the " + step, StopPoint.of(step), 1);
            List<StopPoint> toStall = Proof.chosen(
                    "stalled in the " + step,
                    StopPoint.of(step).stream().filter(point -> !point.isDone()).toList(),
                    1);
            // Of two filters at a time the later night's would put the other's file away.
            int later = Proof.full() && step.equals("filter") ? toBeKilled.size() : 0;
            enter(killed, toBeKilled, 0);
            enter(stalled, toStall, later);
        }
        while (killed.size() < stalled.size()) {
            killed.add(new LinkedHashMap<>());
        }
        List<String> shared = Proof.chosen("nodes", STEPS, 2);
        for (int round = 0; round < stalled.size(); round++) {
            Map<String, StopPoint> toBeKilled = killed.get(round);
            Map<String, StopPoint> toStall = stalled.get(round);
            if (!Proof.full()) {
                toBeKilled.keySet().retainAll(shared);
                toStall.keySet().removeAll(shared);
            }
            try (StoppingNode doomed = StoppingNode.launch(evenstock, product(round));
                    StoppingNode still = StoppingNode.launch(evenstock, product(round))) {
                killAndStall(evenstock, doomed.awaitReady(), toBeKilled, still.awaitReady(), toStall);
            }
        }
    }

    private static String product(int round) {
        return Proof.full() && round % 2 == 1 ? EvenstockServer.WILDFLY : EvenstockServer.chosen();
    }

    /** A point of each step a round, until all have had their turn. */
    private static void enter(List<Map<String, StopPoint>> rounds, List<StopPoint> points, int first) {
        for (int i = 0; i < points.size(); i++) {
            while (rounds.size() <= first + i) {
                rounds.add(new LinkedHashMap<>());
            }
            rounds.get(first + i).put(points.get(i).step(), points.get(i));
        }
    }

    private static void killAndStall(
            Evenstock.Running evenstock,
            StoppingNode doomed,
            Map<String, StopPoint> toBeKilled,
            StoppingNode still,
            Map<String, StopPoint> toStall)
            throws Exception {
        List<Stuck> killed = new ArrayList<>();
        List<Stuck> stalled = new ArrayList<>();
        // Whose filter stops comes last: the filter of a later night would put its file away.
        for (String step : List.of("list", "variance", "reset", "filter")) {
            killed.addAll(stop(evenstock, doomed, toBeKilled, step));
            stalled.addAll(stop(evenstock, still, toStall, step));
        }
        doomed.kill();
        still.signal("STOP");
        awaitDone(killed, stalled);
        for (Stuck each : killed) {
            finish(evenstock, each);
        }
        afterStall(evenstock, still, stalled);
    }

    /** The others have gone on to the end of the nights; the one that wakes up changes nothing in them. */
    private static void afterStall(Evenstock.Running evenstock, StoppingNode still, List<Stuck> nights)
            throws Exception {
        for (Stuck each : nights) {
            finish(evenstock, each);
        }
        Map<String, String> before = world(evenstock, nights);
        still.goOn(nights.stream().map(Stuck::shop).toList());
        assertEquals(Map.of(), changes(before, world(evenstock, nights)), nights::toString);
    }

    /** Prepares a night up to the step, and has the node stop at the step's point if it has one. */
    private static List<Stuck> stop(
            Evenstock.Running evenstock, StoppingNode node, Map<String, StopPoint> points, String step)
            throws IOException {
        StopPoint point = points.get(step);
        if (point == null) {
            return List.of();
        }
        Shop shop = Nights.prepared(evenstock.newShop(), step);
        node.stopAt(shop, point);
        return List.of(new Stuck(shop, point));
    }

    private static void awaitDone(List<Stuck> killed, List<Stuck> stalled) {
        Instant since = Clock.systemUTC().instant();
        for (Stuck each : killed) {
            awaitDone(each, "killed", since);
        }
        for (Stuck each : stalled) {
            awaitDone(each, "stalled", since);
        }
    }

    private static void awaitDone(Stuck night, String what, Instant since) {
        JsonObject done = await(night.toString())
                .atMost(REPLACED)
                .pollInterval(Duration.ofMillis(200))
                .until(
                        () -> night.shop.step(night.point.step()),
                        step -> step.getString("state").equals("DONE"));
        Duration took = Duration.between(since, Clock.systemUTC().instant());
        Proof.say("%s %s: done after %d s".formatted(what, night.point, took.toSeconds()));
        assertTrue(took.compareTo(REPLACED) <= 0, () -> night + ": " + took);
        assertEquals(night.point.isDone() ? 1 : 2, done.getInt("attempt"), () -> night + ": " + done);
    }

    /** What is left of the night has its effects, each once. */
    private static void finish(Evenstock.Running evenstock, Stuck night) throws IOException {
        Shop shop = night.shop;
        Nights.finish(shop, night.point.step());
        if (!night.point.step().equals("variance") || !night.point.isDone()) {
            // The last file of the night to be put away; a node that died after the commit has left it.
            shop.awaitFile(shop.variance().resolve("archive").resolve(shop.varianceFileName()));
        }
        assertEquals("1 RECORDED 6 1", evenstock.query("""
                        select concat_ws(' ', count(*), max(variance), max(rows),
                                         (select count(*) from snapshot_reject where run_id = max(r.run_id)))
                        from snapshot_run r where business_date = '%s' and state = 'APPLIED'
                        """.formatted(shop.date())), night::toString);
    }

    private static Map<String, String> changes(Map<String, String> before, Map<String, String> after) {
        Map<String, String> changes = new TreeMap<>();
        Stream.concat(before.keySet().stream(), after.keySet().stream())
                .filter(each -> !Objects.equals(before.get(each), after.get(each)))
                .forEach(each -> changes.put(each, before.get(each) + " became " + after.get(each)));
        return changes;
    }

    /** Everything that may have been changed: rows and files. */
    private static Map<String, String> world(Evenstock.Running evenstock, List<Stuck> nights) throws IOException {
        Map<String, String> world = new TreeMap<>();
        for (Stuck each : nights) {
            for (String step : STEPS) {
                world.put(each.shop.date() + " " + step, each.shop.step(step).toString());
            }
            for (String table : List.of("snapshot_run", "snapshot_reject", "snapshot_file", "variance_line")) {
                world.put(each.shop.date() + " " + table, evenstock.query("""
                        select coalesce(string_agg(t::text, '; ' order by t::text), '') from %s t
                        where run_id in (select run_id from snapshot_run where business_date = '%s')
                        """.formatted(table, each.shop.date())));
            }
        }
        for (Path folder : List.of(evenstock.sftpRoot(), evenstock.workFolder())) {
            try (Stream<Path> files = Files.walk(folder)) {
                for (Path file : files.filter(Files::isRegularFile).toList()) {
                    world.put(file.toString(), Integer.toString(Arrays.hashCode(Files.readAllBytes(file))));
                }
            }
        }
        return world;
    }

    /** One night and its sales by Payara Micro and WildFly in turn; whichever is asked, the figures are the same. */
    @Test
    @EnabledIfSystemProperty(named = "evenstock.proof", matches = "full")
    void payaraMicroAndWildFlyServeOneNight(Evenstock.Running evenstock) throws Exception {
        Shop shop = Nights.prepared(evenstock.newShop(), "list");
        try (EvenstockServer node =
                evenstock.launch(EvenstockServer.WILDFLY, EvenstockServer.builtWar(), "mixed", Map.of())) {
            ApiClient wildFly = evenstock.apiOf(node.awaitReady(EvenstockServer.BOOT_LIMIT));
            assertEquals("WildFly", node.product());
            Nights.upload(shop);
            for (String step : STEPS) {
                ApiClient turn = STEPS.indexOf(step) % 2 == 0 ? wildFly : evenstock.api();
                assertEquals("DONE", shop.end(turn, step).getString("state"));
                turn.call(
                        "POST",
                        "/api/UpdateInventory",
                        Shop.json(shop.movement(STORE, 1, -1, "mixed-" + step, shop.at("04:00"))));
            }
            shop.expect(STORE, 1, 3, 0, 3);
            String inventory = "/api/inventory?facilityId=" + shop.facility(STORE);
            assertEquals(evenstock.api().get(inventory), wildFly.get(inventory));
        }
    }
}
