package io.evenstock.downstream;

import io.evenstock.access.Caller;
import io.evenstock.http.JsonBody;
import io.evenstock.http.JsonFields;
import io.evenstock.http.ProblemException;
import io.evenstock.settings.Settings;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.json.Json;
import jakarta.json.JsonArrayBuilder;
import jakarta.json.JsonObjectBuilder;
import jakarta.json.JsonValue;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.io.InputStream;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.UnknownHostException;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** {@code /api/webhooks}: the endpoints that are told of changes. */
@Path("webhooks")
@ApplicationScoped
@Produces(MediaType.APPLICATION_JSON)
public class WebhookResource {
    private static final int MAX_URL = 2_000;
    private static final int MAX_NAME = 100;
    private static final int MAX_MAPPED = 10_000;
    private static final String FROM_NOW = "now";
    private static final String WEBHOOK = "webhook";
    private static final String SHOPIFY = "shopify";

    @Inject
    JsonBody json;

    @Inject
    Caller caller;

    @Inject
    DownstreamDesk desk;

    @Inject
    Webhooks webhooks;

    @Inject
    Channels channels;

    @Inject
    Changes changes;

    @Inject
    Settings settings;

    /** Registers an endpoint; the secret is told here and nowhere else. */
    @POST
    @Consumes(MediaType.APPLICATION_JSON)
    public Response register(InputStream body) {
        JsonFields fields = JsonFields.of(json.read(body), "");
        String url = address(fields.text("url", MAX_URL));
        String target = fields.optionalText("target", MAX_NAME);
        boolean shopify = SHOPIFY.equals(target);
        if (target != null && !shopify && !target.equals(WEBHOOK)) {
            throw ProblemException.invalid("/target", "target must be webhook or shopify");
        }
        String channel = fields.optionalText("channel", MAX_NAME);
        if (shopify && channel != null) {
            throw ProblemException.invalid("/channel", "a Shopify store is told pairs, by its mapping, not a channel");
        }
        String after = fields.optionalText("after", MAX_NAME);
        Cursor cursor = FROM_NOW.equals(after) ? changes.ends() : ChangesResource.cursor(after);
        String secret = shopify ? fields.text("token", MAX_URL) : Secret.fresh();
        long id = desk.register(
                url,
                shopify ? SHOPIFY : WEBHOOK,
                channel == null ? null : channels.key(channel),
                secret,
                cursor,
                caller.actor());
        JsonObjectBuilder webhook = json(webhooks.one(id));
        if (!shopify) {
            webhook.add("secret", secret);
        }
        return Response.created(URI.create("webhooks/" + id))
                .entity(webhook.build().toString())
                .build();
    }

    @GET
    public String all() {
        JsonArrayBuilder items = Json.createArrayBuilder();
        webhooks.all().forEach(webhook -> items.add(json(webhook)));
        return Json.createObjectBuilder().add("items", items).build().toString();
    }

    /** One endpoint with the last attempts, and with what a store does not take. */
    @GET
    @Path("{id}")
    public String one(@PathParam("id") long id) {
        JsonArrayBuilder attempts = Json.createArrayBuilder();
        JsonObjectBuilder webhook = json(webhooks.one(id));
        webhooks.attempts(id).forEach(sent -> attempts.add(json(sent)));
        JsonArrayBuilder refusals = Json.createArrayBuilder();
        webhooks.refusals(id).forEach(refused -> refusals.add(json(refused)));
        return webhook.add("attempts", attempts)
                .add("refusals", refusals)
                .build()
                .toString();
    }

    @DELETE
    @Path("{id}")
    public Response delete(@PathParam("id") long id) {
        desk.delete(id, caller.actor());
        return Response.noContent().build();
    }

    /** Tells everything after a cursor again, by default all; makes the endpoint active. */
    @POST
    @Path("{id}/replay")
    public String replay(@PathParam("id") long id, @QueryParam("after") @Nullable String after) {
        desk.replay(id, ChangesResource.cursor(after), caller.actor());
        return told(id);
    }

    @POST
    @Path("{id}/pause")
    public String pause(@PathParam("id") long id) {
        desk.pause(id, caller.actor());
        return told(id);
    }

    /** Goes on where it stands. */
    @POST
    @Path("{id}/resume")
    public String resume(@PathParam("id") long id) {
        desk.resume(id, caller.actor());
        return told(id);
    }

    /** What a Shopify store calls facilities and products; it is told everything again. */
    @PUT
    @Path("{id}/mapping")
    @Consumes(MediaType.APPLICATION_JSON)
    public String map(@PathParam("id") long id, InputStream body) {
        JsonFields fields = JsonFields.of(json.read(body), "");
        if (!webhooks.one(id).target().equals(SHOPIFY)) {
            throw ProblemException.notNow("Webhook " + id + " is no Shopify store");
        }
        Map<String, String> locations = ids(fields, "locations", "facilityId", "locationId");
        Map<String, String> items = ids(fields, "items", "productId", "inventoryItemId");
        int known = desk.map(id, locations, items, caller.actor());
        return Json.createObjectBuilder()
                .add("known", known)
                .add("unknown", locations.size() + items.size() - known)
                .build()
                .toString();
    }

    private static Map<String, String> ids(JsonFields fields, String list, String ours, String theirs) {
        Map<String, String> ids = new LinkedHashMap<>();
        fields.objects(list, MAX_MAPPED)
                .forEach(each -> ids.put(each.text(ours, MAX_NAME), each.text(theirs, MAX_NAME)));
        return ids;
    }

    /** A new secret, told here; the one before signs, too, for a day. */
    @POST
    @Path("{id}/rotation")
    public String rotate(@PathParam("id") long id) {
        if (webhooks.one(id).target().equals(SHOPIFY)) {
            throw ProblemException.notNow("The token of a Shopify store is made there; register the store anew");
        }
        String secret = Secret.fresh();
        desk.rotate(id, secret, caller.actor());
        return json(webhooks.one(id)).add("secret", secret).build().toString();
    }

    private String told(long id) {
        return json(webhooks.one(id)).build().toString();
    }

    private String address(String url) {
        URI uri = uri(url);
        Addresses addresses = new Addresses(settings.downstream().allowedHosts());
        String host = uri.getHost();
        boolean scheme = "https".equals(uri.getScheme())
                || ("http".equals(uri.getScheme()) && host != null && addresses.allows(host));
        if (host == null || !scheme || uri.getRawUserInfo() != null || uri.getRawFragment() != null) {
            throw refused("url must be an https address without user and fragment (http only to hosts that"
                    + " evenstock.downstream.webhook.allowed-hosts names): " + url);
        }
        try {
            addresses.resolve(host);
        } catch (UnknownHostException refused) {
            throw refused("url does not lead anywhere: " + refused.getMessage());
        }
        return uri.toString();
    }

    private static URI uri(String url) {
        try {
            return new URI(url);
        } catch (URISyntaxException malformed) {
            throw refused("url is no address: " + malformed.getMessage());
        }
    }

    private static ProblemException refused(String why) {
        return ProblemException.invalid("/url", why);
    }

    private static JsonObjectBuilder json(Webhook webhook) {
        return Json.createObjectBuilder()
                .add("id", webhook.id())
                .add("url", webhook.url())
                .add("target", webhook.target())
                .add("channel", text(webhook.channel()))
                .add("state", webhook.state().name())
                .add("reason", text(webhook.reason()))
                .add("circuit", webhook.circuit())
                .add("cursor", webhook.cursor().toString())
                .add("backlog", webhook.backlog())
                .add("refused", webhook.refused())
                .add("delivered", webhook.delivered())
                .add("failures", webhook.failures())
                .add("failingSince", text(webhook.failingSince()))
                .add("retryAt", text(webhook.retryAt()))
                .add("lastSuccessAt", text(webhook.lastSuccessAt()))
                .add("createdAt", webhook.createdAt().toString());
    }

    private static JsonObjectBuilder json(Webhooks.Sent sent) {
        return Json.createObjectBuilder()
                .add("messageId", sent.messageId())
                .add("items", sent.items())
                .add("status", sent.status() == null ? JsonValue.NULL : Json.createValue(sent.status()))
                .add("error", text(sent.error()))
                .add("millis", sent.millis())
                .add("at", sent.at());
    }

    private static JsonObjectBuilder json(Webhooks.Refused refused) {
        return Json.createObjectBuilder()
                .add("facilityId", refused.facilityId())
                .add("productId", refused.productId())
                .add("locationId", refused.locationId())
                .add("inventoryItemId", refused.inventoryItemId())
                .add("code", refused.code())
                .add("message", refused.message())
                .add("times", refused.times())
                .add("since", refused.since())
                .add("lastAt", refused.lastAt());
    }

    private static JsonValue text(@Nullable Object value) {
        return value == null ? JsonValue.NULL : Json.createValue(value.toString());
    }
}
