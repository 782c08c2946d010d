package io.evenstock.inventory;

import io.evenstock.access.Caller;
import io.evenstock.catalog.AmbiguousException;
import io.evenstock.catalog.Catalog;
import io.evenstock.catalog.Identification;
import io.evenstock.http.PageLimit;
import io.evenstock.http.ProblemException;
import io.evenstock.http.Tagged;
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
import java.util.List;
import org.jspecify.annotations.Nullable;

/** {@code GET /api/inventory}: the exact figure of a pair, or a facility's pairs page by page. */
@Path("inventory")
@ApplicationScoped
@Produces(MediaType.APPLICATION_JSON)
public class InventoryResource {
    private static final int MAX_LIMIT = 10_000;

    @Inject
    Catalog catalog;

    @Inject
    Caller caller;

    @Inject
    Figures figures;

    @GET
    public Response inventory(
            @Context Request request,
            @QueryParam("facilityId") @Nullable String facilityId,
            @QueryParam("idType") @Nullable String idType,
            @QueryParam("idValue") @Nullable String idValue,
            @QueryParam("after") @Nullable String after,
            @QueryParam("limit") @DefaultValue("100") int limit) {
        if ((idType == null) != (idValue == null)) {
            throw ProblemException.invalid(null, "idType and idValue are given both or not at all");
        }
        int facility = facility(facilityId);
        if (idType == null || idValue == null) {
            return Tagged.of(request, page(facility, after, limit));
        }
        Pair pair = new Pair(facility, product(new Identification(idType, idValue)));
        return Tagged.of(request, json(figures.of(List.of(pair)).get(0)).build().toString());
    }

    private String page(int facility, @Nullable String after, int limit) {
        PageLimit.require(limit, MAX_LIMIT);
        List<Figure> found = figures.ofFacility(facility, after, limit);
        JsonArrayBuilder items = Json.createArrayBuilder();
        found.forEach(figure -> items.add(json(figure)));
        JsonObjectBuilder page = Json.createObjectBuilder().add("items", items);
        if (found.size() == limit) {
            page.add("next", found.get(limit - 1).productId());
        } else {
            page.addNull("next");
        }
        return page.build().toString();
    }

    private int facility(@Nullable String facilityId) {
        if (facilityId == null) {
            throw ProblemException.invalid(null, "facilityId is missing");
        }
        caller.requireFacility(facilityId, null);
        return catalog.facilityKey(facilityId)
                .orElseThrow(() -> ProblemException.notFound("Facility " + facilityId + " is unknown"));
    }

    private int product(Identification identification) {
        try {
            return catalog.productKey(identification)
                    .orElseThrow(() -> ProblemException.notFound(identification + " names no known product"));
        } catch (AmbiguousException several) {
            throw ProblemException.invalid(null, identification + " names several products");
        }
    }

    private static JsonObjectBuilder json(Figure figure) {
        return Json.createObjectBuilder()
                .add("facilityId", figure.facilityId())
                .add("productId", figure.productId())
                .add("quantityOnHand", figure.quantityOnHand())
                .add("withheld", figure.withheld())
                .add("safetyStock", figure.safetyStock())
                .add("availableToPromise", figure.availableToPromise())
                .add("snapshot", json(figure.snapshot()));
    }

    private static JsonValue json(Figure.@Nullable Snapshot snapshot) {
        if (snapshot == null) {
            return JsonValue.NULL;
        }
        return Json.createObjectBuilder()
                .add("asOf", snapshot.asOf().toString())
                .add("runId", snapshot.runId())
                .add("quantity", snapshot.quantity())
                .build();
    }
}
