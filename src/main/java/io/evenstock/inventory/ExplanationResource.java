package io.evenstock.inventory;

import io.evenstock.http.PageLimit;
import io.evenstock.http.Tagged;
import io.evenstock.inventory.Explanation.AbsorbedEntry;
import io.evenstock.inventory.Explanation.BaseEntry;
import io.evenstock.inventory.Explanation.FileRef;
import io.evenstock.inventory.Explanation.MovementEntry;
import io.evenstock.inventory.Explanation.ShipmentEntry;
import io.evenstock.inventory.Explanation.ShippedItem;
import io.evenstock.inventory.Explanation.Term;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.json.Json;
import jakarta.json.JsonArrayBuilder;
import jakarta.json.JsonObjectBuilder;
import jakarta.json.JsonValue;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Request;
import jakarta.ws.rs.core.Response;
import java.time.Instant;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** {@code GET /api/inventory/explanation}: the equation behind a pair's figure, each term with its entries. */
@Path("inventory/explanation")
@ApplicationScoped
@Produces(MediaType.APPLICATION_JSON)
public class ExplanationResource {
    private static final int MAX_LIMIT = 10_000;

    @Inject
    Pairs pairs;

    @Inject
    Explanations explanations;

    @GET
    public Response explanation(
            @Context Request request,
            @QueryParam("facilityId") @Nullable String facilityId,
            @QueryParam("idType") @Nullable String idType,
            @QueryParam("idValue") @Nullable String idValue,
            @QueryParam("limit") @DefaultValue("1000") int limit) {
        PageLimit.require(limit, MAX_LIMIT);
        Explanation explanation = explanations.of(pairs.named(facilityId, idType, idValue), limit);
        return Tagged.of(request, json(explanation).build().toString());
    }

    private static JsonObjectBuilder json(Explanation explanation) {
        return Json.createObjectBuilder()
                .add("facilityId", explanation.facilityId())
                .add("productId", explanation.productId())
                .add("quantityOnHand", explanation.figure().quantityOnHand())
                .add("withheld", explanation.figure().withheld())
                .add("safetyStock", explanation.figure().safetyStock())
                .add("availableToPromise", explanation.figure().availableToPromise())
                .add("base", base(explanation.base()))
                .add("movements", term(explanation.movements(), ExplanationResource::movement))
                .add("absorbed", term(explanation.absorbed(), ExplanationResource::absorbed))
                .add("shipments", term(explanation.shipments(), ExplanationResource::shipment));
    }

    private static JsonValue base(@Nullable BaseEntry base) {
        if (base == null) {
            return JsonValue.NULL;
        }
        return Json.createObjectBuilder()
                .add("quantity", base.quantity())
                .add("asOf", base.asOf().toString())
                .add("runId", base.runId())
                .add("file", file(base.file()).add("line", base.line()))
                .add("source", file(base.source()))
                .add("appliedAt", base.appliedAt().toString())
                .build();
    }

    private static JsonObjectBuilder file(FileRef file) {
        return Json.createObjectBuilder().add("name", file.name()).add("sha256", file.sha256());
    }

    private static <E> JsonObjectBuilder term(Term<E> term, Function<E, JsonObjectBuilder> mapper) {
        JsonArrayBuilder entries = Json.createArrayBuilder();
        term.entries().forEach(entry -> entries.add(mapper.apply(entry)));
        return sum(term.total()).add("entries", entries).add("omitted", sum(term.omitted()));
    }

    private static JsonObjectBuilder sum(Explanation.Sum sum) {
        return Json.createObjectBuilder()
                .add("count", sum.count())
                .add("quantity", sum.quantity())
                .add("withheld", sum.withheld());
    }

    private static JsonObjectBuilder movement(MovementEntry movement) {
        return Json.createObjectBuilder()
                .add("entryId", movement.entryId())
                .add("eventId", movement.eventId())
                .add("reason", movement.reason())
                .add("quantity", movement.quantity())
                .add("occurredAt", movement.occurredAt().toString())
                .add("bookedAt", movement.bookedAt().toString())
                .add("recordedAt", movement.recordedAt().toString())
                .add("comments", text(movement.comments()));
    }

    private static JsonObjectBuilder absorbed(AbsorbedEntry absorbed) {
        return movement(absorbed.movement()).add("effect", 0).add("why", absorbed.why());
    }

    private static JsonObjectBuilder shipment(ShipmentEntry entry) {
        ShippedItem item = entry.item();
        return Json.createObjectBuilder()
                .add("shipmentId", item.shipmentId())
                .add("shipmentItemSeqId", item.itemSeqId())
                .add("quantity", entry.quantity())
                .add("tag", entry.tag().name())
                .add("effect", entry.onHand())
                .add("withheld", entry.withheld())
                .add("kind", entry.kind().name())
                .add("shippedFrom", item.facilityId())
                .add("shippedAt", item.shippedAt().toString())
                .add("acknowledgedAt", instant(item.acknowledgedAt()))
                .add("acknowledgedQuantity", item.acknowledgedQuantity())
                .add("invoicedAt", text(item.invoicedAt()))
                .add("transferSlipAt", instant(item.transferSlipAt()));
    }

    static JsonValue instant(@Nullable Instant instant) {
        return text(instant == null ? null : instant.toString());
    }

    static JsonValue text(@Nullable String text) {
        return text == null ? JsonValue.NULL : Json.createValue(text);
    }
}
