package io.evenstock.pos;

import io.evenstock.access.Caller;
import io.evenstock.http.JsonBody;
import io.evenstock.movement.Outcome;
import io.evenstock.settings.Settings;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.container.AsyncResponse;
import jakarta.ws.rs.container.Suspended;
import jakarta.ws.rs.core.MediaType;
import java.io.InputStream;
import java.time.Clock;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** UpdateInventory with other ends behind the same reading, checking and answering. Added to the WAR by the benchmark only. */
@Path("bench")
@ApplicationScoped
@Consumes(MediaType.APPLICATION_JSON)
@Produces(MediaType.APPLICATION_JSON)
public class BenchResource {
    private static final long PATIENCE_NANOS = 10_000_000_000L;

    @Inject
    JsonBody json;

    @Inject
    Settings settings;

    @Inject
    Clock clock;

    @Inject
    Caller caller;

    @Inject
    GroupCommit groupCommit;

    /** The server's own ceiling: no database. */
    @POST
    @Path("nothing")
    public void nothing(InputStream body, @Suspended AsyncResponse response) {
        resource(new UpdateInventory() {
                    @Override
                    CompletionStage<List<Adjusted>> apply(List<Adjustment> adjustments) {
                        return CompletableFuture.completedFuture(adjustments.stream()
                                .map(each -> new Adjusted(
                                        new Outcome.Recorded(1, Outcome.Status.APPLIED, false, 1, 1), null))
                                .toList());
                    }
                })
                .updateInventory(body, null, false, response);
    }

    /** One transaction a request, in the request's thread. */
    @POST
    @Path("one")
    public void one(InputStream body, @Suspended AsyncResponse response) {
        resource(new UpdateInventory() {
                    @Override
                    CompletionStage<List<Adjusted>> apply(List<Adjustment> adjustments) {
                        return CompletableFuture.completedFuture(
                                groupCommit.commit(adjustments, System.nanoTime() + PATIENCE_NANOS));
                    }
                })
                .updateInventory(body, null, false, response);
    }

    /** Another end behind the same resource: the container would inject the product's own. */
    @SuppressWarnings("UnnecessaryAssignment")
    private UpdateInventoryResource resource(UpdateInventory updateInventory) {
        UpdateInventoryResource resource = new UpdateInventoryResource();
        resource.json = json;
        resource.settings = settings;
        resource.clock = clock;
        resource.caller = caller;
        resource.updateInventory = updateInventory;
        return resource;
    }
}
