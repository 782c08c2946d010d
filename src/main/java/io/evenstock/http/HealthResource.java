package io.evenstock.http;

import io.evenstock.database.Looks;
import io.evenstock.database.Sql;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.json.Json;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;

/** Liveness: the process answers. Readiness: the database answers, too. */
@Path("health")
@ApplicationScoped
@Produces(MediaType.APPLICATION_JSON)
public class HealthResource {
    @Inject
    Sql sql;

    @Inject
    Looks looks;

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

    boolean databaseAnswers() {
        try {
            return looks.take(HealthResource.class, () -> sql.one("select 1", row -> true));
        } catch (RuntimeException gone) {
            return false;
        }
    }

    private static String status(String status) {
        return Json.createObjectBuilder().add("status", status).build().toString();
    }
}
