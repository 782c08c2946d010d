package io.evenstock.http;

import io.evenstock.database.Fingerprint;
import jakarta.ws.rs.core.CacheControl;
import jakarta.ws.rs.core.EntityTag;
import jakarta.ws.rs.core.Request;
import jakarta.ws.rs.core.Response;

/** An answer with an ETag of its content: who has it already ({@code If-None-Match}) is told so with 304. */
public final class Tagged {
    private Tagged() {}

    /** 200 with the JSON, or 304 without. It may be kept, but must be asked for each time. */
    public static Response of(Request request, String json) {
        EntityTag tag = new EntityTag(Fingerprint.of(json));
        Response.ResponseBuilder unchanged = request.evaluatePreconditions(tag);
        Response.ResponseBuilder answer = unchanged == null ? Response.ok(json) : unchanged;
        return answer.tag(tag).cacheControl(always()).build();
    }

    private static CacheControl always() {
        CacheControl control = new CacheControl();
        control.setPrivate(true);
        control.setNoCache(true);
        return control;
    }
}
