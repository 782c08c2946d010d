package io.evenstock.system;

import static io.evenstock.system.RawClient.header;
import static io.evenstock.system.RawClient.json;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.evenstock.lab.EvenstockServer;
import io.evenstock.system.RawClient.Made;
import jakarta.json.JsonObject;
import jakarta.json.JsonValue;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Who may call what: keys, their roles and facilities, their beginning and their end. */
@ExtendWith(Evenstock.class)
class AccessIT {
    private static final List<String> ROLES = List.of("pos", "integration", "operator", "admin");
    private static final Map<String, Made> KEYS = new HashMap<>();

    private static RawClient as(String role, Evenstock.Running evenstock) throws IOException {
        Made key = KEYS.get(role);
        if (key == null) {
            String facilities = role.equals("pos") ? ",\"facilities\":[\"acc-1\",\"acc-new\"]" : "";
            key = evenstock.raw().make("access " + role, role, facilities);
            KEYS.put(role, key);
        }
        return evenstock.raw().withKey(key.key());
    }

    /** The calls do nothing where they are allowed: what they ask for is malformed, or not there. */
    @ParameterizedTest
    @CsvSource({
        "POST, /api/UpdateInventory, pos integration admin",
        "POST, /api/service/updateInventoryByIdentification, pos integration admin",
        "GET, /api/inventory?facilityId=acc-1, pos integration operator admin",
        "GET, /api/inventory/explanation?facilityId=acc-1, pos integration operator admin",
        "GET, /api/inventory/ledger?facilityId=acc-1, pos integration operator admin",
        "PUT, /api/facilities, integration admin",
        "PUT, /api/products, integration admin",
        "POST, /api/shipments, integration admin",
        "POST, /api/acknowledgements, integration admin",
        "GET, /api/cycles, operator admin",
        "GET, /api/cycles/2026-01-01, operator admin",
        "POST, /api/cycles/2026-01-01/nothing, operator admin",
        "GET, /api/runs, operator admin",
        "GET, /api/runs/999999, operator admin",
        "GET, /api/runs/999999/preview, operator admin",
        "POST, /api/runs/999999/approval, operator admin",
        "POST, /api/runs/999999/reversal, operator admin",
        "GET, /api/alerts, operator admin",
        "GET, /api/drift, operator admin",
        "GET, /api/drift/2026-01-01, operator admin",
        "GET, /api/sales-rates, operator admin",
        "GET, /api/users, admin",
        "POST, /api/users, admin",
        "POST, /api/users/999999/role, admin",
        "POST, /api/users/999999/password, admin",
        "POST, /api/users/999999/disable, admin",
        "POST, /api/users/999999/enable, admin",
        "GET, /api/keys, admin",
        "POST, /api/keys, admin",
        "DELETE, /api/keys/999999, admin",
        "GET, /api/health/ready, pos integration operator admin",
        "GET, /api/metrics, pos integration operator admin"
    })
    void eachRoleMayCallWhatTheTableSays(String method, String path, String allowed, Evenstock.Running evenstock)
            throws IOException {
        for (String role : ROLES) {
            HttpResponse<String> answer =
                    as(role, evenstock).call(method, path, method.matches("POST|PUT") ? "{}" : null);
            boolean may = List.of(allowed.split(" ")).contains(role);
            assertEquals(!may, answer.statusCode() == 403, () -> role + ": " + answer.statusCode() + answer.body());
            assertTrue(answer.statusCode() != 401 && answer.statusCode() < 500, () -> role + ": " + answer.body());
            if (!may) {
                assertEquals("/problems/forbidden", json(answer).getString("type"));
            }
        }
    }

    @Test
    void aKeyNeedsNoName(Evenstock.Running evenstock) throws IOException {
        for (int i = 0; i < 3; i++) {
            HttpResponse<String> made = evenstock.raw().call("POST", "/api/keys", "{\"role\":\"operator\"}");
            assertEquals(201, made.statusCode(), made::body);
            assertTrue(json(made).getString("name").startsWith("key-"), made::body);
        }
    }

    @Test
    void aStoresKeyIsForItsFacilitiesOnly(Evenstock.Running evenstock) throws IOException {
        Shop shop = evenstock.newShop();
        shop.knowFacilities("101", "102");
        shop.knowProducts(1);
        String own = shop.facility("101");
        RawClient till = evenstock
                .raw()
                .withKey(evenstock
                        .raw()
                        .make("till " + own, "pos", ",\"facilities\":[\"" + own + "\"]")
                        .key());

        assertEquals(
                200,
                till.call("POST", "/api/UpdateInventory", shop.movement("101", 1, -1, "a", shop.at("10:00")))
                        .statusCode());
        String unknown = shop.movement("999", 1, -1, "b", shop.at("10:00"));
        for (String sale : List.of(shop.movement("102", 1, -1, "b", shop.at("10:00")), unknown)) {
            HttpResponse<String> refused = till.call("POST", "/api/UpdateInventory", sale);
            assertEquals(403, refused.statusCode());
            assertEquals("/facilityId", json(refused).getString("pointer"));
            assertEquals(
                    403,
                    till.call("POST", "/api/service/updateInventoryByIdentification", sale)
                            .statusCode());
        }
        var answers = Shop.json(till.call(
                                "POST",
                                "/api/UpdateInventory",
                                "[" + unknown + "," + shop.movement("101", 1, -2, "c", shop.at("10:00")) + "]")
                        .body())
                .asJsonArray();
        assertEquals("REFUSED", answers.getJsonObject(0).getString("status"));
        assertEquals(403, answers.getJsonObject(0).getJsonObject("problem").getInt("status"));
        assertEquals("APPLIED", answers.getJsonObject(1).getString("status"));
        shop.expect("101", 1, -3, 0, 0);
        shop.expect("102", 1, 0, 0, 0);
        for (String call : List.of("inventory", "inventory/explanation", "inventory/ledger")) {
            String query = "/api/" + call + "?idType=UPCA&idValue=" + shop.upc(1) + "&facilityId=";
            assertEquals(200, till.get(query + own).statusCode(), call);
            assertEquals(403, till.get(query + shop.facility("102")).statusCode(), call);
            assertEquals(403, till.get(query + shop.facility("999")).statusCode(), call);
        }
        assertEquals(
                403,
                till.get("/api/inventory?facilityId=" + shop.facility("102")).statusCode());
        assertEquals(
                403,
                till.get("/api/inventory?facilityId=" + shop.facility("999")).statusCode());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "evs_",
                "Basic YTpi",
                "Bearer",
                "Bearer ",
                "Bearer evs_short",
                "bearer x y",
                "Bearer ' or 1=1 --"
            })
    void withoutAKeyThereIsNothing(String authorization, Evenstock.Running evenstock) throws IOException {
        RawClient nobody = evenstock.raw().withKey(null);
        HttpResponse<String> answer = authorization.isEmpty()
                ? nobody.get("/api/runs")
                : nobody.get("/api/runs", "Authorization", authorization);
        assertEquals(401, answer.statusCode());
        assertTrue(header(answer, "WWW-Authenticate").startsWith("Bearer"));
        assertEquals("application/problem+json", header(answer, "Content-Type").replaceAll(";.*", ""));
    }

    @Test
    void aKeyIsShownOnceAndKeptNowhere(Evenstock.Running evenstock) throws IOException {
        HttpResponse<String> made = evenstock.raw().call("POST", "/api/keys", """
                {"name":"shown once","role":"integration"}""");
        String key = json(made).getString("key");

        assertTrue(key.matches("evs_[A-Za-z0-9_-]{43}"), key);
        assertEquals("no-store", header(made, "Cache-Control"));
        String listed = evenstock.raw().get("/api/keys").body();
        assertTrue(listed.contains("shown once"));
        assertFalse(listed.contains(key.substring(8)));
        evenstock.raw().withKey(key).get("/api/nothing/here", "X-Request-Id", "shown-once");
        await().until(() -> Files.readString(evenstock.log()).contains("shown-once"));
        assertFalse(Files.readString(evenstock.log()).contains(key.substring(8)), "nor in the log");
        assertEquals(
                204,
                evenstock
                        .raw()
                        .delete("/api/keys/" + json(made).getInt("keyId"))
                        .statusCode());
    }

    @Test
    void twoKeysOfANameLiveSideBySideAndNoThird(Evenstock.Running evenstock) throws IOException {
        Made old = evenstock.raw().make("rotated", "integration", "");
        Made young = evenstock.raw().make("rotated", "integration", "");
        String third = "{\"name\":\"rotated\",\"role\":\"integration\"}";
        String path = "/api/inventory?facilityId=nowhere";

        assertEquals(409, evenstock.raw().call("POST", "/api/keys", third).statusCode());
        assertEquals(404, evenstock.raw().withKey(old.key()).get(path).statusCode());
        assertEquals(404, evenstock.raw().withKey(young.key()).get(path).statusCode());
        assertEquals(204, evenstock.raw().delete("/api/keys/" + old.keyId()).statusCode());
        assertEquals(401, evenstock.raw().withKey(old.key()).get(path).statusCode(), "at once");
        assertEquals(404, evenstock.raw().withKey(young.key()).get(path).statusCode());
        assertEquals(204, evenstock.raw().delete("/api/keys/" + old.keyId()).statusCode(), "again");
        HttpResponse<String> next = evenstock.raw().call("POST", "/api/keys", third);
        assertEquals(201, next.statusCode());
        evenstock.raw().delete("/api/keys/" + young.keyId());
        evenstock.raw().delete("/api/keys/" + json(next).getInt("keyId"));
    }

    @Test
    void anExpiredKeyIsWorthNothing(Evenstock.Running evenstock) throws IOException {
        String soon = Clock.systemUTC().instant().plusMillis(1_500).toString();
        Made key = evenstock.raw().make("expires", "operator", ",\"expiresAt\":\"" + soon + "\"");
        RawClient caller = evenstock.raw().withKey(key.key());

        assertEquals(200, caller.get("/api/runs").statusCode());
        await().atMost(Duration.ofSeconds(10))
                .until(() -> caller.get("/api/runs").statusCode() == 401);
        assertFalse(evenstock.raw().get("/api/keys").body().contains("\"expires\""));
        assertTrue(evenstock.raw().get("/api/keys?dead=true").body().contains("\"expires\""));
    }

    @Test
    void itsLastUseIsRecorded(Evenstock.Running evenstock) throws IOException {
        Made key = evenstock.raw().make("used", "operator", "");
        assertTrue(listed(evenstock, key).isNull("lastUsedAt"));
        evenstock.raw().withKey(key.key()).get("/api/runs");
        await().atMost(Duration.ofSeconds(20))
                .until(() -> !listed(evenstock, key).isNull("lastUsedAt"));
        evenstock.raw().delete("/api/keys/" + key.keyId());
    }

    @Test
    void theLastAdminStays(Evenstock.Running evenstock) throws IOException {
        int bootstrap = 0;
        for (JsonValue each : keys(evenstock)) {
            JsonObject key = each.asJsonObject();
            if (key.getString("name").equals("bootstrap")) {
                bootstrap = key.getInt("keyId");
            } else if (key.getString("role").equals("admin")) {
                evenstock.raw().delete("/api/keys/" + key.getInt("keyId"));
            }
        }
        KEYS.remove("admin");

        assertEquals(409, evenstock.raw().delete("/api/keys/" + bootstrap).statusCode());
        assertEquals(200, evenstock.raw().get("/api/keys").statusCode());
    }

    @Test
    void aKeyRevokedElsewhereEndsHereWithinSeconds(Evenstock.Running evenstock) throws IOException {
        try (EvenstockServer other = evenstock.node("other-keys", Map.of())) {
            Made key = evenstock.raw().make("two nodes", "operator", "");
            RawClient there = new RawClient(other.baseAddress(), key.key());
            assertEquals(200, there.get("/api/runs").statusCode(), "known there at once");
            evenstock.raw().delete("/api/keys/" + key.keyId());
            await().atMost(Duration.ofSeconds(8))
                    .until(() -> there.get("/api/runs").statusCode() == 401);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"name\":\" \",\"role\":\"pos\",\"facilities\":[\"a\"]}|/name",
                "{\"name\":\"x\"}|/role",
                "{\"name\":\"x\",\"role\":\"root\"}|/role",
                "{\"name\":\"x\",\"role\":\"pos\"}|/facilities",
                "{\"name\":\"x\",\"role\":\"pos\",\"facilities\":[\"a\",1]}|/facilities/1",
                "{\"name\":\"x\",\"role\":\"admin\",\"facilities\":[\"a\"]}|/facilities",
                "{\"name\":\"x\",\"role\":\"admin\",\"expiresAt\":\"2020-01-01T00:00:00Z\"}|/expiresAt",
                "{\"name\":\"x\",\"role\":\"admin\",\"rateLimit\":0}|/rateLimit"
            })
    void aKeyMustBeAskedForInFull(String body, String pointer, Evenstock.Running evenstock) throws IOException {
        HttpResponse<String> answer = evenstock.raw().call("POST", "/api/keys", body);
        assertEquals(400, answer.statusCode(), answer::body);
        assertEquals(pointer, json(answer).getString("pointer"));
    }

    private static JsonObject listed(Evenstock.Running evenstock, Made key) throws IOException {
        return keys(evenstock).stream()
                .map(JsonValue::asJsonObject)
                .filter(each -> each.getInt("keyId") == key.keyId())
                .findFirst()
                .orElseThrow();
    }

    private static List<JsonValue> keys(Evenstock.Running evenstock) throws IOException {
        return json(evenstock.raw().get("/api/keys?limit=1000")).getJsonArray("items");
    }
}
