package io.evenstock.lab;

import jakarta.json.JsonObject;
import jakarta.json.JsonValue;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.logging.LogManager;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * The point of sale, simulated: tills in several stores that sell at a rate, lose their network, repeat themselves and
 * have wrong clocks. {@code mvn -Psimulate package}: against an Evenstock of its own, or against the one that {@code
 * simulate.url} and {@code simulate.key} name. Prints rates, latencies and outcomes each second, and checks at the end
 * that the ledger has every event once.
 */
public final class PosSimulator {
    private static final int DONE = 0;
    private static final int FAILED = 1;
    private static final int PAGE = 1_000;

    private final Properties properties;
    private final String trial = HexFormat.of().toHexDigits(new Random().nextInt());
    private final SalesTally tally = new SalesTally();

    private PosSimulator(Properties properties) {
        this.properties = properties;
    }

    /** Exit code 0: every event that was answered is in the ledger once, and nothing else is. */
    public static void main(String[] arguments) throws Exception {
        LogManager.getLogManager().reset();
        System.exit(new PosSimulator(System.getProperties()).run() ? DONE : FAILED);
    }

    private boolean run() throws Exception {
        String url = properties.getProperty("simulate.url", "");
        if (!url.isBlank()) {
            return sell(new ApiClient(URI.create(url), properties.getProperty("simulate.key")));
        }
        try (Undertaker undertaker = Undertaker.hire()) {
            Path folder = undertaker.newFolder("evenstock-simulate-");
            Report report = new Report(System.out);
            try (Surroundings around = new Surroundings(Map.of(), folder, undertaker, report)) {
                around.start();
                Map<String, String> settings = around.settings();
                settings.put("EVENSTOCK_SCHEDULE_ENABLED", "false");
                settings.put("EVENSTOCK_RATE_LIMIT_ENABLED", "false");
                Credentials credentials = Credentials.completing(settings);
                try (EvenstockServer server = EvenstockServer.start(
                        folder.resolve("server"), EvenstockServer.freePort(), settings, undertaker)) {
                    return sell(new ApiClient(server.baseAddress(), credentials.key()));
                }
            }
        }
    }

    private boolean sell(ApiClient api) throws IOException, InterruptedException {
        int stores = number("stores", 5);
        int products = number("products", 200);
        catalog(api, stores, products);
        List<SimulatedTill> tills = tills(api, stores, products);
        List<Thread> threads = tills.stream()
                .map(till -> new Thread(till, "till " + till.name()))
                .toList();
        threads.forEach(Thread::start);
        int seconds = number("seconds", 30);
        for (int second = 1; second <= seconds; second++) {
            TimeUnit.SECONDS.sleep(1);
            System.out.println(tally.second(
                    second, tills.stream().mapToInt(SimulatedTill::unsent).sum()));
        }
        tills.forEach(SimulatedTill::close);
        for (Thread thread : threads) {
            thread.join();
        }
        System.out.println(tally.sum());
        return check(api, stores);
    }

    private List<SimulatedTill> tills(ApiClient api, int stores, int products) {
        int tills = number("tills", 20);
        double perSecond = (double) number("rate", 200) / tills;
        List<SimulatedTill> all = new ArrayList<>();
        for (int n = 0; n < tills; n++) {
            SimulatedTill.Habits habits = new SimulatedTill.Habits(
                    perSecond,
                    number("repeats", 5) / 100.0,
                    0,
                    number("offline", 10) / 100.0,
                    number("skew", 120),
                    products);
            all.add(new SimulatedTill(
                    () -> api, store(n % stores), "T" + n, trial, habits, new Random(n), Clock.systemUTC(), tally));
        }
        return all;
    }

    private void catalog(ApiClient api, int stores, int products) throws IOException {
        put(api, "/api/facilities", IntStream.range(0, stores).mapToObj(n -> """
                {"facilityId":"%s","name":"Simulated %d"}""".formatted(store(n), n)));
        for (int first = 0; first < products; first += PAGE) {
            put(
                    api,
                    "/api/products",
                    IntStream.range(first, Math.min(products, first + PAGE))
                            .mapToObj(n -> """
                    {"productId":"SIM-%d","identifications":[{"idType":"UPCA","idValue":"%s"}]}""".formatted(n, SimulatedTill.upc(n))));
        }
    }

    private static void put(ApiClient api, String path, Stream<String> elements) throws IOException {
        Answer answer = api.send("PUT", path, elements.collect(Collectors.joining(",", "[", "]")), Map.of());
        if (!answer.succeeded()) {
            throw new ApiRefusal("PUT " + path, answer);
        }
    }

    private String store(int number) {
        return "SIM-" + trial + "-" + number;
    }

    /** Ledger rows = distinct events answered 2xx; no gap in any till's count; the figures = the sums of what was sold. */
    private boolean check(ApiClient api, int stores) throws IOException {
        List<String> recorded = new ArrayList<>();
        Map<String, Long> sums = new HashMap<>();
        long missing = 0;
        for (int n = 0; n < stores; n++) {
            for (JsonObject entry : api.items("/api/movements?limit=" + PAGE + "&facilityId=" + store(n), "0")) {
                recorded.add(entry.getString("facilityId") + " " + entry.getString("eventId"));
                sums.merge(
                        entry.getString("facilityId") + " " + entry.getString("productId"),
                        (long) entry.getInt("availableDelta"),
                        Long::sum);
            }
            for (JsonValue till : api.get("/api/tills?limit=" + PAGE + "&facilityId=" + store(n))
                    .asJsonObject()
                    .getJsonArray("items")) {
                missing += till.asJsonObject().getInt("missing");
            }
        }
        Map<String, Long> figures = figures(api, stores);
        boolean right = recorded.size() == new HashSet<>(recorded).size()
                && Set.copyOf(recorded).equals(tally.answered())
                && missing == 0
                && figures.equals(sums);
        System.out.printf(
                Locale.ROOT,
                "check: %,d ledger rows, %,d distinct events answered 2xx, %d sequence numbers missing, %,d figures %s: %s%n",
                recorded.size(),
                tally.answered().size(),
                missing,
                figures.size(),
                figures.equals(sums) ? "even" : "NOT even",
                right ? "right" : "WRONG");
        return right;
    }

    private Map<String, Long> figures(ApiClient api, int stores) throws IOException {
        Map<String, Long> figures = new HashMap<>();
        for (int n = 0; n < stores; n++) {
            figures.putAll(api.items("/api/inventory?limit=" + PAGE + "&facilityId=" + store(n), "").stream()
                    .collect(Collectors.toMap(
                            item -> item.getString("facilityId") + " " + item.getString("productId"),
                            item -> item.getJsonNumber("quantityOnHand").longValue())));
        }
        return figures;
    }

    private int number(String name, int byDefault) {
        return Integer.parseInt(properties.getProperty("simulate." + name, String.valueOf(byDefault)));
    }
}
