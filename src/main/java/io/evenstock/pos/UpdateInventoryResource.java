package io.evenstock.pos;

import io.evenstock.access.Caller;
import io.evenstock.access.RefusalPause;
import io.evenstock.http.JsonBody;
import io.evenstock.http.JsonFields;
import io.evenstock.http.Observed;
import io.evenstock.http.Problem;
import io.evenstock.http.ProblemException;
import io.evenstock.inventory.Figure;
import io.evenstock.movement.Movement;
import io.evenstock.movement.Outcome;
import io.evenstock.movement.TillSequence;
import io.evenstock.settings.Settings;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.json.Json;
import jakarta.json.JsonArray;
import jakarta.json.JsonArrayBuilder;
import jakarta.json.JsonBuilderFactory;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import jakarta.json.JsonStructure;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.container.AsyncResponse;
import jakarta.ws.rs.container.Suspended;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.io.InputStream;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** {@code POST /api/UpdateInventory}: one adjustment, or an array in which a bad one does not spoil the others. */
@Path("")
@ApplicationScoped
@Consumes(MediaType.APPLICATION_JSON)
@Produces(MediaType.APPLICATION_JSON)
public class UpdateInventoryResource {
    private static final int MAX_KEY = 120;
    private static final int TOO_MANY = 429;
    private static final long MAX_SEQUENCE = (1L << 53) - 1;
    // Looking the JSON provider up costs more than building a small answer.
    private static final JsonBuilderFactory JSON = Json.createBuilderFactory(Map.of());

    @Inject
    JsonBody json;

    @Inject
    UpdateInventory updateInventory;

    @Inject
    Caller caller;

    @Inject
    RefusalPause refusalPause;

    @Inject
    Settings settings;

    @Inject
    Clock clock;

    @Inject
    HttpServletRequest request;

    @POST
    @Path("UpdateInventory")
    public void updateInventory(
            InputStream body,
            @HeaderParam("Idempotency-Key") @Nullable String idempotencyKey,
            @QueryParam("figures") @DefaultValue("false") boolean withFigures,
            @Suspended AsyncResponse response) {
        try {
            caller.spend(1);
            take(body, idempotencyKey, withFigures, response);
        } catch (ProblemException refused) {
            refuse(refused, response);
        }
    }

    private void refuse(ProblemException refused, AsyncResponse response) {
        if (refused.problem().status() != TOO_MANY) {
            throw refused;
        }
        refusalPause.then(() -> response.resume(refused));
    }

    private void take(InputStream body, @Nullable String idempotencyKey, boolean withFigures, AsyncResponse response) {
        JsonStructure structure = json.read(body);
        String key = checked(idempotencyKey);
        if (structure instanceof JsonArray array) {
            many(array, key, withFigures, response);
        } else {
            one(structure.asJsonObject(), key, response);
        }
    }

    /** The same call under the name that POS plug-ins written against HotWax use. */
    @POST
    @Path("service/updateInventoryByIdentification")
    public void updateInventoryByIdentification(
            InputStream body,
            @HeaderParam("Idempotency-Key") @Nullable String idempotencyKey,
            @QueryParam("figures") @DefaultValue("false") boolean withFigures,
            @Suspended AsyncResponse response) {
        updateInventory(body, idempotencyKey, withFigures, response);
    }

    private void one(JsonObject object, @Nullable String key, AsyncResponse response) {
        Movement movement = movement(JsonFields.of(object, ""), key == null ? null : Movement.eventIdOf(key));
        request.setAttribute(Observed.EVENT, movement.eventId());
        apply(List.of(new Adjustment(movement, true)), response, adjusted -> answer(movement, adjusted.get(0)));
    }

    private void apply(
            List<Adjustment> adjustments, AsyncResponse response, Function<List<Adjusted>, Response> answered) {
        updateInventory
                .apply(adjustments)
                .thenApply(answered)
                .whenComplete((answer, failure) -> response.resume(failure == null ? answer : failure));
    }

    private void many(JsonArray array, @Nullable String key, boolean withFigures, AsyncResponse response) {
        List<Object> told = new ArrayList<>();
        List<Adjustment> adjustments = new ArrayList<>();
        json.requireBatch(array);
        request.setAttribute(Observed.ADJUSTMENTS, array.size());
        caller.spend(array.size() - 1);
        for (int i = 0; i < array.size(); i++) {
            try {
                Movement movement =
                        movement(JsonFields.of(array.get(i), "/" + i), key == null ? null : Movement.eventIdOf(key, i));
                adjustments.add(new Adjustment(movement, withFigures));
                told.add(movement);
            } catch (ProblemException refused) {
                told.add(refused.problem());
            }
        }
        if (adjustments.isEmpty()) {
            response.resume(answer(told, List.of()));
            return;
        }
        apply(adjustments, response, adjusted -> answer(told, adjusted));
    }

    private static Response answer(Movement movement, Adjusted adjusted) {
        if (adjusted.outcome() instanceof Outcome.Recorded recorded) {
            boolean kept = recorded.status() == Outcome.Status.QUARANTINED;
            return Response.status(kept ? Response.Status.ACCEPTED : Response.Status.OK)
                    .entity(answer(movement, adjusted, recorded).build().toString())
                    .build();
        }
        return problem(movement, adjusted.outcome(), "").toResponse();
    }

    /** @param told a movement, or the problem for which there is none */
    private static Response answer(List<Object> told, List<Adjusted> adjusted) {
        if (!adjusted.isEmpty()
                && adjusted.stream().allMatch(each -> each.outcome() instanceof Outcome.Unanswered)
                && adjusted.get(0).outcome() instanceof Outcome.Unanswered unanswered) {
            return problem(unanswered).toResponse();
        }
        JsonArrayBuilder answers = JSON.createArrayBuilder();
        Iterator<Adjusted> next = adjusted.iterator();
        for (int i = 0; i < told.size(); i++) {
            answers.add(
                    told.get(i) instanceof Movement movement
                            ? answer(movement, next.next(), "/" + i)
                            : refusal((Problem) told.get(i)));
        }
        return Response.ok(answers.build().toString()).build();
    }

    private static JsonObjectBuilder answer(Movement movement, Adjusted adjusted, String pointer) {
        return adjusted.outcome() instanceof Outcome.Recorded recorded
                ? answer(movement, adjusted, recorded)
                : refusal(problem(movement, adjusted.outcome(), pointer));
    }

    /** It takes an event id's place, so it is bounded like one. */
    private static @Nullable String checked(@Nullable String idempotencyKey) {
        if (idempotencyKey != null && !idempotencyKey.matches("[\\x20-\\x7E]{1," + MAX_KEY + "}")) {
            throw ProblemException.invalid(
                    null, "Idempotency-Key must have 1 to " + MAX_KEY + " printable ASCII characters");
        }
        return idempotencyKey;
    }

    /** @param byKey the event id that stands in where none is told, or null */
    private Movement movement(JsonFields fields, @Nullable String byKey) {
        int delta = fields.integer("availableDelta", Integer.MIN_VALUE, Integer.MAX_VALUE);
        if (delta == 0) {
            throw ProblemException.invalid(fields.pointer("availableDelta"), "availableDelta must not be 0");
        }
        String facilityId = fields.text("facilityId", 64);
        caller.requireFacility(facilityId, fields.pointer("facilityId"));
        String reason = fields.optionalText("varianceReasonId", 64);
        String eventId = eventId(fields);
        Instant now = clock.instant().truncatedTo(ChronoUnit.MICROS);
        return Movement.told(
                facilityId,
                fields.text("idType", 32),
                fields.text("idValue", 255),
                delta,
                reason == null ? "POS_SALE" : reason,
                fields.optionalText("comments", 1_000),
                eventId == null ? byKey : eventId,
                till(fields),
                fields.optionalPast("occurredAt", now, settings.maxFuture()),
                fields.optionalPast("bookedAt", now, settings.maxFuture()),
                now);
    }

    private static @Nullable String eventId(JsonFields fields) {
        String eventId = fields.optionalText("eventId", 128);
        if (eventId != null && Movement.madeHere(eventId)) {
            throw ProblemException.invalid(
                    fields.pointer("eventId"),
                    "eventId must not begin with idempotency-key:, idempotency-key# or unrepeatable-");
        }
        return eventId;
    }

    private static @Nullable TillSequence till(JsonFields fields) {
        String tillId = fields.optionalText("tillId", 64);
        Long sequence = fields.optionalLong("sequence", 0, MAX_SEQUENCE);
        if (tillId == null && sequence == null) {
            return null;
        }
        if (tillId == null || sequence == null) {
            throw ProblemException.invalid(
                    fields.pointer(tillId == null ? "tillId" : "sequence"),
                    "tillId and sequence are given both or not at all");
        }
        return new TillSequence(tillId, sequence);
    }

    private static JsonObjectBuilder answer(Movement movement, Adjusted adjusted, Outcome.Recorded recorded) {
        JsonObjectBuilder answer = JSON.createObjectBuilder();
        if (recorded.repeated()) {
            answer.add("status", "REPEATED")
                    .add("firstStatus", recorded.status().name());
        } else {
            answer.add("status", recorded.status().name());
        }
        answer.add("entryId", recorded.entryId());
        Figure figure = adjusted.figure();
        if (figure != null) {
            answer.add("quantityOnHand", figure.quantityOnHand())
                    .add("availableToPromise", figure.availableToPromise());
        }
        if (movement.unrepeatable()) {
            answer.add("warning", "Without eventId or Idempotency-Key this call is not safe to repeat");
        }
        return answer;
    }

    private static JsonObjectBuilder refusal(Problem problem) {
        return JSON.createObjectBuilder().add("status", "REFUSED").add("problem", problem.toJson());
    }

    private static Problem problem(Movement movement, Outcome outcome, String pointer) {
        if (outcome instanceof Outcome.Ambiguous) {
            String detail = movement.idType() + " " + movement.idValue() + " names several products";
            return new Problem(
                    422,
                    "ambiguous-identification",
                    "Which product is meant is not clear",
                    detail,
                    pointer + "/idValue");
        }
        if (outcome instanceof Outcome.Failed failed) {
            return new Problem(
                    500, "internal", "Evenstock failed", "The failure is logged under id " + failed.logId(), null);
        }
        if (outcome instanceof Outcome.Unanswered unanswered) {
            return problem(unanswered);
        }
        return new Problem(
                movement.byKey() ? 422 : 409,
                "conflicting-repeat",
                "The same id was recorded with other content",
                "Event " + movement.eventId() + " of facility " + movement.facilityId()
                        + " was recorded with other content; nothing was changed",
                movement.byKey() ? null : pointer + "/eventId");
    }

    private static Problem problem(Outcome.Unanswered unanswered) {
        return new Problem(
                503,
                "database",
                "The database did not answer",
                "Whether it was recorded is not known; try again under the same id. The failure is logged under id "
                        + unanswered.logId(),
                null,
                UpdateInventory.RETRY_AFTER_SECONDS);
    }
}
