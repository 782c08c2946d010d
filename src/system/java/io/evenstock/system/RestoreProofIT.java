package io.evenstock.system;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.evenstock.lab.ApiClient;
import io.evenstock.lab.EvenstockServer;
import jakarta.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * A backup is taken by {@code pg_dump} while tills sell, and restored: what it holds adds up, tills that tell again what they
 * have told complete it, a consumer of the changes goes on with its cursor, and the next night is right.
 */
@ExtendWith(Evenstock.class)
class RestoreProofIT {
    private static final int FILE_QUANTITY = 1_000;
    private static final Duration SOON = Duration.ofSeconds(60);

    private final AtomicBoolean open = new AtomicBoolean(true);
    private final AtomicInteger sold = new AtomicInteger();

    @Test
    void aBackupTakenWhileTillsSellIsWholeAndTheNextNightIsRight(Evenstock.Running evenstock) throws Exception {
        assumeTrue(Proof.full(), "in full only: mvn -Pproof verify");
        String database = evenstock.newDatabase("backup");
        String restored = evenstock.newDatabase("restored");
        requireTools(evenstock);
        Path dump = evenstock.newFolder("backup").resolve("evenstock.dump");
        Shop shop;
        int known;
        Consumer consumer = new Consumer();
        try (EvenstockServer node = evenstock.node("before", own(evenstock, database))) {
            shop = evenstock.newShop().at(evenstock.apiOf(node));
            shop.knowFacilities("101");
            shop.knowProducts(1);
            shop.upload(shop.row("101", 1, String.valueOf(FILE_QUANTITY)));
            shop.run("list", "filter", "reset", "variance");
            Thread till = sell(shop);
            await().atMost(SOON).until(() -> sold.get() > 100);
            known = sold.get();
            tool(evenstock, "pg_dump", "--format=custom", "--file=" + dump, "--dbname=" + uri(database));
            int during = sold.get();
            await().atMost(SOON).until(() -> sold.get() > during + 100);
            open.set(false);
            till.join();
            shop.expect("101", 1, FILE_QUANTITY - sold.get(), 0, FILE_QUANTITY - sold.get());
            consumer.awaitOnHand(shop, FILE_QUANTITY - sold.get());
        }
        tool(evenstock, "pg_restore", "--no-owner", "--exit-on-error", "--dbname=" + uri(restored), dump.toString());
        try (EvenstockServer node = evenstock.node("after", own(evenstock, restored))) {
            ApiClient api = evenstock.apiOf(node);
            Shop back = shop.at(api);
            int held = FILE_QUANTITY - back.inventory("101", 1).getInt("quantityOnHand");
            assertTrue(held >= known && held < sold.get(), () -> "of " + sold + " sales the backup has " + held);
            assertEquals(held, movements(evenstock, restored), "the figure is the sum of its facts");
            consumer.awaitOnHand(back, FILE_QUANTITY - held);

            for (int sale = 0; sale < sold.get(); sale++) {
                JsonObject again = back.move("101", 1, -1, "sale-" + sale, shop.at("10:00"));
                assertEquals(sale < held ? "REPEATED" : "APPLIED", again.getString("status"));
            }
            back.expect("101", 1, FILE_QUANTITY - sold.get(), 0, FILE_QUANTITY - sold.get());
            consumer.awaitOnHand(back, FILE_QUANTITY - sold.get());

            Shop next = back.nextDay();
            next.upload(next.row("101", 1, "700"));
            next.run("list", "filter", "reset", "variance");
            next.expect("101", 1, 700, 0, 700);
            Proof.say("restore: the backup has %d of %d sales; all are there once the tills have told again"
                    .formatted(held, sold.get()));
        }
    }

    /** Keeps its cursor, and what it was told last of the one pair. */
    private static final class Consumer {
        private String cursor = "";
        private long version;
        private int onHand;

        void awaitOnHand(Shop shop, int expected) {
            await().atMost(SOON).until(() -> read(shop), known -> known == expected);
        }

        private int read(Shop shop) throws IOException {
            JsonObject page =
                    shop.api().get("/api/inventory/changes?after=" + cursor).asJsonObject();
            for (JsonObject told : page.getJsonArray("items").getValuesAs(JsonObject.class)) {
                long before = version;
                version = told.getJsonNumber("version").longValue();
                assertTrue(version > before, () -> told + " after version " + before);
                onHand = told.getInt("quantityOnHand");
            }
            cursor = page.getString("next");
            return onHand;
        }
    }

    private Thread sell(Shop shop) {
        Thread till = new Thread(() -> {
            try {
                while (open.get()) {
                    shop.move("101", 1, -1, "sale-" + sold.get(), shop.at("10:00"));
                    sold.incrementAndGet();
                }
            } catch (IOException refused) {
                throw new IllegalStateException(refused);
            }
        });
        till.start();
        return till;
    }

    private static Map<String, String> own(Evenstock.Running evenstock, String database) throws IOException {
        return Map.of(
                "EVENSTOCK_DB_URL",
                database,
                "EVENSTOCK_WORK_DIR",
                evenstock.newFolder("work").toString(),
                "EVENSTOCK_FEED_ENABLED",
                "false");
    }

    private static int movements(Evenstock.Running evenstock, String database) throws Exception {
        try (Connection connection = evenstock.connect(database);
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("select -coalesce(sum(quantity), 0) from movement")) {
            row.next();
            return row.getInt(1);
        }
    }

    /** A backup is made by tools of the server's version or a later one; the embedded server brings none. */
    private static void requireTools(Evenstock.Running evenstock) throws Exception {
        int server = Integer.parseInt(evenstock.query("select current_setting('server_version_num')::int / 10000"));
        int tools = 0;
        try {
            Process asked = new ProcessBuilder("pg_dump", "--version").start();
            String version = new String(asked.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            tools = Integer.parseInt(version.replaceAll("(?s)\\D*(\\d+).*", "$1"));
        } catch (IOException missing) {
            Proof.say("there is no pg_dump here");
        }
        boolean there = tools >= server;
        if (!there && Boolean.parseBoolean(System.getenv("EVENSTOCK_TEST_REQUIRED"))) {
            throw new IllegalStateException("pg_dump " + tools + " cannot dump PostgreSQL " + server);
        }
        assumeTrue(there, "pg_dump " + tools + " cannot dump PostgreSQL " + server);
    }

    private static void tool(Evenstock.Running evenstock, String... command) throws Exception {
        List<String> line = new ArrayList<>(List.of(command));
        ProcessBuilder builder = new ProcessBuilder(line).redirectErrorStream(true);
        builder.environment().put("PGUSER", evenstock.setting("EVENSTOCK_DB_USER"));
        builder.environment().put("PGPASSWORD", evenstock.setting("EVENSTOCK_DB_PASSWORD"));
        Process process = builder.start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, process.waitFor(), said);
    }

    private static String uri(String jdbc) {
        return URI.create(jdbc.substring("jdbc:".length())).toString();
    }
}
