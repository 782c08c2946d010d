package io.evenstock.nightly;

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
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** {@code /api/timers}: when the steps are asked for next, and pausing that on all nodes. */
@Path("timers")
@ApplicationScoped
@Produces(MediaType.APPLICATION_JSON)
public class TimerResource {
    private static final int FIRES_SHOWN = 3;
    private static final int DAYS_LOOKED_AHEAD = 366;

    @Inject
    Cycles cycles;

    @Inject
    TimerPauses pauses;

    @Inject
    Settings settings;

    @Inject
    JsonBody json;

    @Inject
    Caller caller;

    @GET
    public String timers() {
        JsonArrayBuilder items = Json.createArrayBuilder();
        Arrays.stream(StepName.values()).map(this::timer).forEach(items::add);
        return Json.createObjectBuilder()
                .add("zone", settings.zone().getId())
                .add("now", cycles.now().toString())
                .add("enabled", settings.schedule().enabled())
                .add("catchUp", settings.schedule().catchUp().name())
                .add("items", items)
                .build()
                .toString();
    }

    /** The body, which may be missing, tells the reason and until when. */
    @POST
    @Path("{step}/pause")
    public String pause(@PathParam("step") String step, InputStream body) {
        StepName name = step(step);
        Optional<JsonFields> fields = optional(body);
        Instant until = fields.map(each -> each.optionalInstant("until")).orElse(null);
        if (until != null && !until.isAfter(cycles.now())) {
            throw ProblemException.invalid("/until", "until must lie in the future: " + until);
        }
        pauses.pause(
                name,
                caller.who(),
                fields.map(each -> each.optionalText("reason", 500)).orElse(null),
                until);
        return timer(name).build().toString();
    }

    @POST
    @Path("{step}/resume")
    public String resume(@PathParam("step") String step) {
        StepName name = step(step);
        pauses.resume(name);
        return timer(name).build().toString();
    }

    private Optional<JsonFields> optional(InputStream body) {
        BufferedInputStream bytes = new BufferedInputStream(body);
        try {
            bytes.mark(1);
            if (bytes.read() < 0) {
                return Optional.empty();
            }
            bytes.reset();
        } catch (IOException broken) {
            throw ProblemException.invalid("", "The body could not be read: " + broken.getMessage());
        }
        return Optional.of(JsonFields.of(json.read(bytes), ""));
    }

    private static StepName step(String step) {
        return StepName.of(step)
                .orElseThrow(() -> ProblemException.notFound(
                        "There is no timer " + step + "; the timers are list, filter, reset, variance"));
    }

    private JsonObjectBuilder timer(StepName step) {
        BusinessCalendar calendar = new BusinessCalendar(settings);
        Instant now = cycles.now();
        LocalDate next = next(calendar, step, now);
        JsonArrayBuilder fires = Json.createArrayBuilder();
        for (int i = 0; i < FIRES_SHOWN; i++) {
            fires.add(fire(calendar, next.plusDays(i), step));
        }
        Optional<TimerPause> pause = pauses.of(step);
        return Json.createObjectBuilder()
                .add("step", step.text())
                .add("time", calendar.time(step).toString())
                .add("zone", settings.zone().getId())
                .add("next", calendar.due(next, step).toString())
                .add("fires", fires)
                .add("notes", notes(calendar, next, step))
                .add("paused", pause.isPresent())
                .add("pausedBy", text(pause.map(TimerPause::by).orElse(null)))
                .add("pausedAt", text(pause.map(TimerPause::at).orElse(null)))
                .add("pausedUntil", text(pause.map(TimerPause::until).orElse(null)))
                .add("reason", text(pause.map(TimerPause::reason).orElse(null)));
    }

    private static LocalDate next(BusinessCalendar calendar, StepName step, Instant now) {
        LocalDate date = calendar.today(now).minusDays(1);
        while (!calendar.due(date, step).isAfter(now)) {
            date = date.plusDays(1);
        }
        return date;
    }

    private JsonObjectBuilder fire(BusinessCalendar calendar, LocalDate date, StepName step) {
        Instant at = calendar.due(date, step);
        return Json.createObjectBuilder()
                .add("at", at.toString())
                .add("local", at.atZone(settings.zone()).toOffsetDateTime().toString())
                .add("businessDate", date.toString())
                .add("note", text(calendar.oddity(date, step).orElse(null)));
    }

    /** The days of the coming year on which the clocks change over the step's time. */
    private static JsonArrayBuilder notes(BusinessCalendar calendar, LocalDate from, StepName step) {
        JsonArrayBuilder notes = Json.createArrayBuilder();
        from.datesUntil(from.plusDays(DAYS_LOOKED_AHEAD))
                .flatMap(date -> calendar.oddity(date, step).stream())
                .forEach(notes::add);
        return notes;
    }

    private static JsonValue text(@Nullable Object value) {
        return value == null ? JsonValue.NULL : Json.createValue(value.toString());
    }
}
