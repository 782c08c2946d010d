package io.evenstock.http;

import jakarta.json.Json;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import jakarta.ws.rs.core.Response;
import org.jspecify.annotations.Nullable;

/**
 * Problem details (RFC 9457).
 *
 * @param slug names the type, stable: {@code /problems/<slug>}
 * @param pointer JSON pointer of the offending field, where there is one
 */
public record Problem(
        int status,
        String slug,
        String title,
        String detail,
        @Nullable String pointer) {
    /** The media type of an answer that is a problem. */
    public static final String MEDIA_TYPE = "application/problem+json";

    public JsonObject toJson() {
        JsonObjectBuilder json = Json.createObjectBuilder()
                .add("type", "/problems/" + slug)
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
                .entity(toJson().toString())
                .build();
    }
}
