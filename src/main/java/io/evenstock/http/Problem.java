package io.evenstock.http;

import jakarta.json.Json;
import jakarta.json.JsonBuilderFactory;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Problem details (RFC 9457).
 *
 * @param slug names the type, stable: {@code /problems/<slug>}; each has its page in docs/problems
 * @param pointer JSON pointer of the offending field, where there is one
 * @param retryAfterSeconds when a repeat may succeed, where that is known
 */
public record Problem(
        int status,
        String slug,
        String title,
        String detail,
        @Nullable String pointer,
        @Nullable Long retryAfterSeconds) {
    /** The media type of an answer that is a problem. */
    public static final String MEDIA_TYPE = "application/problem+json";

    /** In place of a slug: no more is meant than the status says. */
    static final String BLANK = "about:blank";

    /** A problem that time alone does not mend. */
    public Problem(int status, String slug, String title, String detail, @Nullable String pointer) {
        this(status, slug, title, detail, pointer, null);
    }

    // Looking the JSON provider up costs more than building a small object.
    private static final JsonBuilderFactory JSON = Json.createBuilderFactory(Map.of());

    public JsonObject toJson() {
        JsonObjectBuilder json = JSON.createObjectBuilder()
                .add("type", slug.equals(BLANK) ? BLANK : "/problems/" + slug)
                .add("title", title)
                .add("status", status)
                .add("detail", detail);
        if (pointer != null) {
            json.add("pointer", pointer);
        }
        return json.build();
    }

    public Response toResponse() {
        return Response.status(status)
                .type(MEDIA_TYPE)
                .header(HttpHeaders.RETRY_AFTER, retryAfterSeconds)
                .entity(toJson().toString())
                .build();
    }
}
