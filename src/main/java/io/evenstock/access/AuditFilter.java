package io.evenstock.access;

import io.evenstock.http.Observed;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerResponseContext;
import jakarta.ws.rs.container.ContainerResponseFilter;
import jakarta.ws.rs.ext.Provider;
import java.util.Set;

/**
 * Calls that steer something are in the audit trail once they have succeeded: steps, timers, keys, endpoints. Decisions on
 * runs write their own line, in their own transaction; sales and imports are facts, each kept with its source.
 */
@Provider
@ApplicationScoped
public class AuditFilter implements ContainerResponseFilter {
    private static final Set<String> STEERING = Set.of("cycles", "timers", "keys", "webhooks", "channels");
    private static final int FIRST_REFUSAL = 300;

    @Inject
    Audit audit;

    @Inject
    Caller caller;

    @Override
    public void filter(ContainerRequestContext request, ContainerResponseContext response) {
        if (response.getStatus() < FIRST_REFUSAL
                && !request.getMethod().equals("GET")
                && request.getProperty(Observed.ROUTE) instanceof String route
                && STEERING.contains(route.split("/", 2)[0])) {
            audit.record(
                    caller.actor(),
                    request.getMethod() + " " + route,
                    request.getUriInfo().getPath(),
                    null);
        }
    }
}
