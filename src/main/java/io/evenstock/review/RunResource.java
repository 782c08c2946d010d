package io.evenstock.review;

import io.evenstock.access.Caller;
import io.evenstock.http.JsonBody;
import io.evenstock.http.JsonFields;
import io.evenstock.http.PageLimit;
import io.evenstock.http.ProblemException;
import io.evenstock.inventory.Preview;
import io.evenstock.snapshot.SnapshotCounts;
import io.evenstock.snapshot.SnapshotRun;
import io.evenstock.snapshot.Snapshots;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.json.Json;
import jakarta.json.JsonArrayBuilder;
import jakarta.json.JsonObjectBuilder;
import jakarta.json.JsonValue;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import java.io.InputStream;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** {@code /api/runs}: every run; preview and decision of a held one; reversal of an applied one. */
@Path("runs")
@ApplicationScoped
@Produces(MediaType.APPLICATION_JSON)
public class RunResource {
    private static final int MAX_LIMIT = 1_000;
    private static final int REJECTS_SHOWN = 1_000;
    private static final int PAIRS_SHOWN = 20;

    @Inject
    Snapshots snapshots;

    @Inject
    Preview preview;

    @Inject
    JsonBody json;

    @Inject
    Decisions decisions;

    @Inject
    Caller caller;

    @GET
    public String runs(
            @QueryParam("before") @Nullable Long before, @QueryParam("limit") @DefaultValue("100") int limit) {
        PageLimit.require(limit, MAX_LIMIT);
        List<SnapshotRun> found = snapshots.newest(before == null ? Long.MAX_VALUE : before, limit);
        JsonArrayBuilder items = Json.createArrayBuilder();
        found.forEach(run -> items.add(run(run)));
        JsonValue next =
                found.size() == limit ? Json.createValue(found.get(limit - 1).runId()) : JsonValue.NULL;
        return Json.createObjectBuilder()
                .add("items", items)
                .add("next", next)
                .build()
                .toString();
    }

    @GET
    @Path("{id}")
    public String run(@PathParam("id") long id) {
        JsonArrayBuilder rejects = Json.createArrayBuilder();
        snapshots
                .rejects(id, REJECTS_SHOWN)
                .forEach(reject -> rejects.add(Json.createObjectBuilder()
                        .add("line", reject.line())
                        .add("column", reject.column())
                        .add("value", reject.value())
                        .add("reason", reject.reason())));
        return run(decisions.run(id)).add("rejectedRows", rejects).build().toString();
    }

    /** What the run would do to the figures. */
    @GET
    @Path("{id}/preview")
    public String preview(@PathParam("id") long id) {
        SnapshotRun run = decisions.run(id);
        if (run.state() != SnapshotRun.State.HELD) {
            throw ProblemException.notNow("Run " + id + " is " + run.state() + "; a preview is made of held runs");
        }
        JsonArrayBuilder facilities = Json.createArrayBuilder();
        preview.byFacility(id)
                .forEach(effect -> facilities.add(Json.createObjectBuilder()
                        .add("facilityId", effect.facilityId())
                        .add("unitsGained", effect.gained())
                        .add("unitsLost", effect.lost())
                        .add("pairsChanged", effect.pairs())));
        return Json.createObjectBuilder()
                .add("runId", id)
                .add("reason", text(run.reason()))
                .add("facilities", facilities)
                .add("topMovers", pairs(preview.topMovers(id, PAIRS_SHOWN)))
                .add("goingNegative", pairs(preview.goingNegative(id, PAIRS_SHOWN)))
                .add("activeProductsLacking", Json.createArrayBuilder(preview.lacking(id, PAIRS_SHOWN)))
                .build()
                .toString();
    }

    /** An operator's decision on a held run. */
    @POST
    @Path("{id}/approval")
    @Consumes(MediaType.APPLICATION_JSON)
    public String approve(@PathParam("id") long id, InputStream body) {
        JsonFields fields = JsonFields.of(json.read(body), "");
        boolean approve = fields.required("approve");
        String reason = fields.text("reason", 500);
        return run(decisions.decide(id, approve, reason, caller.actor()))
                .build()
                .toString();
    }

    /** Takes an applied run back. */
    @POST
    @Path("{id}/reversal")
    @Consumes(MediaType.APPLICATION_JSON)
    public String reverse(@PathParam("id") long id, InputStream body) {
        String reason = JsonFields.of(json.read(body), "").text("reason", 500);
        return run(decisions.undo(id, reason, caller.actor())).build().toString();
    }

    private static JsonArrayBuilder pairs(List<Preview.PairEffect> effects) {
        JsonArrayBuilder pairs = Json.createArrayBuilder();
        effects.forEach(effect -> pairs.add(Json.createObjectBuilder()
                .add("facilityId", effect.facilityId())
                .add("productId", effect.productId())
                .add("before", effect.before())
                .add("after", effect.after())));
        return pairs;
    }

    private static JsonObjectBuilder run(SnapshotRun run) {
        SnapshotCounts counts = run.counts();
        return Json.createObjectBuilder()
                .add("runId", run.runId())
                .add("kind", run.kind())
                .add("businessDate", text(run.businessDate()))
                .add("file", run.sourceName())
                .add("sha256", run.sourceSha256())
                .add("asOf", run.asOf().toString())
                .add("state", run.state().name())
                .add("variance", text(run.variance()))
                .add("rows", counts.rows())
                .add("lines", counts.lines())
                .add("repeats", counts.repeats())
                .add("stale", counts.stale())
                .add("rejects", counts.rejects())
                .add("bytes", run.bytes() == null ? JsonValue.NULL : Json.createValue(run.bytes()))
                .add("seconds", run.seconds() == null ? JsonValue.NULL : Json.createValue(run.seconds()))
                .add("reason", text(run.reason()))
                .add("appliedAt", text(run.appliedAt()))
                .add("undoneAt", text(run.undoneAt()));
    }

    private static JsonValue text(@Nullable Object value) {
        return value == null ? JsonValue.NULL : Json.createValue(value.toString());
    }
}
