package io.evenstock.lab;

import com.standardwebhooks.Webhook;
import com.standardwebhooks.exceptions.EmptyWebhookSecretException;
import com.standardwebhooks.exceptions.WebhookVerificationException;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import jakarta.json.JsonReader;
import java.io.IOException;
import java.io.StringReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.http.HttpHeaders;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * A platform that is told of changes by a webhook: verifies each message by the specification's own library, and of each pair
 * keeps what has the greatest version; what came after a greater one it keeps too, as a regression.
 */
public final class WebhookReceiver implements AutoCloseable {
    private final HttpServer server;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final Map<String, JsonObject> pairs = new ConcurrentHashMap<>();
    private final List<String> faults = new CopyOnWriteArrayList<>();
    private final List<String> regressions = new CopyOnWriteArrayList<>();
    private final List<String> ids = new CopyOnWriteArrayList<>();
    private final AtomicInteger calls = new AtomicInteger();
    private volatile @Nullable Webhook verifier;
    private volatile Behaviour behaviour = (call, exchange) -> 204;

    /** What the platform answers to its n-th call, after it has taken the message. */
    @FunctionalInterface
    public interface Behaviour {
        int answer(int call, HttpExchange exchange) throws IOException, InterruptedException;
    }

    /** Listens on a free loopback port. */
    public WebhookReceiver() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", this::take);
        server.setExecutor(threads);
        server.start();
    }

    /** Its address by a host's name or number. */
    public String url(String host) {
        return "http://" + host + ":" + server.getAddress().getPort() + "/hook";
    }

    /** Messages are verified from now on. */
    public void secret(String secret) {
        try {
            verifier = new Webhook(secret);
        } catch (EmptyWebhookSecretException empty) {
            throw new IllegalArgumentException(empty);
        }
    }

    public void behave(Behaviour next) {
        behaviour = next;
    }

    private void take(HttpExchange exchange) throws IOException {
        try (exchange) {
            String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
            int call = calls.incrementAndGet();
            verify(body, exchange);
            ids.add(String.valueOf(exchange.getRequestHeaders().getFirst("webhook-id")));
            read(body);
            exchange.sendResponseHeaders(behaviour.answer(call, exchange), -1);
        } catch (InterruptedException stopping) {
            Thread.currentThread().interrupt();
        }
    }

    private void verify(String body, HttpExchange exchange) {
        Webhook checking = verifier;
        try {
            if (checking != null) {
                checking.verify(body, HttpHeaders.of(exchange.getRequestHeaders(), (name, value) -> true));
            }
        } catch (WebhookVerificationException fault) {
            faults.add(fault + " in " + body);
        }
    }

    private void read(String body) {
        try (JsonReader reader = Json.createReader(new StringReader(body))) {
            JsonObject message = reader.readObject();
            for (JsonObject item :
                    message.getJsonObject("data").getJsonArray("items").getValuesAs(JsonObject.class)) {
                pairs.merge(item.getString("facilityId", "") + "/" + item.getString("productId"), item, this::newer);
            }
        }
    }

    private JsonObject newer(JsonObject known, JsonObject given) {
        if (version(given) < version(known)) {
            regressions.add(given + " after version " + version(known));
        }
        return version(given) > version(known) ? given : known;
    }

    private static long version(JsonObject item) {
        return item.getJsonNumber("version").longValueExact();
    }

    /** The newest of each pair, by facility and product. */
    public Map<String, JsonObject> pairs() {
        return Map.copyOf(pairs);
    }

    /** Messages that failed the verification. */
    public List<String> faults() {
        return List.copyOf(faults);
    }

    /** Pairs of which an older version came after a newer one: with one sender none does. */
    public List<String> regressions() {
        return List.copyOf(regressions);
    }

    /** The ids of all messages as they came. */
    public List<String> ids() {
        return List.copyOf(ids);
    }

    public int calls() {
        return calls.get();
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
