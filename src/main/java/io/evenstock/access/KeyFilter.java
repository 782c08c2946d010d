package io.evenstock.access;

import io.evenstock.http.Problem;
import jakarta.annotation.Priority;
import jakarta.inject.Inject;
import jakarta.ws.rs.Priorities;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerRequestFilter;
import jakarta.ws.rs.container.PreMatching;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.ext.Provider;
import org.jspecify.annotations.Nullable;

/** No call without a key; health alone answers everybody. */
@Provider
@PreMatching
@Priority(Priorities.AUTHENTICATION)
public class KeyFilter implements ContainerRequestFilter {
    private static final String SCHEME = "Bearer ";

    @Inject
    ApiKeys keys;

    @Override
    public void filter(ContainerRequestContext request) {
        if (request.getUriInfo().getPath().matches("/?health/(live|ready)")) {
            return;
        }
        if (!authorized(request.getHeaderString(HttpHeaders.AUTHORIZATION))) {
            Problem problem = new Problem(
                    401,
                    "unauthorized",
                    "An API key is needed",
                    "Send the header Authorization: Bearer <API key> with a key that is known and not revoked",
                    null);
            request.abortWith(Response.fromResponse(problem.toResponse())
                    .header(HttpHeaders.WWW_AUTHENTICATE, "Bearer")
                    .build());
        }
    }

    private boolean authorized(@Nullable String header) {
        return header != null
                && header.regionMatches(true, 0, SCHEME, 0, SCHEME.length())
                && keys.known(header.substring(SCHEME.length()).strip());
    }
}
