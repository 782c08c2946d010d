package io.evenstock.access;

import io.evenstock.http.JsonBody;
import io.evenstock.http.JsonFields;
import io.evenstock.http.PageLimit;
import io.evenstock.http.ProblemException;
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
import java.time.Clock;
import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
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
    ApiKeys keys;

    @Inject
    KeyRing keyRing;

    @Inject
    JsonBody json;

    @Inject
    Caller caller;

    @Inject
    Clock clock;

    @GET
    public String keys(
            @QueryParam("before") @Nullable Long before,
            @QueryParam("limit") @DefaultValue("100") int limit,
            @QueryParam("dead") @DefaultValue("false") boolean withDead) {
        PageLimit.require(limit, MAX_LIMIT);
        List<ApiKey> found = keys.newest(before == null ? Long.MAX_VALUE : before, limit, withDead);
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
        NewKey asked = newKey(JsonFields.of(json.read(body), ""));
        String text = KeyText.made();
        byte[] sha256 = KeyText.sha256(text);
        ApiKey key = keys.add(asked, sha256, KeyText.hint(text), caller.who());
        // From now on this node knows it, whoever else tries keys from its holder's address.
        keyRing.live(sha256);
        return Response.status(Response.Status.CREATED)
                .location(URI.create("keys/" + key.keyId()))
                .header(HttpHeaders.CACHE_CONTROL, "no-store")
                .entity(json(key).add("key", text).build().toString())
                .build();
    }

    /** Ends a key: here at once, on other nodes within {@code evenstock.keys.cache}. */
    @DELETE
    @Path("{keyId}")
    public void revoke(@PathParam("keyId") int keyId) {
        keyRing.forget(keys.revoke(keyId, caller.who()));
    }

    private NewKey newKey(JsonFields fields) {
        String name = fields.optionalText("name", 64);
        Role role = Role.of(fields.text("role", 20))
                .orElseThrow(() -> ProblemException.invalid(
                        fields.pointer("role"), "role must be pos, integration, operator or admin"));
        return new NewKey(
                name == null ? "key-" + UUID.randomUUID() : name,
                role,
                facilities(fields, role),
                fields.optionalInteger("rateLimit", 1, MAX_RATE),
                expiresAt(fields));
    }

    private static Set<String> facilities(JsonFields fields, Role role) {
        Set<String> facilities = new LinkedHashSet<>(fields.texts("facilities", MAX_FACILITIES, 64));
        if (role == Role.POS && facilities.isEmpty()) {
            throw ProblemException.invalid(fields.pointer("facilities"), "A key of role pos names its facilities");
        }
        if (role != Role.POS && !facilities.isEmpty()) {
            throw ProblemException.invalid(
                    fields.pointer("facilities"), "Only keys of role pos are bound to facilities");
        }
        return facilities;
    }

    private @Nullable Instant expiresAt(JsonFields fields) {
        Instant expiresAt = fields.optionalInstant("expiresAt");
        if (expiresAt != null && !expiresAt.isAfter(clock.instant())) {
            throw ProblemException.invalid(fields.pointer("expiresAt"), "expiresAt must lie in the future");
        }
        return expiresAt;
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
