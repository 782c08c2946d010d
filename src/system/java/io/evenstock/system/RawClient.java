package io.evenstock.system;

import jakarta.json.JsonObject;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Speaks HTTP as it stands: any body, any header, the whole answer. */
record RawClient(URI baseAddress, @Nullable String key) {
    private static final HttpClient HTTP = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(10))
            .build();

    RawClient withKey(@Nullable String other) {
        return new RawClient(baseAddress, other);
    }

    HttpResponse<String> get(String path, String... headers) throws IOException {
        return send(request("GET", path, BodyPublishers.noBody(), headers));
    }

    HttpResponse<String> delete(String path) throws IOException {
        return send(request("DELETE", path, BodyPublishers.noBody()));
    }

    /** With a JSON body, unless the headers say otherwise; null: without a body. */
    HttpResponse<String> call(String method, String path, @Nullable String body, String... headers) throws IOException {
        return send(
                request(method, path, body == null ? BodyPublishers.noBody() : BodyPublishers.ofString(body), headers));
    }

    HttpResponse<String> call(String method, String path, byte[] body, String... headers) throws IOException {
        return send(request(method, path, BodyPublishers.ofByteArray(body), headers));
    }

    private HttpRequest request(String method, String path, HttpRequest.BodyPublisher body, String... headers) {
        HttpRequest.Builder request = HttpRequest.newBuilder(baseAddress.resolve(path))
                .timeout(Duration.ofMinutes(1))
                .method(method.toUpperCase(Locale.ROOT), body);
        if (body.contentLength() != 0) {
            request.header("Content-Type", "application/json");
        }
        if (key != null) {
            request.header("Authorization", "Bearer " + key);
        }
        for (int i = 0; i < headers.length; i += 2) {
            request.setHeader(headers[i], headers[i + 1]);
        }
        return request.build();
    }

    private static HttpResponse<String> send(HttpRequest request) throws IOException {
        try {
            return discreet(HTTP.send(request, HttpResponse.BodyHandlers.ofString()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted at " + request.uri());
        }
    }

    /** A secret is told once, by the call that makes it, and never again. */
    private static HttpResponse<String> discreet(HttpResponse<String> answer) throws IOException {
        boolean made = answer.request().method().equals("POST") && answer.statusCode() < 300;
        String path = answer.uri().getPath();
        boolean makes = made && path.matches("/api/(keys|webhooks|webhooks/\\d+/rotation)");
        List<String> told = Canaries.in(answer.headers() + (makes ? "" : answer.body()));
        if (!told.isEmpty()) {
            throw new IOException(answer + " tells a secret: " + told);
        }
        if (made && path.matches("/api/users(/\\d+/password)?")) {
            Canaries.plant(json(answer).getString("password"));
        }
        return answer;
    }

    /** A key made for a test. */
    record Made(int keyId, String key) {}

    /** Makes a key with further fields, a comma before each. */
    Made make(String name, String role, String rest) throws IOException {
        HttpResponse<String> made =
                call("POST", "/api/keys", "{\"name\":\"%s\",\"role\":\"%s\"%s}".formatted(name, role, rest));
        if (made.statusCode() != 201) {
            throw new IOException(made.statusCode() + " " + made.body());
        }
        JsonObject json = json(made);
        return new Made(json.getInt("keyId"), json.getString("key"));
    }

    static JsonObject json(HttpResponse<String> answer) {
        return Shop.json(answer.body()).asJsonObject();
    }

    static String header(HttpResponse<String> answer, String name) {
        return answer.headers().firstValue(name).orElse("");
    }
}
