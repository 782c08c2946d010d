package io.evenstock.http;

import io.evenstock.observation.Metrics;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.Response;

/** {@code GET /api/metrics}: this node's metrics, for Prometheus. */
@Path("metrics")
@ApplicationScoped
public class MetricsResource {
    @Inject
    Metrics metrics;

    @GET
    public Response metrics() {
        return Response.ok(metrics.text(), Metrics.MEDIA_TYPE).build();
    }
}
