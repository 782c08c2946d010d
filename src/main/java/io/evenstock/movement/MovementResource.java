package io.evenstock.movement;

import io.evenstock.access.Caller;
import io.evenstock.catalog.AmbiguousException;
import io.evenstock.catalog.Catalog;
import io.evenstock.catalog.Identification;
import io.evenstock.http.PageLimit;
import io.evenstock.http.ProblemException;
import io.evenstock.movement.MovementLog.Entry;
import io.evenstock.movement.MovementLog.Page;
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
import jakarta.ws.rs.core.MediaType;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** {@code GET /api/movements}: a facility's movements in the order of recording, page by page. */
@Path("movements")
@ApplicationScoped
@Produces(MediaType.APPLICATION_JSON)
public class MovementResource {
    private static final int MAX_LIMIT = 1_000;
    private static final Instant FIRST = Instant.parse("1970-01-01T00:00:00Z");
    private static final Instant LAST = Instant.parse("9999-01-01T00:00:00Z");

    @Inject
    Caller caller;

    @Inject
    Catalog catalog;

    @Inject
    MovementLog log;

    @GET
    public String movements(
            @QueryParam("facilityId") @Nullable String facilityId,
            @QueryParam("idType") @Nullable String idType,
            @QueryParam("idValue") @Nullable String idValue,
            @QueryParam("from") @Nullable String from,
            @QueryParam("to") @Nullable String to,
            @QueryParam("after") @DefaultValue("0") String after,
            @QueryParam("limit") @DefaultValue("100") int limit) {
        if (facilityId == null || facilityId.isBlank()) {
            throw ProblemException.invalid(null, "facilityId is missing");
        }
        caller.requireFacility(facilityId, null);
        PageLimit.require(limit, MAX_LIMIT);
        if ((idType == null) != (idValue == null)) {
            throw ProblemException.invalid(null, "idType and idValue are given both or not at all");
        }
        Page page = new Page(facilityId, cursor(after), time("from", from, FIRST), time("to", to, LAST), limit);
        return json(
                idType == null || idValue == null
                        ? log.ofFacility(page)
                        : ofProduct(page, new Identification(idType, idValue)),
                after);
    }

    private List<Entry> ofProduct(Page page, Identification identification) {
        try {
            Optional<Integer> product = catalog.productKey(identification);
            return product.isPresent()
                    ? log.ofProduct(page, product.get())
                    : log.ofUnknown(page, identification.idType(), identification.idValue());
        } catch (AmbiguousException several) {
            throw ProblemException.invalid(null, identification + " names several products");
        }
    }

    private static long cursor(String after) {
        if (!after.matches("[0-9]{1,18}")) {
            throw ProblemException.invalid(null, "after is no cursor of movements: " + after);
        }
        return Long.parseLong(after);
    }

    private static Instant time(String name, @Nullable String text, Instant byDefault) {
        if (text == null) {
            return byDefault;
        }
        try {
            Instant time = OffsetDateTime.parse(text).toInstant();
            if (!time.isBefore(FIRST) && !time.isAfter(LAST)) {
                return time;
            }
        } catch (DateTimeException unparsable) {
            // told below
        }
        throw ProblemException.invalid(null, name + " must be a time like 2026-11-22T10:15:30Z, not " + text);
    }

    /** As in the change feed, the cursor is given even when there is nothing new. */
    private static String json(List<Entry> page, String after) {
        JsonArrayBuilder items = Json.createArrayBuilder();
        page.forEach(entry -> items.add(json(entry)));
        String next = page.isEmpty()
                ? after
                : String.valueOf(page.get(page.size() - 1).entryId());
        return Json.createObjectBuilder()
                .add("items", items)
                .add("next", next)
                .build()
                .toString();
    }

    private static JsonObjectBuilder json(Entry entry) {
        JsonObjectBuilder json = Json.createObjectBuilder()
                .add("entryId", entry.entryId())
                .add("facilityId", entry.facilityId())
                .add("idType", entry.idType())
                .add("idValue", entry.idValue())
                .add("availableDelta", entry.quantity())
                .add("varianceReasonId", entry.reason())
                .add("eventId", entry.eventId())
                .add("occurredAt", entry.occurredAt().toString())
                .add("bookedAt", entry.bookedAt().toString())
                .add("recordedAt", entry.recordedAt().toString())
                .add("firstStatus", entry.firstStatus().name());
        addText(json, "productId", entry.productId());
        addText(json, "comments", entry.comments());
        TillSequence till = entry.till();
        if (till != null) {
            json.add("tillId", till.tillId()).add("sequence", till.sequence());
        }
        return json;
    }

    private static void addText(JsonObjectBuilder json, String name, @Nullable String text) {
        if (text == null) {
            json.addNull(name);
        } else {
            json.add(name, text);
        }
    }
}
