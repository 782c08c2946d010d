package io.evenstock.http;

import io.evenstock.database.Sql;
import jakarta.annotation.Resource;
import jakarta.enterprise.concurrent.ManagedExecutorService;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.json.Json;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** Liveness: the process answers. Readiness: the database answers, too. */
@Path("health")
@ApplicationScoped
@Produces(MediaType.APPLICATION_JSON)
public class HealthResource {
    private static final int LONGEST_LOOK_SECONDS = 2;

    @Inject
    Sql sql;

    @Resource
    ManagedExecutorService looks;

    private @Nullable Future<Boolean> look;

    @GET
    @Path("live")
    public String live() {
        return status("UP");
    }

    @GET
    @Path("ready")
    public Response ready() {
        return databaseAnswers()
                ? Response.ok(status("UP")).build()
                : Response.status(Response.Status.SERVICE_UNAVAILABLE)
                        .entity(status("DOWN"))
                        .build();
    }

    /** One look at a time: of a database that stands still each would keep a thread and a connection. */
    boolean databaseAnswers() {
        try {
            return latest().get(LONGEST_LOOK_SECONDS, TimeUnit.SECONDS);
        } catch (TimeoutException | ExecutionException | RejectedExecutionException gone) {
            return false;
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private synchronized Future<Boolean> latest() {
        Future<Boolean> latest = look;
        if (latest == null || latest.isDone()) {
            latest = looks.submit(() -> sql.one("select 1", row -> true));
            look = latest;
        }
        return latest;
    }

    private static String status(String status) {
        return Json.createObjectBuilder().add("status", status).build().toString();
    }
}
