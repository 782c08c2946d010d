package io.evenstock.system;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.evenstock.lab.EvenstockServer;
import jakarta.json.JsonObject;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.ResourceLock;

/** Another node finishes what one began that was killed, or stood still for longer than its lease. */
@ExtendWith(Evenstock.class)
// A paused timer would keep the other node from going on.
@ResourceLock("timers")
class NodesIT {
    private static final String STORE = "101";
    /** The filter of the doomed node watches the file for so long that it is in the middle of its work. */
    private static final Map<String, String> SLOW = Map.of("EVENSTOCK_SFTP_STABLE_INTERVAL", "PT5S");

    @Test
    void aNodeThatIsKilledIsReplacedWithinAMinute(Evenstock.Running evenstock) throws Exception {
        Shop shop = prepared(evenstock);
        try (EvenstockServer doomed = evenstock.node("doomed", SLOW)) {
            begin(evenstock, shop, doomed);
            doomed.kill();
            awaitDone(shop);
        }
        finish(shop);
    }

    @Test
    void aNodeThatStoodStillChangesNothing(Evenstock.Running evenstock) throws Exception {
        Shop shop = prepared(evenstock);
        try (EvenstockServer stalled = evenstock.node("stalled", SLOW)) {
            begin(evenstock, shop, stalled);
            signal("STOP", stalled);
            awaitDone(shop);
            JsonObject done = shop.step("filter");
            signal("CONT", stalled);
            // What it finds first depends on where it stood: the file is gone, or the claim is lost.
            stalled.awaitReady(EvenstockServer.BOOT_LIMIT);
            await().atMost(Duration.ofMinutes(1))
                    .until(() -> String.join("\n", stalled.allLines()).contains("step=FILTER, fence=1] failed"));

            assertEquals(done, shop.step("filter"));
        }
        finish(shop);
    }

    private static Shop prepared(Evenstock.Running evenstock) throws IOException {
        Shop shop = evenstock.newShop();
        shop.knowFacilities(STORE);
        shop.knowProducts(1);
        shop.ship("open", STORE, 1, 2, shop.at("00:30"));
        shop.upload(shop.row(STORE, 1, "10"));
        shop.run("list");
        return shop;
    }

    private static void begin(Evenstock.Running evenstock, Shop shop, EvenstockServer node) throws IOException {
        assertEquals(
                202,
                evenstock
                        .apiOf(node)
                        .send("POST", "/api/cycles/" + shop.date() + "/filter", null)
                        .status());
        assertEquals("RUNNING", shop.step("filter").getString("state"));
    }

    private static void awaitDone(Shop shop) {
        JsonObject done = await().atMost(Duration.ofSeconds(60))
                .pollInterval(Duration.ofMillis(500))
                .until(
                        () -> shop.step("filter"),
                        step -> step.getString("state").equals("DONE"));
        assertEquals(2, done.getInt("attempt"), done::toString);
    }

    private static void finish(Shop shop) throws IOException {
        shop.run("reset");
        shop.expect(STORE, 1, 10, 2, 8);
        shop.run("variance");
        shop.expect(STORE, 1, 8, 0, 8);
    }

    private static void signal(String signal, EvenstockServer node) throws Exception {
        assertEquals(
                0,
                new ProcessBuilder(
                                "kill",
                                "-" + signal,
                                Long.toString(node.process().pid()))
                        .start()
                        .waitFor());
    }
}
