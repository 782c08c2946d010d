package io.evenstock.system;

import static io.evenstock.system.RawClient.header;
import static io.evenstock.system.RawClient.json;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.evenstock.lab.Secrets;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.time.Duration;
import java.util.Collections;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A noisy caller is slowed down, and nobody else. */
@ExtendWith(Evenstock.class)
class RateLimitIT {
    private static final int BATCH = 1_000;
    private static final Duration PAUSE = Duration.ofMillis(500);

    @Test
    void anArrayCostsAsManyAsItHas(Evenstock.Running evenstock) throws IOException {
        Shop shop = evenstock.newShop();
        shop.knowFacilities("101");
        shop.knowProducts(1);
        String own = shop.facility("101");
        RawClient noisy = noisy(evenstock, own);
        String sale = shop.movement("101", 1, -1, "sale", shop.at("10:00"));

        HttpResponse<String> all = spendAll(noisy);
        assertEquals(200, all.statusCode());
        assertEquals("\"key\";q=1000;w=1000", header(all, "RateLimit-Policy"));
        assertTrue(header(all, "RateLimit").matches("\"key\";r=[0-3];t=\\d+"), header(all, "RateLimit"));
        HttpResponse<String> array =
                noisy.call("POST", "/api/UpdateInventory", "[" + sale + "," + sale + "," + sale + "," + sale + "]");

        assertEquals(429, array.statusCode());
        assertEquals("/problems/too-many-requests", json(array).getString("type"));
        assertTrue(Integer.parseInt(header(array, "Retry-After")) >= 1);
        shop.expect("101", 1, 0, 0, 0);
        assertEquals(200, evenstock.raw().get("/api/runs").statusCode(), "others do not notice");
        await().atMost(Duration.ofSeconds(20))
                .pollInterval(Duration.ofSeconds(1))
                .until(() -> noisy.call("POST", "/api/UpdateInventory", sale).statusCode() == 200);
        shop.expect("101", 1, -1, 0, 0);
    }

    @Test
    void aTillThatAsksOnIsRefusedAMomentLater(Evenstock.Running evenstock) throws IOException {
        Shop shop = evenstock.newShop();
        shop.knowFacilities("101");
        String own = shop.facility("101");
        RawClient noisy = noisy(evenstock, own);
        spendAll(noisy);

        await().until(() -> {
            long asked = System.nanoTime();
            int status = noisy.call("POST", "/api/UpdateInventory", "{}").statusCode();
            Duration took = Duration.ofNanos(System.nanoTime() - asked);
            assertTrue(status == 400 || (status == 429 && took.compareTo(PAUSE) >= 0), () -> status + " after " + took);
            return status == 429;
        });
        assertEquals(200, evenstock.raw().get("/api/runs").statusCode(), "others do not notice");
    }

    /** A till's key that may make one adjustment a second, and an array at once. */
    private static RawClient noisy(Evenstock.Running evenstock, String facility) throws IOException {
        RawClient admin = evenstock.raw();
        String rest = ",\"rateLimit\":1,\"facilities\":[\"" + facility + "\"]";
        return admin.withKey(admin.make("noisy " + facility, "pos", rest).key());
    }

    private static HttpResponse<String> spendAll(RawClient noisy) throws IOException {
        return noisy.call(
                "POST", "/api/UpdateInventory", "[" + String.join(",", Collections.nCopies(BATCH, "{}")) + "]");
    }

    @Test
    void whoTriesKeysIsSoonNotAnsweredAndOthersAre(Evenstock.Running evenstock) throws Exception {
        String[] from = {"X-Forwarded-For", "203.0.113.7"};
        RawClient stranger = evenstock.raw().withKey(madeOnAnotherNode(evenstock));
        assertEquals(200, evenstock.raw().get("/api/runs", from).statusCode());
        await().pollInterval(Duration.ofMillis(1)).until(() -> {
            HttpResponse<String> guess =
                    evenstock.raw().withKey(Secrets.apiKey()).get("/api/runs", from);
            assertTrue(guess.statusCode() == 401 || guess.statusCode() == 429, guess::body);
            return guess.statusCode() == 429 && !header(guess, "Retry-After").isEmpty();
        });
        HttpResponse<String> elsewhere =
                evenstock.raw().withKey(Secrets.apiKey()).get("/api/runs", "X-Forwarded-For", "203.0.113.8");

        assertEquals(401, elsewhere.statusCode(), "another address");
        assertEquals(200, evenstock.raw().get("/api/runs", from).statusCode(), "a right key from the same address");
        RawClient fresh = evenstock
                .raw()
                .withKey(evenstock.raw().make("fresh", "admin", "").key());
        assertEquals(200, fresh.get("/api/runs", from).statusCode(), "a key made since");
        assertEquals(200, stranger.get("/api/runs", from).statusCode(), "a key that this node has not seen");
    }

    /** A key that the server under test has not seen. */
    private static String madeOnAnotherNode(Evenstock.Running evenstock) throws Exception {
        String key = Secrets.apiKey();
        try (Connection database = evenstock.connect();
                PreparedStatement insert = database.prepareStatement("""
                        insert into api_key (name, key_sha256, hint, role, created_by)
                        values ('stranger', sha256(?::text::bytea), 'evs_', 'admin', 'another node')""")) {
            insert.setString(1, key);
            insert.executeUpdate();
        }
        return key;
    }

    @Test
    void everyAnswerTellsWhatIsLeft(Evenstock.Running evenstock) throws IOException {
        HttpResponse<String> answer = evenstock.raw().get("/api/runs");
        assertEquals("\"key\";q=50000;w=1", header(answer, "RateLimit-Policy"));
        assertTrue(
                header(answer, "RateLimit").matches("\"key\";r=(49\\d{3};t=1|50000;t=0)"), header(answer, "RateLimit"));
    }
}
