package io.evenstock.system;

import static io.evenstock.system.RawClient.json;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.evenstock.lab.WebhookReceiver;
import jakarta.json.JsonObject;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** Somebody is called, by mail and by webhook, when something needs a person, and told when it is over. */
@ExtendWith(Evenstock.class)
@Execution(ExecutionMode.CONCURRENT)
class AlertIT {
    private static final Duration SOON = Duration.ofSeconds(60);

    @Test
    void aFileThatDoesNotComeIsToldAndItsComingToo(Evenstock.Running evenstock) throws IOException {
        Shop shop = evenstock.newShop();
        shop.knowFacilities("101");
        shop.knowProducts(1);
        shop.run("list");
        assertEquals("FAILED", shop.end("filter").getString("state"));
        String subject = "file " + shop.date();

        awaitTold(evenstock, subject, "alert.raised");
        JsonObject alert = alert(evenstock, subject).orElseThrow();
        assertEquals("FILE_LATE", alert.getString("cause"));
        assertTrue(alert.getBoolean("urgent"));
        assertTrue(alert.getString("text").contains("No Reset Inventory File"), alert::toString);
        assertEquals(
                "Evenstock: Retail Pro's file of " + shop.date() + " has not arrived",
                evenstock.alerts().mailed(subject).get(0));

        shop.upload(shop.row("101", 1, "5"));
        shop.run("filter", "reset");
        awaitTold(evenstock, subject, "alert.raised", "alert.over");
        assertEquals(Optional.empty(), alert(evenstock, subject));
        assertEquals(List.of(), evenstock.alerts().faults());
    }

    /** The second night's file has a thousandfold of what all facts make of it. */
    @Test
    void aFileFarFromOurFiguresIsTold(Evenstock.Running evenstock) throws IOException {
        Shop shop = evenstock.newShop();
        shop.knowFacilities("101");
        shop.knowProducts(1);
        night(shop, "2000");
        night(shop.nextDay(), "2000000");
        String subject = "drift " + shop.nextDay().date();

        awaitTold(evenstock, subject, "alert.raised");
        JsonObject alert = alert(evenstock, subject).orElseThrow();
        assertEquals("DRIFT", alert.getString("cause"));
        assertTrue(alert.getString("text").startsWith("1,998,000 units more and 0 less"), alert::toString);
        assertEquals("/console/drift?date=" + shop.nextDay().date(), alert.getString("link"));
        assertEquals(
                List.of(),
                evenstock.alerts().posted("drift " + shop.date()),
                "the first night has nothing to be compared with");

        int run = shop.nextDay().step("reset").getInt("runId");
        shop.succeed("POST", "/api/runs/" + run + "/reversal", "{\"reason\":\"a wrong file\"}");
        awaitTold(evenstock, subject, "alert.raised", "alert.over");
    }

    private static void night(Shop shop, String quantity) throws IOException {
        shop.run("list");
        shop.upload(shop.row("101", 1, quantity));
        shop.run("filter", "reset");
    }

    /** No timer asks for it again, and until it is run the quantity on hand is too high by its lines. */
    @Test
    void aVarianceThatComesBackIsToldUntilItIsRun(Evenstock.Running evenstock) throws IOException {
        Shop shop = evenstock.newShop();
        shop.knowFacilities("101");
        shop.knowProducts(1);
        shop.ship("1", "101", 1, 2, shop.at("00:10"));
        night(shop, "10");
        night(shop.nextDay(), "20");
        String subject = "variance " + shop.date();
        assertEquals("DROPPED", shop.step("variance").getString("state"));
        assertEquals(Optional.empty(), alert(evenstock, subject));

        int run = shop.nextDay().step("reset").getInt("runId");
        shop.succeed("POST", "/api/runs/" + run + "/reversal", "{\"reason\":\"a wrong file\"}");
        JsonObject alert = alert(evenstock, subject).orElseThrow();
        assertEquals("NOT_ASKED", alert.getString("cause"));
        assertTrue(alert.getString("text").contains("pending again"), alert::toString);
        assertEquals("/console/tonight?date=" + shop.date(), alert.getString("link"));

        shop.run("variance");
        assertEquals(Optional.empty(), alert(evenstock, subject));
        shop.expect("101", 1, 8, 0, 8);
    }

    @Test
    void aConsumerThatIsGoneIsToldOnce(Evenstock.Running evenstock) throws IOException {
        Shop shop = evenstock.newShop();
        shop.knowFacilities("101");
        shop.knowProducts(1);
        try (WebhookReceiver gone = new WebhookReceiver()) {
            gone.behave((call, exchange) -> 410);
            int id = json(evenstock
                            .raw()
                            .call(
                                    "POST",
                                    "/api/webhooks",
                                    "{\"url\":\"" + gone.url("localhost") + "\",\"after\":\"now\"}"))
                    .getInt("id");
            String subject = "webhook " + id;
            shop.move("101", 1, -1, "sale", shop.at("10:00"));
            awaitTold(evenstock, subject, "alert.raised");
            assertEquals(
                    "CONSUMER_DISABLED", alert(evenstock, subject).orElseThrow().getString("cause"));

            evenstock.raw().delete("/api/webhooks/" + id);
            awaitTold(evenstock, subject, "alert.raised", "alert.over");
        }
    }

    /** By both ways, each once. */
    private static void awaitTold(Evenstock.Running evenstock, String subject, String... types) {
        await(subject)
                .atMost(SOON)
                .until(() -> evenstock.alerts().posted(subject).size() >= types.length
                        && evenstock.alerts().mailed(subject).size() >= types.length);
        assertEquals(List.of(types), evenstock.alerts().posted(subject));
        assertEquals(types.length, evenstock.alerts().mailed(subject).size());
    }

    private static Optional<JsonObject> alert(Evenstock.Running evenstock, String subject) throws IOException {
        return json(evenstock.raw().get("/api/alerts")).getJsonArray("items").getValuesAs(JsonObject.class).stream()
                .filter(item -> item.getString("subject").equals(subject))
                .findFirst();
    }
}
