package io.evenstock.inventory;

import io.evenstock.http.PageLimit;
import io.evenstock.http.Tagged;
import io.evenstock.inventory.LedgerFact.Fulfilled;
import io.evenstock.inventory.LedgerFact.Moved;
import io.evenstock.inventory.LedgerFact.Run;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.json.Json;
import jakarta.json.JsonArrayBuilder;
import jakarta.json.JsonObjectBuilder;
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

/** {@code GET /api/inventory/ledger}: every change of a pair's figure, page by page in the order of recording. */
@Path("inventory/ledger")
@ApplicationScoped
@Produces(MediaType.APPLICATION_JSON)
public class LedgerResource {
    private static final int MAX_LIMIT = 1_000;

    @Inject
    Pairs pairs;

    @Inject
    Ledger ledger;

    @GET
    public Response ledger(
            @Context Request request,
            @QueryParam("facilityId") @Nullable String facilityId,
            @QueryParam("idType") @Nullable String idType,
            @QueryParam("idValue") @Nullable String idValue,
            @QueryParam("after") @Nullable String after,
            @QueryParam("limit") @DefaultValue("100") int limit) {
        PageLimit.require(limit, MAX_LIMIT);
        LedgerPosition from = after == null ? null : LedgerPosition.of(after);
        List<LedgerEntry> page = ledger.of(pairs.named(facilityId, idType, idValue)).stream()
                .filter(entry -> from == null || entry.fact().position().compareTo(from) > 0)
                .limit(limit)
                .toList();
        return Tagged.of(request, json(page, after).build().toString());
    }

    /** As in the change feed, the cursor is given even when there is nothing new. */
    private static JsonObjectBuilder json(List<LedgerEntry> page, @Nullable String after) {
        JsonArrayBuilder items = Json.createArrayBuilder();
        page.forEach(entry -> items.add(json(entry)));
        String next = page.isEmpty()
                ? after
                : page.get(page.size() - 1).fact().position().cursor();
        return Json.createObjectBuilder().add("items", items).add("next", ExplanationResource.text(next));
    }

    private static JsonObjectBuilder json(LedgerEntry entry) {
        LedgerFact fact = entry.fact();
        return Json.createObjectBuilder()
                .add("source", fact.position().source().name())
                .add("reason", ExplanationResource.text(reason(fact)))
                .add("occurredAt", ExplanationResource.instant(fact.occurredAt()))
                .add("recordedAt", fact.position().recordedAt().toString())
                .add("reference", reference(fact))
                .add("change", entry.change())
                .add("quantityOnHand", entry.quantityOnHand())
                .add("withheld", entry.withheld())
                .add("why", ExplanationResource.text(entry.why()));
    }

    private static @Nullable String reason(LedgerFact fact) {
        if (fact instanceof Moved moved) {
            return moved.movement().reason();
        }
        return fact instanceof Run run ? run.remark() : null;
    }

    private static JsonObjectBuilder reference(LedgerFact fact) {
        JsonObjectBuilder reference = Json.createObjectBuilder();
        if (fact instanceof Moved moved) {
            reference
                    .add("entryId", moved.position().id())
                    .add("eventId", moved.movement().eventId())
                    .add("bookedAt", moved.movement().bookedAt().toString());
        } else if (fact instanceof Fulfilled told) {
            reference
                    .add("shipmentId", told.item().shipmentId())
                    .add("shipmentItemSeqId", told.item().shipmentItemSeqId())
                    .add("revision", told.revision());
        } else if (fact instanceof Run run) {
            reference
                    .add("runId", run.position().id())
                    .add("file", run.file())
                    .add("line", run.line())
                    .add("quantity", run.base().quantity());
        }
        return reference;
    }
}
