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
import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** {@code /api/timers}: when the steps are asked for next, and pausing that on all nodes. */
@Path("timers")
@ApplicationScoped
@Produces(MediaType.APPLICATION_JSON)
public class TimerResource {
    private static final int FIRES_SHOWN = 3;

    @Inject
    Timers timers;

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
                .add("now", timers.now().toString())
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
        timers.pause(
                name,
                caller.actor(),
                fields.map(each -> each.optionalText("reason", 500)).orElse(null),
                fields.map(each -> each.optionalInstant("until")).orElse(null));
        return timer(name).build().toString();
    }

    @POST
    @Path("{step}/resume")
    public String resume(@PathParam("step") String step) {
        StepName name = step(step);
        timers.resume(name, caller.actor());
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
        Timers.Timer timer = timers.of(step, FIRES_SHOWN);
        JsonArrayBuilder fires = Json.createArrayBuilder();
        timer.fires().forEach(fire -> fires.add(fire(fire)));
        Optional<TimerPause> pause = timer.pause();
        return Json.createObjectBuilder()
                .add("step", step.text())
                .add("time", timer.time().toString())
                .add("zone", settings.zone().getId())
                .add("next", timer.fires().get(0).at().toString())
                .add("fires", fires)
                .add("notes", Json.createArrayBuilder(timer.notes()))
                .add("paused", pause.isPresent())
                .add("pausedBy", text(pause.map(TimerPause::by).orElse(null)))
                .add("pausedAt", text(pause.map(TimerPause::at).orElse(null)))
                .add("pausedUntil", text(pause.map(TimerPause::until).orElse(null)))
                .add("reason", text(pause.map(TimerPause::reason).orElse(null)));
    }

    private JsonObjectBuilder fire(Timers.Fire fire) {
        return Json.createObjectBuilder()
                .add("at", fire.at().toString())
                .add(
                        "local",
                        fire.at().atZone(settings.zone()).toOffsetDateTime().toString())
                .add("businessDate", fire.businessDate().toString())
                .add("note", text(fire.note()));
    }

    private static JsonValue text(@Nullable Object value) {
        return value == null ? JsonValue.NULL : Json.createValue(value.toString());
    }
}
