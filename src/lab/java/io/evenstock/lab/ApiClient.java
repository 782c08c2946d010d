package io.evenstock.lab;

import jakarta.json.Json;
import jakarta.json.JsonException;
import jakarta.json.JsonObject;
import jakarta.json.JsonReader;
import jakarta.json.JsonReaderFactory;
import jakarta.json.JsonValue;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.StringReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Speaks to Evenstock's HTTP API with one API key, as any other system would. */
public final class ApiClient {

    private static final Duration LONGEST_ANSWER = Duration.ofMinutes(5);
    // Looking the JSON provider up costs more than reading a small answer.
    private static final JsonReaderFactory READERS = Json.createReaderFactory(Map.of());

    private final HttpClient http;
    private final URI baseAddress;
    private final @Nullable String key;

    /**
     * A client.
     *
     * @param key sent as {@code Authorization: Bearer}; none is sent if null
     */
    public ApiClient(URI baseAddress, @Nullable String key) {
        this(
                HttpClient.newBuilder()
                        .version(HttpClient.Version.HTTP_1_1)
                        .connectTimeout(Duration.ofSeconds(10))
                        .build(),
                baseAddress,
                key);
    }

    private ApiClient(HttpClient http, URI baseAddress, @Nullable String key) {
        this.http = http;
        this.baseAddress = baseAddress;
        this.key = key;
    }

    /** The same server, asked by somebody else. */
    public ApiClient withKey(@Nullable String otherKey) {
        return new ApiClient(http, baseAddress, otherKey);
    }

    /** Reads; anything but success is an {@link ApiRefusal}. */
    public JsonValue get(String path) throws IOException {
        return call("GET", path, null);
    }

    /**
     * All items of a list that comes in pages.
     *
     * @param path with its {@code limit}, and with room for {@code &after=}
     * @param first the cursor of the first page
     */
    public List<JsonObject> items(String path, String first) throws IOException {
        List<JsonObject> all = new ArrayList<>();
        String after = first;
        while (true) {
            JsonObject page = get(path + "&after=" + after).asJsonObject();
            List<JsonObject> items = page.getJsonArray("items").getValuesAs(JsonObject.class);
            all.addAll(items);
            String next = page.getString("next", after);
            if (items.isEmpty() || next.equals(after)) {
                return all;
            }
            after = next;
        }
    }

    public Answer put(String path, JsonValue body) throws IOException {
        return send("PUT", path, body);
    }

    public Answer post(String path, JsonValue body) throws IOException {
        return send("POST", path, body);
    }

    /** The body of a success; anything else is an {@link ApiRefusal} with the problem's detail. */
    public JsonValue call(String method, String path, @Nullable JsonValue body) throws IOException {
        Answer answer = send(method, path, body);
        if (!answer.succeeded()) {
            throw new ApiRefusal(method + " " + path, answer);
        }
        return answer.body();
    }

    /** The answer, whatever it is. */
    public Answer send(String method, String path, @Nullable JsonValue body) throws IOException {
        return send(method, path, body == null ? null : body.toString(), Map.of());
    }

    /** The answer to a body that need not be JSON, with further headers. */
    public Answer send(String method, String path, @Nullable String body, Map<String, String> headers)
            throws IOException {
        HttpRequest.Builder request = HttpRequest.newBuilder(baseAddress.resolve(path))
                .timeout(LONGEST_ANSWER)
                .header("Accept", "application/json, application/problem+json")
                .method(method, publisher(body));
        if (key != null) {
            request.setHeader("Authorization", "Bearer " + key);
        }
        if (body != null) {
            request.setHeader("Content-Type", "application/json");
        }
        headers.forEach(request::setHeader);
        return exchange(request.build());
    }

    private static HttpRequest.BodyPublisher publisher(@Nullable String body) {
        return body == null ? HttpRequest.BodyPublishers.noBody() : HttpRequest.BodyPublishers.ofString(body);
    }

    private Answer exchange(HttpRequest request) throws IOException {
        try {
            HttpResponse<String> response = http.send(request, HttpResponse.BodyHandlers.ofString());
            return new Answer(response.statusCode(), json(response.body()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted at " + request.uri());
        }
    }

    private static JsonValue json(String text) {
        if (text.isBlank()) {
            return JsonValue.NULL;
        }
        try (JsonReader reader = READERS.createReader(new StringReader(text))) {
            return reader.readValue();
        } catch (JsonException notJson) {
            return Json.createValue(text);
        }
    }
}
