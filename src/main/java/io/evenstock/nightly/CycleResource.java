package io.evenstock.nightly;

import io.evenstock.access.Caller;
import io.evenstock.http.PageLimit;
import io.evenstock.http.ProblemException;
import io.evenstock.settings.Settings;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.json.Json;
import jakarta.json.JsonArrayBuilder;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import jakarta.json.JsonValue;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.net.URI;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.LocalDate;
import org.jspecify.annotations.Nullable;

/** {@code /api/cycles}: how the nights stand, and running a step now. */
@Path("cycles")
@ApplicationScoped
@Produces(MediaType.APPLICATION_JSON)
public class CycleResource {
    private static final int MAX_LIMIT = 400;

    @Inject
    Cycles cycles;

    @Inject
    Nightly nightly;

    @Inject
    Settings settings;

    @Inject
    Clock clock;

    @Inject
    Caller caller;

    @GET
    public String cycles(@QueryParam("limit") @DefaultValue("30") int limit) {
        PageLimit.require(limit, MAX_LIMIT);
        JsonArrayBuilder items = Json.createArrayBuilder();
        cycles.dates(limit).forEach(date -> items.add(cycle(date)));
        return Json.createObjectBuilder().add("items", items).build().toString();
    }

    @GET
    @Path("{businessDate}")
    public String cycle(@PathParam("businessDate") String businessDate) {
        return cycle(date(businessDate)).build().toString();
    }

    @POST
    @Path("{businessDate}/{step}")
    public Response run(@PathParam("businessDate") String businessDate, @PathParam("step") String step) {
        LocalDate date = date(businessDate);
        StepName name = StepName.of(step)
                .orElseThrow(() -> ProblemException.notFound(
                        "There is no step " + step + "; the steps are list, filter, reset, variance"));
        Claim claim = nightly.runNow(date, name, caller.actor());
        String accepted = Json.createObjectBuilder()
                .add("businessDate", claim.businessDate().toString())
                .add("step", name.text())
                .add("state", StepState.RUNNING.name())
                .add("attempt", claim.fence())
                .add("runId", number(cycles.filterRun(date).orElse(null)))
                .build()
                .toString();
        return Response.accepted(accepted)
                .location(URI.create("cycles/" + date))
                .build();
    }

    private LocalDate date(String text) {
        LocalDate date;
        try {
            date = LocalDate.parse(text);
        } catch (DateTimeException unparsable) {
            throw ProblemException.invalid(null, "A business date like 2026-11-22 is expected, not " + text);
        }
        LocalDate today = new BusinessCalendar(settings).today(clock.instant());
        if (date.isAfter(today) || date.getYear() < 2000) {
            throw ProblemException.notFound("There is no cycle of " + date + "; today is " + today);
        }
        return date;
    }

    private JsonObjectBuilder cycle(LocalDate date) {
        JsonArrayBuilder steps = Json.createArrayBuilder();
        cycles.steps(date).forEach(step -> steps.add(step(step)));
        return Json.createObjectBuilder().add("businessDate", date.toString()).add("steps", steps);
    }

    private static JsonObjectBuilder step(CycleStep step) {
        JsonArrayBuilder files = Json.createArrayBuilder();
        step.files()
                .forEach(file -> files.add(Json.createObjectBuilder()
                        .add("name", file.name())
                        .add("folder", file.folder())
                        .add("sha256", file.sha256())
                        .add("bytes", file.bytes())));
        return Json.createObjectBuilder()
                .add("step", step.step().text())
                .add("state", step.state().name())
                .add("runId", number(step.runId()))
                .add("attempt", step.attempt())
                .add("retryAt", text(step.retryAt()))
                .add("startedAt", text(step.startedAt()))
                .add("finishedAt", text(step.finishedAt()))
                .add("seconds", seconds(step))
                .add("rows", number(step.rows()))
                .add("kept", number(step.kept()))
                .add("rejects", number(step.rejects()))
                .add("bytes", number(step.bytes()))
                .add("progress", progress(step))
                .add("files", files)
                .add("reason", text(step.reason()));
    }

    private static JsonValue number(@Nullable Long value) {
        return value == null ? JsonValue.NULL : Json.createValue(value);
    }

    private static JsonValue text(@Nullable Object value) {
        return value == null ? JsonValue.NULL : Json.createValue(value.toString());
    }

    private static JsonValue seconds(CycleStep step) {
        return step.duration()
                .<JsonValue>map(duration -> Json.createValue(duration.toMillis() / 1_000.0))
                .orElse(JsonValue.NULL);
    }

    private static JsonValue progress(CycleStep step) {
        return step.progress().<JsonValue>map(CycleResource::progress).orElse(JsonValue.NULL);
    }

    private static JsonObject progress(Progress progress) {
        return Json.createObjectBuilder()
                .add("bytes", progress.bytes())
                .add("totalBytes", progress.totalBytes())
                .add("rows", progress.rows())
                .add("rowsPerSecond", progress.rowsPerSecond())
                .add("share", progress.share())
                .add("expectedEnd", text(progress.expectedEnd().orElse(null)))
                .add("at", progress.at().toString())
                .build();
    }
}
