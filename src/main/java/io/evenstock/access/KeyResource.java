package io.evenstock.access;

import io.evenstock.http.JsonBody;
import io.evenstock.http.JsonFields;
import io.evenstock.http.PageLimit;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.json.Json;
import jakarta.json.JsonArrayBuilder;
import jakarta.json.JsonObjectBuilder;
import jakarta.json.JsonValue;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.io.InputStream;
import java.net.URI;
import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** {@code /api/keys}: API keys, for admins. A key's text is in one answer only, the one to the call that made it. */
@Path("keys")
@ApplicationScoped
@Produces(MediaType.APPLICATION_JSON)
public class KeyResource {
    private static final int MAX_LIMIT = 1_000;
    private static final int MAX_FACILITIES = 1_000;
    private static final int MAX_RATE = 1_000_000;

    @Inject
    KeyDesk desk;

    @Inject
    JsonBody json;

    @Inject
    Caller caller;

    @GET
    public String keys(
            @QueryParam("before") @Nullable Long before,
            @QueryParam("limit") @DefaultValue("100") int limit,
            @QueryParam("dead") @DefaultValue("false") boolean withDead) {
        PageLimit.require(limit, MAX_LIMIT);
        List<ApiKey> found = desk.newest(before == null ? Long.MAX_VALUE : before, limit, withDead);
        JsonArrayBuilder items = Json.createArrayBuilder();
        found.forEach(key -> items.add(json(key)));
        return Json.createObjectBuilder()
                .add("items", items)
                .add(
                        "next",
                        found.size() == limit
                                ? Json.createValue(found.get(limit - 1).keyId())
                                : JsonValue.NULL)
                .build()
                .toString();
    }

    @POST
    @Consumes(MediaType.APPLICATION_JSON)
    public Response create(InputStream body) {
        KeyDesk.Made made = desk.make(newKey(JsonFields.of(json.read(body), "")), caller.actor());
        ApiKey key = made.key();
        return Response.status(Response.Status.CREATED)
                .location(URI.create("keys/" + key.keyId()))
                .header(HttpHeaders.CACHE_CONTROL, "no-store")
                .entity(json(key).add("key", made.text()).build().toString())
                .build();
    }

    /** Ends a key: here at once, on other nodes within {@code evenstock.keys.cache}. */
    @DELETE
    @Path("{keyId}")
    public void revoke(@PathParam("keyId") int keyId) {
        desk.revoke(keyId, caller.actor());
    }

    private NewKey newKey(JsonFields fields) {
        return desk.asked(
                fields.optionalText("name", 64),
                fields.text("role", 20),
                new LinkedHashSet<>(fields.texts("facilities", MAX_FACILITIES, 64)),
                fields.optionalInteger("rateLimit", 1, MAX_RATE),
                fields.optionalInstant("expiresAt"));
    }

    private static JsonObjectBuilder json(ApiKey key) {
        return Json.createObjectBuilder()
                .add("keyId", key.keyId())
                .add("name", key.name())
                .add("hint", key.hint())
                .add("role", key.role().text())
                .add(
                        "facilities",
                        Json.createArrayBuilder(
                                key.facilities().stream().sorted().toList()))
                .add("rateLimit", key.rateLimit() == null ? JsonValue.NULL : Json.createValue(key.rateLimit()))
                .add("createdBy", key.createdBy())
                .add("createdAt", key.createdAt().toString())
                .add("expiresAt", text(key.expiresAt()))
                .add("lastUsedAt", text(key.lastUsedAt()))
                .add("revokedAt", text(key.revokedAt()));
    }

    private static JsonValue text(@Nullable Instant instant) {
        return instant == null ? JsonValue.NULL : Json.createValue(instant.toString());
    }
}
