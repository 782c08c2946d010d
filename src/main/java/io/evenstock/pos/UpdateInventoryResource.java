package io.evenstock.pos;

import io.evenstock.http.JsonBody;
import io.evenstock.http.JsonFields;
import io.evenstock.http.Problem;
import io.evenstock.http.ProblemException;
import io.evenstock.movement.Movement;
import io.evenstock.movement.Outcome;
import io.evenstock.settings.Settings;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.json.Json;
import jakarta.json.JsonArray;
import jakarta.json.JsonArrayBuilder;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import jakarta.json.JsonStructure;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.io.InputStream;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** {@code POST /api/UpdateInventory}: one adjustment, or an array in which a bad one does not spoil the others. */
@Path("")
@ApplicationScoped
@Consumes(MediaType.APPLICATION_JSON)
@Produces(MediaType.APPLICATION_JSON)
public class UpdateInventoryResource {
    @Inject
    JsonBody json;

    @Inject
    UpdateInventory updateInventory;

    @Inject
    Settings settings;

    @Inject
    Clock clock;

    @POST
    @Path("UpdateInventory")
    public Response updateInventory(
            InputStream body,
            @HeaderParam("Idempotency-Key") @Nullable String idempotencyKey,
            @QueryParam("figures") @DefaultValue("false") boolean withFigures) {
        JsonStructure structure = json.read(body);
        if (structure instanceof JsonArray array) {
            return many(array, idempotencyKey, withFigures);
        }
        return one(structure.asJsonObject(), idempotencyKey);
    }

    /** The same call under the name that POS plug-ins written against HotWax use. */
    @POST
    @Path("service/updateInventoryByIdentification")
    public Response updateInventoryByIdentification(
            InputStream body,
            @HeaderParam("Idempotency-Key") @Nullable String idempotencyKey,
            @QueryParam("figures") @DefaultValue("false") boolean withFigures) {
        return updateInventory(body, idempotencyKey, withFigures);
    }

    private Response one(JsonObject object, @Nullable String idempotencyKey) {
        Movement movement = movement(JsonFields.of(object, ""), idempotencyKey);
        Adjusted adjusted = updateInventory.apply(List.of(movement), true).get(0);
        if (adjusted.outcome() instanceof Outcome.Recorded recorded) {
            boolean kept = recorded.status() == Outcome.Status.QUARANTINED;
            return Response.status(kept ? Response.Status.ACCEPTED : Response.Status.OK)
                    .entity(answer(adjusted, recorded).build().toString())
                    .build();
        }
        return problem(movement, adjusted.outcome(), "", idempotencyKey != null).toResponse();
    }

    private Response many(JsonArray array, @Nullable String idempotencyKey, boolean withFigures) {
        List<JsonFields> objects = json.objects(array);
        List<@Nullable Problem> problems = new ArrayList<>();
        List<Movement> movements = new ArrayList<>();
        for (int i = 0; i < objects.size(); i++) {
            try {
                movements.add(movement(objects.get(i), idempotencyKey == null ? null : idempotencyKey + "-" + i));
                problems.add(null);
            } catch (ProblemException refused) {
                problems.add(refused.problem());
            }
        }
        List<Adjusted> adjusted = updateInventory.apply(movements, withFigures);
        return Response.ok(answers(problems, movements, adjusted, idempotencyKey != null))
                .build();
    }

    private static String answers(
            List<@Nullable Problem> problems, List<Movement> movements, List<Adjusted> adjusted, boolean byHeader) {
        JsonArrayBuilder answers = Json.createArrayBuilder();
        int next = 0;
        for (int i = 0; i < problems.size(); i++) {
            Problem problem = problems.get(i);
            if (problem != null) {
                answers.add(refusal(problem));
                continue;
            }
            Adjusted done = adjusted.get(next);
            answers.add(
                    done.outcome() instanceof Outcome.Recorded recorded
                            ? answer(done, recorded)
                            : refusal(problem(movements.get(next), done.outcome(), "/" + i, byHeader)));
            next++;
        }
        return answers.build().toString();
    }

    private Movement movement(JsonFields fields, @Nullable String idempotencyKey) {
        int delta = fields.integer("availableDelta", Integer.MIN_VALUE, Integer.MAX_VALUE);
        if (delta == 0) {
            throw ProblemException.invalid(fields.pointer("availableDelta"), "availableDelta must not be 0");
        }
        String reason = fields.optionalText("varianceReasonId", 64);
        String eventId = fields.optionalText("eventId", 128);
        Instant now = clock.instant().truncatedTo(ChronoUnit.MICROS);
        return Movement.told(
                fields.text("facilityId", 64),
                fields.text("idType", 32),
                fields.text("idValue", 255),
                delta,
                reason == null ? "POS_SALE" : reason,
                fields.optionalText("comments", 1_000),
                eventId == null ? idempotencyKey : eventId,
                fields.optionalPast("occurredAt", now, settings.maxFuture()),
                fields.optionalPast("bookedAt", now, settings.maxFuture()),
                now);
    }

    private static JsonObjectBuilder answer(Adjusted adjusted, Outcome.Recorded recorded) {
        JsonObjectBuilder answer = Json.createObjectBuilder();
        if (recorded.repeated()) {
            answer.add("status", "REPEATED")
                    .add("firstStatus", recorded.status().name());
        } else {
            answer.add("status", recorded.status().name());
        }
        answer.add("entryId", recorded.entryId());
        adjusted.figure()
                .ifPresent(figure -> answer.add("quantityOnHand", figure.quantityOnHand())
                        .add("availableToPromise", figure.availableToPromise()));
        if (adjusted.unrepeatable()) {
            answer.add("warning", "Without eventId or Idempotency-Key this call is not safe to repeat");
        }
        return answer;
    }

    private static JsonObjectBuilder refusal(Problem problem) {
        return Json.createObjectBuilder().add("status", "REFUSED").add("problem", problem.toJson());
    }

    private static Problem problem(Movement movement, Outcome outcome, String pointer, boolean byHeader) {
        if (outcome instanceof Outcome.Ambiguous) {
            String detail = movement.idType() + " " + movement.idValue() + " names several products";
            return new Problem(
                    422,
                    "ambiguous-identification",
                    "Which product is meant is not clear",
                    detail,
                    pointer + "/idValue");
        }
        return new Problem(
                byHeader ? 422 : 409,
                "conflicting-repeat",
                "The same id was recorded with other content",
                "Event " + movement.eventId() + " of facility " + movement.facilityId()
                        + " was recorded with other content; nothing was changed",
                byHeader ? null : pointer + "/eventId");
    }
}
