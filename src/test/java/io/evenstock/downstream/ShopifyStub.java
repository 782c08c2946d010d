package io.evenstock.downstream;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import jakarta.json.Json;
import jakarta.json.JsonArrayBuilder;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import jakarta.json.JsonReader;
import jakarta.json.JsonValue;
import java.io.IOException;
import java.io.StringReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A Shopify store as the published schema of 2026-04 has it, as far as {@code inventorySetQuantities} goes: all or nothing,
 * user errors by the path of their field, an idempotency key that must be there, a bucket of cost.
 */
final class ShopifyStub implements AutoCloseable {
    static final String TOKEN = "shpat_test";

    private static final int PRICE = 10;

    private final HttpServer server;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final Map<String, Long> quantities = new ConcurrentHashMap<>();
    private final Map<String, String> answered = new ConcurrentHashMap<>();
    private final Set<String> notStocked = ConcurrentHashMap.newKeySet();
    private final List<String> faults = new CopyOnWriteArrayList<>();
    private final List<Integer> sizes = new CopyOnWriteArrayList<>();
    private final AtomicInteger throttledCalls = new AtomicInteger();
    private final AtomicInteger slowCalls = new AtomicInteger();
    private final AtomicInteger serverErrors = new AtomicInteger();
    private volatile double available = 2_000;

    ShopifyStub() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/admin/api/2026-04/graphql.json", this::answer);
        server.setExecutor(threads);
        server.start();
    }

    String url() {
        return "http://localhost:" + server.getAddress().getPort() + "/admin/api/2026-04/graphql.json";
    }

    /** The next calls are answered THROTTLED, after the bucket is told to hold so much. */
    void throttle(int calls, double holds) {
        throttledCalls.set(calls);
        available = holds;
    }

    /** The next calls are answered after the time limit, when they have been processed. */
    void answerLate(int calls) {
        slowCalls.set(calls);
    }

    void fail(int calls) {
        serverErrors.set(calls);
    }

    void holds(double cost) {
        available = cost;
    }

    void stocked(String inventoryItemId) {
        notStocked.remove(inventoryItemId);
    }

    void notStocked(String inventoryItemId) {
        notStocked.add(inventoryItemId);
    }

    /** By item and location. */
    Map<String, Long> quantities() {
        return Map.copyOf(quantities);
    }

    List<String> faults() {
        return List.copyOf(faults);
    }

    List<Integer> sizes() {
        return List.copyOf(sizes);
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
            if (take(serverErrors)) {
                exchange.sendResponseHeaders(502, -1);
                return;
            }
            String answer = take(throttledCalls) ? throttled() : set(body, exchange);
            if (take(slowCalls)) {
                TimeUnit.MILLISECONDS.sleep(1_500);
            }
            byte[] bytes = answer.getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().set("Content-Type", "application/json");
            exchange.sendResponseHeaders(200, bytes.length);
            exchange.getResponseBody().write(bytes);
        } catch (InterruptedException stopping) {
            Thread.currentThread().interrupt();
        }
    }

    private static boolean take(AtomicInteger left) {
        return left.getAndUpdate(n -> Math.max(0, n - 1)) > 0;
    }

    private String throttled() {
        return Json.createObjectBuilder()
                .add(
                        "errors",
                        Json.createArrayBuilder()
                                .add(Json.createObjectBuilder()
                                        .add("message", "Throttled")
                                        .add(
                                                "extensions",
                                                Json.createObjectBuilder().add("code", "THROTTLED"))))
                .add("extensions", cost())
                .build()
                .toString();
    }

    private JsonObjectBuilder cost() {
        return Json.createObjectBuilder()
                .add(
                        "cost",
                        Json.createObjectBuilder()
                                .add("requestedQueryCost", PRICE)
                                .add("actualQueryCost", PRICE)
                                .add(
                                        "throttleStatus",
                                        Json.createObjectBuilder()
                                                .add("maximumAvailable", 2_000.0)
                                                .add("currentlyAvailable", available)
                                                .add("restoreRate", 100.0)));
    }

    private String set(String text, HttpExchange exchange) {
        JsonObject body = read(text);
        JsonObject variables = body.getJsonObject("variables");
        List<JsonObject> wanted =
                variables.getJsonObject("input").getJsonArray("quantities").getValuesAs(JsonObject.class);
        check(TOKEN.equals(exchange.getRequestHeaders().getFirst("X-Shopify-Access-Token")), "token", text);
        check(body.getString("query").contains("@idempotent(key: $key)"), "directive", text);
        check(wanted.size() <= 250, "size", text);
        check(wanted.stream().allMatch(each -> each.get("changeFromQuantity") == JsonValue.NULL), "opt-out", text);
        check("available".equals(variables.getJsonObject("input").getString("name")), "name", text);
        String before = answered.putIfAbsent(variables.getString("key"), text);
        check(before == null || before.equals(text), "the same key for other parameters", text);
        sizes.add(wanted.size());
        return Json.createObjectBuilder()
                .add(
                        "data",
                        Json.createObjectBuilder()
                                .add(
                                        "inventorySetQuantities",
                                        Json.createObjectBuilder().add("userErrors", applied(wanted))))
                .add("extensions", cost())
                .build()
                .toString();
    }

    private JsonArrayBuilder applied(List<JsonObject> wanted) {
        JsonArrayBuilder errors = Json.createArrayBuilder();
        boolean good = true;
        for (int i = 0; i < wanted.size(); i++) {
            if (notStocked.contains(wanted.get(i).getString("inventoryItemId"))) {
                good = false;
                errors.add(Json.createObjectBuilder()
                        .add("code", "ITEM_NOT_STOCKED_AT_LOCATION")
                        .add("field", Json.createArrayBuilder(List.of("input", "quantities", "" + i, "locationId")))
                        .add(
                                "message",
                                "The quantity couldn't be set because the item is not stocked at the location."));
            }
        }
        if (good) {
            wanted.forEach(each -> quantities.put(
                    each.getString("inventoryItemId") + "@" + each.getString("locationId"),
                    each.getJsonNumber("quantity").longValueExact()));
        }
        return errors;
    }

    private void check(boolean right, String what, String text) {
        if (!right) {
            faults.add(what + ": " + text);
        }
    }

    private static JsonObject read(String text) {
        try (JsonReader reader = Json.createReader(new StringReader(text))) {
            return reader.readObject();
        }
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
