package io.evenstock.system;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.evenstock.lab.Answer;
import io.evenstock.lab.ApiClient;
import io.evenstock.lab.EvenstockServer;
import jakarta.json.JsonObject;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What an operator decides: held runs (R12), reversal (R13). */
@ExtendWith(Evenstock.class)
class ReviewIT {
    private static final String STORE = "101";
    private static final int USUAL_NIGHTS = 7;

    @Test
    void anImplausibleRunIsHeldWithAPreviewUntilAnOperatorDecides(Evenstock.Running evenstock) throws IOException {
        Shop shop = evenstock.newestShop();
        shop.knowFacilities(STORE, "102");
        shop.knowProducts(1, 2, 3);
        for (int night = 0; night < USUAL_NIGHTS; night++) {
            shop.upload(shop.row(STORE, 1, "10"), shop.row(STORE, 2, "10"), shop.row("102", 1, "10"));
            shop.run("list", "filter", "reset", "variance");
            shop = shop.nextDay();
        }
        try (EvenstockServer strict = evenstock.node("strict", Map.of("EVENSTOCK_PLAUSIBILITY_ENABLED", "true"))) {
            refused(shop, evenstock.apiOf(strict));
            approved(shop, evenstock.apiOf(strict));
        }
    }

    private static void refused(Shop shop, ApiClient strict) throws IOException {
        shop.upload(shop.row(STORE, 1, "0"));
        shop.run("list", "filter");
        JsonObject held = shop.end(strict, "reset");
        assertEquals("HELD", held.getString("state"), held::toString);
        assertTrue(held.getString("reason").contains("it has 1 row, usually 3"), held::toString);
        assertTrue(held.getString("reason").contains("1 of the last file's 2 facilities are missing"), held::toString);
        assertTrue(held.getString("reason").contains("100 % of its quantities are 0"), held::toString);
        shop.expect(STORE, 1, 10, 0, 10);

        JsonObject preview =
                strict.get("/api/runs/" + held.getInt("runId") + "/preview").asJsonObject();
        JsonObject facility = preview.getJsonArray("facilities").getJsonObject(0);
        assertEquals(shop.facility(STORE), facility.getString("facilityId"), preview::toString);
        assertEquals(10, facility.getInt("unitsLost"));
        assertEquals(0, facility.getInt("unitsGained"));
        assertEquals(
                shop.productId(1),
                preview.getJsonArray("topMovers").getJsonObject(0).getString("productId"));
        assertTrue(preview.getJsonArray("activeProductsLacking").size() > 0);

        decide(shop, held.getInt("runId"), false);
        assertEquals("PLANNED", shop.step("filter").getString("state"));
        shop.expect(STORE, 1, 10, 0, 10);
        Answer again = shop.api().send("POST", "/api/runs/" + held.getInt("runId") + "/approval", Shop.json("""
                {"approve":true,"reason":"late"}"""));
        assertEquals(409, again.status(), again::problem);
    }

    private static void approved(Shop shop, ApiClient strict) throws IOException {
        shop.upload(shop.row(STORE, 1, "4"), shop.row("102", 1, "-3"));
        shop.run("filter");
        JsonObject held = shop.end(strict, "reset");
        assertEquals("HELD", held.getString("state"), held::toString);
        JsonObject preview =
                strict.get("/api/runs/" + held.getInt("runId") + "/preview").asJsonObject();
        assertEquals(-3, preview.getJsonArray("goingNegative").getJsonObject(0).getInt("after"), preview::toString);

        decide(shop, held.getInt("runId"), true);

        awaitState(shop, "reset", "DONE");
        shop.expect(STORE, 1, 4, 0, 4);
        shop.expect("102", 1, -3, 0, 0);
        JsonObject run = shop.api().get("/api/runs/" + held.getInt("runId")).asJsonObject();
        assertEquals("APPLIED", run.getString("state"));
        assertEquals("tried by a test", run.getString("reason"));
    }

    @Test
    void ofAnEditedFileTheRecordedOneIsApplied(Evenstock.Running evenstock) throws IOException {
        Shop shop = openShop(evenstock);
        shop.upload(shop.row(STORE, 1, "5"));
        shop.run("list", "filter");
        Path filtered = shop.filtered().resolve(shop.filteredFileName());
        edit(filtered, ",5\r\n", ",500\r\n");

        JsonObject held = shop.end("reset");

        assertEquals("HELD", held.getString("state"), held::toString);
        assertTrue(held.getString("reason").contains("somebody edited it"), held::toString);
        assertTrue(held.getString("reason").contains("added 'long\",500'"), held::toString);
        assertTrue(held.getString("reason").contains("removed 'long\",5'"), held::toString);
        shop.expect(STORE, 1, 0, 0, 0);
        JsonObject mover = shop.api()
                .get("/api/runs/" + held.getInt("runId") + "/preview")
                .asJsonObject()
                .getJsonArray("topMovers")
                .getJsonObject(0);
        assertEquals(shop.productId(1), mover.getString("productId"), mover::toString);
        assertEquals(5, mover.getInt("after"), "what was written, not what somebody made of it");
        decide(shop, held.getInt("runId"), true);
        awaitState(shop, "reset", "DONE");
        shop.expect(STORE, 1, 5, 0, 5);
    }

    @Test
    void anApprovedResetDoesNotLetAnEditedVarianceFilePass(Evenstock.Running evenstock) throws IOException {
        Shop shop = openShop(evenstock);
        shop.ship("1", STORE, 1, 2, shop.at("00:10"));
        shop.upload(shop.row(STORE, 1, "5"));
        shop.run("list", "filter");
        edit(shop.filtered().resolve(shop.filteredFileName()), ",5\r\n", ",500\r\n");
        decide(shop, shop.end("reset").getInt("runId"), true);
        awaitState(shop, "reset", "DONE");
        edit(shop.variance().resolve(shop.varianceFileName()), ",-2,", ",-4,");

        JsonObject held = shop.end("variance");

        assertEquals("HELD", held.getString("state"), held::toString);
        shop.expect(STORE, 1, 5, 2, 3);
        decide(shop, held.getInt("runId"), true);
        awaitState(shop, "variance", "DONE");
        shop.expect(STORE, 1, 3, 0, 3);
    }

    @Test
    void ofAnEditedVarianceFileTheRecordedOneIsApplied(Evenstock.Running evenstock) throws IOException {
        Shop shop = openShop(evenstock);
        shop.ship("1", STORE, 1, 2, shop.at("00:10"));
        shop.upload(shop.row(STORE, 1, "5"));
        shop.run("list", "filter", "reset");
        Path variance = shop.variance().resolve(shop.varianceFileName());
        edit(variance, ",-2,", ",-4,");

        JsonObject held = shop.end("variance");

        assertEquals("HELD", held.getString("state"), held::toString);
        Answer refusal = shop.api().send("POST", "/api/runs/" + held.getInt("runId") + "/approval", Shop.json("""
                {"approve":false,"reason":"what was written cannot be taken back this way"}"""));
        assertEquals(409, refusal.status(), refusal::problem);
        assertEquals("HELD", shop.step("variance").getString("state"));
        shop.expect(STORE, 1, 5, 2, 3);
        decide(shop, held.getInt("runId"), true);
        awaitState(shop, "variance", "DONE");
        shop.expect(STORE, 1, 3, 0, 3);
    }

    @Test
    void anUndoneRunLeavesWhatWouldBeWithoutItAndACorrectedFileMayFollow(Evenstock.Running evenstock)
            throws IOException {
        Shop shop = openShop(evenstock);
        shop.upload(shop.row(STORE, 1, "10"));
        shop.run("list", "filter", "reset", "variance");
        Shop next = shop.nextDay();
        next.ship("1", STORE, 1, 1, next.at("00:10"));
        next.upload(shop.row(STORE, 1, "100"));
        next.run("list", "filter", "reset");
        shop.move(STORE, 1, -2, "sale", next.at("03:00"));
        next.expect(STORE, 1, 98, 1, 97);
        int run = next.step("reset").getInt("runId");

        next.succeed("POST", "/api/runs/" + run + "/reversal", "{\"reason\":\"a zero too many\"}");

        next.expect(STORE, 1, 7, 0, 7);
        for (String step : new String[] {"filter", "reset", "variance"}) {
            assertEquals("PLANNED", next.step(step).getString("state"));
        }
        assertEquals(
                409,
                next.api()
                        .send("POST", "/api/runs/" + run + "/reversal", Shop.json("{\"reason\":\"again\"}"))
                        .status());
        next.upload(shop.row(STORE, 1, "11"));
        next.run("filter", "reset");
        next.expect(STORE, 1, 9, 1, 8);
        next.run("variance");
        next.expect(STORE, 1, 8, 0, 8);
        next.awaitFile(next.inbox().resolve("archive").resolve(next.resetFileName()));
        next.awaitFile(next.inbox()
                .resolve("archive")
                .resolve(next.resetFileName() + ".2")); // the undone file is still there, too
    }

    @Test
    void aVarianceThatANewerRunLeavesNoLineIsDroppedAndComesBackWithAnUndo(Evenstock.Running evenstock)
            throws IOException {
        Shop shop = openShop(evenstock);
        shop.ship("1", STORE, 1, 2, shop.at("00:10"));
        shop.upload(shop.row(STORE, 1, "10"));
        shop.run("list", "filter", "reset");
        shop.expect(STORE, 1, 10, 2, 8);
        Shop next = shop.nextDay();
        next.upload(shop.row(STORE, 1, "20"));
        next.run("list", "filter", "reset");

        assertEquals("DROPPED", shop.step("variance").getString("state"));
        next.expect(STORE, 1, 20, 2, 18);
        int run = next.step("reset").getInt("runId");
        next.succeed("POST", "/api/runs/" + run + "/reversal", "{\"reason\":\"test\"}");

        assertEquals("PLANNED", shop.step("variance").getString("state"));
        shop.expect(STORE, 1, 10, 2, 8);
        shop.run("variance");
        shop.expect(STORE, 1, 8, 0, 8);
        assertFalse(next.step("variance").getString("state").equals("DONE"));
    }

    private static Shop openShop(Evenstock.Running evenstock) throws IOException {
        Shop shop = evenstock.newShop();
        shop.knowFacilities(STORE);
        shop.knowProducts(1);
        return shop;
    }

    private static void edit(Path file, String old, String edited) throws IOException {
        Shop.put(file, Files.readString(file).replace(old, edited).getBytes(StandardCharsets.UTF_8));
    }

    private static void decide(Shop shop, int runId, boolean approve) throws IOException {
        shop.succeed(
                "POST",
                "/api/runs/" + runId + "/approval",
                "{\"approve\":%b,\"reason\":\"tried by a test\"}".formatted(approve));
    }

    static void awaitState(Shop shop, String step, String state) {
        await().atMost(Duration.ofMinutes(1))
                .pollInterval(Duration.ofMillis(100))
                .until(() -> shop.step(step).getString("state").equals(state));
    }
}
