package io.evenstock.system;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.evenstock.container.BuiltWar;
import io.evenstock.lab.Answer;
import io.evenstock.lab.ApiClient;
import io.evenstock.lab.EvenstockServer;
import jakarta.json.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.LongAdder;
import org.jboss.shrinkwrap.api.asset.StringAsset;
import org.jboss.shrinkwrap.api.exporter.ZipExporter;
import org.jboss.shrinkwrap.api.spec.WebArchive;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * The next release takes the place of this one, node by node, while tills sell over all that are up: what is not answered
 * is sent again under its eventId, and no sale is lost or counted twice. The next release has other tables and functions.
 */
@ExtendWith(Evenstock.class)
@EnabledIfSystemProperty(named = "evenstock.proof", matches = "full")
class RollingUpgradeProofIT {
    private static final int TILLS = 8;
    private static final int PRODUCTS = 20;
    private static final int SALES_AT_EACH_STAGE = 1_000;
    private static final Duration PACE = Duration.ofMillis(30);
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final String FUNCTIONS = "WEB-INF/classes/db/migration/R__figures.sql";
    private static final String NEXT_TABLES = """
            alter table movement add column next_release text;
            create table next_release (movement_id bigint primary key, note text not null);
            create index next_release_facility on facility (name);
            """;

    private final List<ApiClient> rotation = new CopyOnWriteArrayList<>();
    private final AtomicInteger turns = new AtomicInteger();
    private final AtomicInteger answered = new AtomicInteger();
    private final AtomicIntegerArray sold = new AtomicIntegerArray(PRODUCTS);
    private final Map<String, LongAdder> cured = new ConcurrentSkipListMap<>();
    private volatile boolean open = true;

    @Test
    void noSaleIsLostWhileTheNextReleaseTakesOver(Evenstock.Running evenstock) throws Exception {
        Map<String, String> settings = ownDatabase(evenstock);
        Path next = nextRelease(evenstock);
        try (EvenstockServer oldOne = launch(evenstock, EvenstockServer.builtWar(), settings)) {
            // One after the other: the first makes the tables.
            oldOne.awaitReady(EvenstockServer.BOOT_LIMIT);
            try (EvenstockServer oldOther = launch(evenstock, EvenstockServer.builtWar(), settings)) {
                join(evenstock, oldOne);
                join(evenstock, oldOther);
                makeKnown(rotation.get(0));
                ExecutorService tills = Executors.newFixedThreadPool(TILLS);
                List<Future<?>> selling = open(tills);
                awaitSales();
                try (EvenstockServer newOne = replace(evenstock, oldOne, next, settings);
                        EvenstockServer newOther = replace(evenstock, oldOther, next, settings);
                        // Whoever must, goes back to the old release: it runs on the next one's tables.
                        EvenstockServer back = launch(evenstock, EvenstockServer.builtWar(), settings)) {
                    awaitSales();
                    join(evenstock, back);
                    awaitSales();
                    close(tills, selling);
                    for (EvenstockServer node : List.of(newOne, newOther, back)) {
                        requireAllSales(evenstock.apiOf(node));
                    }
                    Proof.say("rolling upgrade: %d sales, none lost; sent again because of %s"
                            .formatted(answered.get(), cured));
                }
            }
        }
    }

    /** The nodes' own, as the other tests' nodes must not see the next release's tables. */
    private static Map<String, String> ownDatabase(Evenstock.Running evenstock) throws IOException {
        Map<String, String> settings = new HashMap<>();
        settings.put("EVENSTOCK_DB_URL", evenstock.newDatabase("upgrade"));
        settings.put("EVENSTOCK_WORK_DIR", evenstock.newFolder("work").toString());
        settings.put("EVENSTOCK_FEED_ENABLED", "false");
        return settings;
    }

    private static Path nextRelease(Evenstock.Running evenstock) throws IOException {
        Path war = evenstock.newFolder("next").resolve("evenstock.war");
        WebArchive next = BuiltWar.with();
        String functions =
                new String(next.get(FUNCTIONS).getAsset().openStream().readAllBytes(), StandardCharsets.UTF_8);
        next.add(new StringAsset(functions + "\n-- The next release has them anew.\n"), FUNCTIONS)
                .addAsResource(new StringAsset(NEXT_TABLES), "db/migration/V9000__next_release.sql")
                .as(ZipExporter.class)
                .exportTo(war.toFile());
        return war;
    }

    private static EvenstockServer launch(Evenstock.Running evenstock, Path war, Map<String, String> settings)
            throws IOException {
        return evenstock.launch(EvenstockServer.chosen(), war, "upgrade", settings);
    }

    private ApiClient join(Evenstock.Running evenstock, EvenstockServer node) throws IOException {
        ApiClient api = evenstock.apiOf(node.awaitReady(EvenstockServer.BOOT_LIMIT));
        rotation.add(api);
        return api;
    }

    /** The new node joins, then the old one stops in good order; the tills find out only by what it answers. */
    private EvenstockServer replace(
            Evenstock.Running evenstock, EvenstockServer old, Path next, Map<String, String> settings)
            throws IOException {
        EvenstockServer node = launch(evenstock, next, settings);
        join(evenstock, node);
        awaitSales();
        old.close();
        rotation.remove(0);
        awaitSales();
        return node;
    }

    private static void makeKnown(ApiClient api) throws IOException {
        api.call("PUT", "/api/facilities", Shop.json("""
                [{"facilityId":"001-101","name":"Upgrade"}]"""));
        for (int product = 0; product < PRODUCTS; product++) {
            api.call("PUT", "/api/products", Shop.json("""
                    [{"productId":"P%1$d","name":"P%1$d","active":true,"identifications":[{"idType":"SKU","idValue":"%1$d"}]}]
                    """.formatted(product)));
        }
    }

    private List<Future<?>> open(ExecutorService tills) {
        List<Future<?>> selling = new ArrayList<>();
        for (int till = 0; till < TILLS; till++) {
            String name = "till-" + till;
            selling.add(tills.submit(() -> sell(name)));
        }
        return selling;
    }

    private void close(ExecutorService tills, List<Future<?>> selling) throws Exception {
        open = false;
        for (Future<?> each : selling) {
            each.get(2, TimeUnit.MINUTES);
        }
        tills.shutdown();
    }

    private void awaitSales() {
        int goal = answered.get() + SALES_AT_EACH_STAGE;
        await().atMost(Duration.ofMinutes(3)).until(() -> answered.get() >= goal);
    }

    private void sell(String till) {
        for (int sale = 0; open; sale++) {
            int product = sale % PRODUCTS;
            tell(Shop.json("""
                    {"facilityId":"001-101","idType":"SKU","idValue":"%d","availableDelta":-1,"varianceReasonId":"POS_SALE",
                     "eventId":"%s-%d"}""".formatted(product, till, sale)).asJsonObject());
            sold.incrementAndGet(product);
            answered.incrementAndGet();
            await().pollDelay(PACE).until(() -> true);
        }
    }

    /** Tells a sale to one node after the other until one answers. */
    private void tell(JsonObject sale) {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (true) {
            String trouble = trouble(sale);
            if (trouble.isEmpty()) {
                return;
            }
            if (System.nanoTime() > deadline) {
                throw new AssertionError(trouble + " is not cured by telling again: " + sale);
            }
            cured.computeIfAbsent(trouble, each -> new LongAdder()).increment();
            await().pollDelay(Duration.ofMillis(50)).until(() -> true);
        }
    }

    private String trouble(JsonObject sale) {
        ApiClient node = rotation.get(Math.floorMod(turns.getAndIncrement(), rotation.size()));
        try {
            Answer answer = node.post("/api/UpdateInventory", sale);
            if (answer.status() / 100 == 4 && answer.status() != 404) {
                throw new AssertionError("no till would tell again after " + answer);
            }
            return answer.succeeded() ? "" : "status " + answer.status() + ": " + answer.problem();
        } catch (IOException unreachable) {
            return unreachable.getClass().getSimpleName();
        }
    }

    private void requireAllSales(ApiClient node) {
        for (int product = 0; product < PRODUCTS; product++) {
            try {
                assertEquals(
                        -sold.get(product),
                        node.get("/api/inventory?facilityId=001-101&idType=SKU&idValue=" + product)
                                .asJsonObject()
                                .getInt("quantityOnHand"));
            } catch (IOException failure) {
                throw new UncheckedIOException(failure);
            }
        }
    }
}
