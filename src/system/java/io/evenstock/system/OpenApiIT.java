package io.evenstock.system;

import static io.evenstock.system.RawClient.header;
import static io.evenstock.system.RawClient.json;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.evenstock.http.OpenApiDocument;
import io.evenstock.http.OpenApiDocument.Operation;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import tools.jackson.databind.JsonNode;
import tools.jackson.dataformat.yaml.YAMLMapper;

/** The server answers as its OpenAPI document says, call by call. */
@ExtendWith(Evenstock.class)
class OpenApiIT {
    private static final Pattern LOADED = Pattern.compile("(?:src|href)=\"(/[^\"]+)\"");

    private final OpenApiDocument document = OpenApiDocument.read();
    private final List<String> faults = new ArrayList<>();
    private final Set<String> told = new TreeSet<>();

    @Test
    void everyAnswerIsAsTheDocumentSays(Evenstock.Running evenstock) throws IOException {
        Shop shop = evenstock.newShop();
        RawClient raw = evenstock.raw();
        String facility = shop.facility("101");
        String pair = "?facilityId=" + facility + "&idType=UPCA&idValue=" + shop.upc(1);

        checkFacts(raw, shop);
        checkFigures(raw, facility, pair);
        checkCycle(raw, shop);
        checkReasons(raw, pair);
        checkDrift(raw, shop.date().toString(), facility);
        checkRuns(raw, shop.step("reset").getInt("runId"));
        checkKeys(raw, facility);
        checkTimers(raw);
        checkUsers(raw);
        checkDownstream(raw, facility);
        check(raw, "GET", "/api/health/live", null, 200);
        check(raw, "GET", "/api/health/ready", null, 200);
        check(raw, "GET", "/api/metrics", null, 200);

        assertEquals(List.of(), faults);
        assertEquals(Set.of(), untold(), "calls that were not answered with success");
    }

    private Set<String> untold() {
        Set<String> untold = new TreeSet<>();
        document.operations().forEach(operation -> untold.add(operation.toString()));
        untold.removeAll(told);
        // Of these a step's start is not awaited here, and no run is held.
        untold.remove("POST /api/cycles/{businessDate}/{step}");
        untold.remove("GET /api/runs/{id}/preview");
        untold.remove("POST /api/runs/{id}/approval");
        return untold;
    }

    private void checkFacts(RawClient raw, Shop shop) throws IOException {
        check(raw, "PUT", "/api/facilities", "[{\"facilityId\":\"" + shop.facility("101") + "\"}]", 200);
        check(raw, "PUT", "/api/facilities", "[{}]", 400);
        check(raw, "PUT", "/api/products", product(shop), 200);
        check(raw, "PUT", "/api/products", "x", 400);
        String sale = shop.movement("101", 1, -1, "sale", shop.at("10:00"));
        check(raw, "POST", "/api/UpdateInventory", sale, 200);
        check(raw, "POST", "/api/UpdateInventory", sale, 200);
        check(raw, "POST", "/api/UpdateInventory", shop.movement("101", 1, -2, "sale", shop.at("10:00")), 409);
        check(raw, "POST", "/api/UpdateInventory", shop.movement("999", 1, -2, "sale", shop.at("10:00")), 202);
        check(raw, "POST", "/api/UpdateInventory?figures=true", "[" + sale + ",{}]", 200);
        check(raw, "POST", "/api/UpdateInventory", "{}", 400);
        check(raw, "POST", "/api/service/updateInventoryByIdentification", sale, 200);
        check(raw, "POST", "/api/shipments", shipment(shop), 200);
        check(raw, "POST", "/api/shipments", "[]", 400);
        check(raw, "POST", "/api/acknowledgements", acknowledgement(shop), 200);
        check(raw, "POST", "/api/acknowledgements", "{}", 400);
    }

    private void checkFigures(RawClient raw, String facility, String pair) throws IOException {
        check(raw, "GET", "/api/inventory" + pair, null, 200);
        check(raw, "GET", "/api/inventory?limit=1&facilityId=" + facility, null, 200);
        check(raw, "GET", "/api/inventory?facilityId=unheard-of", null, 404);
        check(raw, "GET", "/api/movements" + pair, null, 200);
        check(raw, "GET", "/api/movements?facilityId=" + facility + "&from=never", null, 400);
        check(raw, "GET", "/api/tills?facilityId=" + facility, null, 200);
    }

    private void checkCycle(RawClient raw, Shop shop) throws IOException {
        String cycle = "/api/cycles/" + shop.date();
        check(raw, "GET", cycle, null, 200);
        check(raw, "GET", "/api/cycles/never", null, 400);
        String row = shop.row("101", 1, "10");
        shop.upload(row, shop.row("101", 1, "x"), row, row, row);
        check(raw, "POST", cycle + "/filter", null, 409);
        check(raw, "POST", cycle + "/nothing", null, 404);
        shop.run("list", "filter", "reset");
        check(raw, "POST", cycle + "/reset", null, 409);
        check(raw, "GET", cycle, null, 200);
        check(raw, "GET", "/api/cycles?limit=5", null, 200);
    }

    private void checkReasons(RawClient raw, String pair) throws IOException {
        check(raw, "GET", "/api/inventory" + pair, null, 200);
        check(raw, "GET", "/api/inventory/explanation" + pair, null, 200);
        check(raw, "GET", "/api/inventory/explanation", null, 400);
        check(raw, "GET", "/api/inventory/ledger" + pair, null, 200);
        check(raw, "GET", "/api/inventory/ledger", null, 400);
    }

    private void checkRuns(RawClient raw, long run) throws IOException {
        String path = "/api/runs/" + run;
        check(raw, "GET", "/api/runs?limit=3", null, 200);
        check(raw, "GET", path, null, 200);
        check(raw, "GET", "/api/runs/999999", null, 404);
        check(raw, "GET", path + "/preview", null, 409);
        check(raw, "POST", path + "/approval", "{\"approve\":true,\"reason\":\"x\"}", 409);
        check(raw, "POST", path + "/approval", "{}", 400);
        check(raw, "POST", path + "/reversal", "{\"reason\":\"tried out\"}", 200);
        check(raw, "POST", path + "/reversal", "{\"reason\":\"tried out\"}", 409);
    }

    private void checkKeys(RawClient raw, String facility) throws IOException {
        String key = "{\"name\":\"documented\",\"role\":\"pos\",\"facilities\":[\"" + facility + "\"]}";
        HttpResponse<String> made = check(raw, "POST", "/api/keys", key, 201);
        check(raw, "POST", "/api/keys", "{}", 400);
        check(raw, "GET", "/api/keys?dead=true", null, 200);
        check(raw.withKey(json(made).getString("key")), "GET", "/api/runs", null, 403);
        check(raw, "DELETE", URI.create(header(made, "Location")).getPath(), null, 204);
        check(raw, "DELETE", "/api/keys/999999", null, 404);
    }

    private void checkTimers(RawClient raw) throws IOException {
        check(raw, "GET", "/api/timers", null, 200);
        check(raw, "POST", "/api/timers/list/pause", "{\"reason\":\"tried out\"}", 200);
        check(raw, "POST", "/api/timers/list/resume", null, 200);
    }

    private void checkUsers(RawClient raw) throws IOException {
        String user = "{\"name\":\"documented\",\"role\":\"viewer\"}";
        String path = "/api/users/"
                + json(check(raw, "POST", "/api/users", user, 201)).getInt("userId");
        check(raw, "POST", "/api/users", user, 409);
        check(raw, "POST", "/api/users", "{\"name\":\"<b>\",\"role\":\"viewer\"}", 400);
        check(raw, "GET", "/api/users", null, 200);
        check(raw, "POST", path + "/role", "{\"role\":\"operator\"}", 200);
        check(raw, "POST", path + "/role", "{\"role\":\"king\"}", 400);
        check(raw, "POST", path + "/password", null, 200);
        check(raw, "POST", path + "/disable", null, 200);
        check(raw, "POST", path + "/enable", null, 200);
        check(raw, "POST", "/api/users/999999/disable", null, 404);
    }

    private void checkDrift(RawClient raw, String date, String facility) throws IOException {
        await().atMost(Duration.ofSeconds(60))
                .until(() -> raw.get("/api/drift/" + date).statusCode() == 200);
        check(raw, "GET", "/api/drift?limit=3&facilityId=" + facility, null, 200);
        check(raw, "GET", "/api/drift?limit=0", null, 400);
        check(raw, "GET", "/api/drift/" + date, null, 200);
        check(raw, "GET", "/api/drift/" + date + "?facilityId=" + facility, null, 200);
        check(raw, "GET", "/api/drift/2001-01-01", null, 404);
        check(raw, "GET", "/api/drift/never", null, 400);
        check(raw, "GET", "/api/sales-rates", null, 200);
        check(raw, "GET", "/api/sales-rates?limit=0", null, 400);
    }

    private void checkDownstream(RawClient raw, String facility) throws IOException {
        check(raw, "PUT", "/api/channels", "[{\"name\":\"documented\",\"facilities\":[\"" + facility + "\"]}]", 200);
        check(raw, "PUT", "/api/channels", "[{}]", 400);
        check(raw, "GET", "/api/channels", null, 200);
        check(raw, "GET", "/api/inventory/changes?limit=2", null, 200);
        check(raw, "GET", "/api/inventory/changes?channel=documented", null, 200);
        check(raw, "GET", "/api/inventory/changes?after=x", null, 400);
        String target = "{\"url\":\"http://localhost:1/\",\"after\":\"now\"}";
        String webhook = "/api/webhooks/"
                + json(check(raw, "POST", "/api/webhooks", target, 201)).getInt("id");
        check(raw, "POST", "/api/webhooks", "{\"url\":\"http://10.0.0.1/\"}", 400);
        check(raw, "POST", webhook + "/pause", null, 200);
        check(raw, "POST", webhook + "/rotation", null, 200);
        check(raw, "POST", webhook + "/replay", null, 200);
        check(raw, "POST", webhook + "/resume", null, 200);
        check(raw, "GET", webhook, null, 200);
        check(raw, "GET", "/api/webhooks", null, 200);
        check(raw, "GET", "/api/downstream", null, 200);
        check(raw, "GET", "/api/self-audit", null, 200);
        check(raw, "GET", "/api/alerts", null, 200);
        check(raw, "DELETE", webhook, null, 204);
        checkStore(raw, facility);
        String channel = "{\"url\":\"http://localhost:1/\",\"after\":\"now\",\"channel\":\"documented\"}";
        String told = "/api/webhooks/"
                + json(check(raw, "POST", "/api/webhooks", channel, 201)).getInt("id");
        check(raw, "DELETE", "/api/channels/documented", null, 409);
        check(raw, "DELETE", told, null, 204);
        check(raw, "DELETE", "/api/channels/documented", null, 204);
        check(raw, "DELETE", "/api/channels/documented", null, 404);
    }

    private void checkStore(RawClient raw, String facility) throws IOException {
        String target = "{\"target\":\"shopify\",\"url\":\"http://localhost:1/graphql.json\",\"token\":\"shpat_x\"}";
        String store = "/api/webhooks/"
                + json(check(raw, "POST", "/api/webhooks", target, 201)).getInt("id");
        check(raw, "PUT", store + "/mapping", """
                {"locations":[{"facilityId":"%s","locationId":"gid://shopify/Location/1"}],
                 "items":[{"productId":"unheard-of","inventoryItemId":"gid://shopify/InventoryItem/2"}]}
                """.formatted(facility), 200);
        check(raw, "PUT", store + "/mapping", "{\"items\":[{}]}", 400);
        check(raw, "POST", store + "/rotation", null, 409);
        check(raw, "GET", store, null, 200);
        check(raw, "DELETE", store, null, 204);
        check(raw, "PUT", store + "/mapping", "{}", 404);
    }

    @Test
    void nobodyWithoutAKeyGetsAnotherAnswer(Evenstock.Running evenstock) throws IOException {
        for (Operation operation : document.operations()) {
            String path = operation.path().replaceAll("\\{[^}]+}", "1");
            check(
                    evenstock.raw().withKey(null),
                    operation.method(),
                    path,
                    null,
                    401,
                    "X-Forwarded-For",
                    "203.0.113.20");
        }
        assertEquals(List.of(), faults);
    }

    @Test
    void theServerTellsTheDocument(Evenstock.Running evenstock) throws IOException {
        HttpResponse<String> ours = evenstock.raw().withKey(null).get("/api-docs/openapi.yaml");
        assertEquals(200, ours.statusCode());
        assertEquals(document.root(), new YAMLMapper().readTree(ours.body()));
        JsonNode merged = new YAMLMapper()
                .readTree(evenstock.raw().withKey(null).get("/openapi").body());
        assertTrue(merged.get("openapi").stringValue().startsWith("3."));
        Set<String> paths = new TreeSet<>(document.root().get("paths").propertyNames());
        assertEquals(paths, new TreeSet<>(merged.get("paths").propertyNames()));
        for (Operation operation : document.operations()) {
            JsonNode there = merged.get("paths")
                    .get(operation.path())
                    .get(operation.method().toLowerCase(Locale.ROOT));
            assertEquals(
                    new TreeSet<>(operation.node().get("responses").propertyNames()),
                    new TreeSet<>(there.get("responses").propertyNames()),
                    operation::toString);
        }
    }

    @Test
    void thePageLoadsWhatIsHereAndNothingElse(Evenstock.Running evenstock) throws IOException {
        RawClient anybody = evenstock.raw().withKey(null);
        HttpResponse<String> page = anybody.get("/api-docs/");
        assertEquals(200, page.statusCode());
        assertTrue(header(page, "Content-Security-Policy").contains("default-src 'none'"));
        assertFalse(header(page, "Content-Security-Policy").contains("unsafe"));
        assertFalse(page.body().matches("(?s).*(src|href)=\"(https?:)?//.*"), "nothing from elsewhere");
        Matcher loaded = LOADED.matcher(page.body());
        int files = 0;
        while (loaded.find()) {
            assertEquals(200, anybody.get(loaded.group(1)).statusCode(), loaded::group);
            files++;
        }
        assertTrue(files >= 4, page::body);
    }

    private HttpResponse<String> check(
            RawClient caller, String method, String path, @Nullable String body, int status, String... headers)
            throws IOException {
        HttpResponse<String> answer = caller.call(method, path, body, headers);
        assertEquals(status, answer.statusCode(), () -> method + " " + path + ": " + answer.body());
        String plain = path.replaceAll("\\?.*", "");
        document.faults(method, plain, status, header(answer, "Content-Type"), answer.body())
                .forEach(fault -> faults.add(method + " " + plain + " " + status + ": " + fault));
        if (status < 300) {
            document.operations().stream()
                    .filter(operation -> operation.matches(method, plain))
                    .forEach(operation -> told.add(operation.toString()));
        }
        return answer;
    }

    private static String product(Shop shop) {
        return """
                [{"productId":"%s","identifications":[{"idType":"UPCA","idValue":"%s"}]}]""".formatted(shop.productId(1), shop.upc(1));
    }

    private static String shipment(Shop shop) {
        return """
                [{"shipmentId":"%s","facilityId":"%s","shippedAt":"%s","items":[
                  {"shipmentItemSeqId":"1","idType":"UPCA","idValue":"%s","quantity":2}]}]""".formatted(shop.shipment("1"), shop.facility("101"), shop.at("00:10"), shop.upc(1));
    }

    private static String acknowledgement(Shop shop) {
        return """
                [{"shipmentId":"%s","shipmentItemSeqId":"2","acknowledgedAt":"%s"}]""".formatted(shop.shipment("1"), shop.at("00:30"));
    }
}
