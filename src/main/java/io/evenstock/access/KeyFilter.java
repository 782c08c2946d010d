package io.evenstock.access;

import io.evenstock.access.Permissions.Call;
import io.evenstock.http.Observed;
import io.evenstock.http.Problem;
import io.evenstock.http.ProblemException;
import io.evenstock.http.RemoteAddress;
import io.evenstock.observation.Metrics;
import io.prometheus.metrics.core.metrics.Counter;
import jakarta.annotation.PostConstruct;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.ws.rs.Priorities;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerRequestFilter;
import jakarta.ws.rs.container.PreMatching;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.ext.Provider;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * No call without a key, and none that the key's role is not for. In this order: who calls (401), whether there is such
 * a call (404, 405), whether this role may make it (403), whether the key's rate allows it (429).
 */
@Provider
@PreMatching
@Priority(Priorities.AUTHENTICATION)
@ApplicationScoped
public class KeyFilter implements ContainerRequestFilter {
    static final String QUOTA = "evenstock.quota";

    private static final String SCHEME = "Bearer ";

    @Inject
    KeyRing keys;

    @Inject
    LastUse lastUse;

    @Inject
    RateLimits rateLimits;

    @Inject
    Caller caller;

    @Inject
    RemoteAddress remoteAddress;

    @Inject
    Metrics metrics;

    @Inject
    HttpServletRequest servletRequest;

    private Counter failures;

    @PostConstruct
    void register() {
        failures = metrics.counter("evenstock_unauthorized", "Calls refused with 401");
    }

    @Override
    public void filter(ContainerRequestContext request) {
        try {
            check(request);
        } catch (ProblemException refused) {
            request.abortWith(refused.problem().toResponse());
        }
    }

    private void check(ContainerRequestContext request) {
        String path = path(request);
        Optional<Call> call = Permissions.of(request.getMethod(), path);
        call.ifPresent(known -> request.setProperty(Observed.ROUTE, known.template()));
        if (call.isPresent() && call.get().open() && remoteAddress.open(servletRequest)) {
            return;
        }
        Optional<ApiKey> key = key(request.getHeaderString(HttpHeaders.AUTHORIZATION));
        if (key.isEmpty()) {
            failures.inc();
            request.abortWith(unauthorized(request.getHeaderString(HttpHeaders.AUTHORIZATION) != null));
        } else if (call.isEmpty()) {
            request.abortWith(noSuchCall(Permissions.methods(path)));
        } else {
            admit(request, call.get(), key.get());
        }
    }

    private void admit(ContainerRequestContext request, Call call, ApiKey key) {
        request.setProperty(Observed.CALLER, key.who());
        lastUse.used(key);
        if (!call.roles().contains(key.role())) {
            throw ProblemException.forbidden(
                    null,
                    "A key of role " + key.role().text() + " may not " + call.method() + " /api/" + call.template());
        }
        if (rateLimits.enabled()) {
            RateLimits.Quota quota = rateLimits.of(key);
            request.setProperty(QUOTA, quota);
            if (!call.pays()) {
                rateLimits.spend(quota, 1);
            }
        }
        caller.is(key, remoteAddress.of(servletRequest));
    }

    private Optional<ApiKey> key(@Nullable String header) {
        if (header == null || !header.regionMatches(true, 0, SCHEME, 0, SCHEME.length())) {
            return Optional.empty();
        }
        String text = header.substring(SCHEME.length()).strip();
        if (!KeyText.shaped(text)) {
            rateLimits.wrongKey(remoteAddress.of(servletRequest));
            return Optional.empty();
        }
        byte[] sha256 = KeyText.sha256(text);
        if (keys.knows(sha256)) {
            return keys.live(sha256);
        }
        return unseen(sha256);
    }

    /** An address from which too many wrong keys came does not reach the database, but with a right one. */
    private Optional<ApiKey> unseen(byte[] sha256) {
        String address = remoteAddress.of(servletRequest);
        Optional<ApiKey> key =
                rateLimits.trusts(address) || keys.hasLive(sha256) ? keys.live(sha256) : Optional.empty();
        if (key.isEmpty()) {
            rateLimits.wrongKey(address);
        }
        return key;
    }

    /** Below {@code /api}, undecoded: what is written in another way than in the table is not in it. */
    private static String path(ContainerRequestContext request) {
        String path = request.getUriInfo().getPath(false);
        int from = path.startsWith("/") ? 1 : 0;
        int to = path.endsWith("/") && path.length() > from ? path.length() - 1 : path.length();
        return path.substring(from, to);
    }

    private static Response unauthorized(boolean wrong) {
        Problem problem = new Problem(
                401,
                "unauthorized",
                "An API key is needed",
                "Send the header Authorization: Bearer <API key> with a key that is known, not expired and not revoked",
                null);
        return Response.fromResponse(problem.toResponse())
                .header(
                        HttpHeaders.WWW_AUTHENTICATE,
                        "Bearer realm=\"evenstock\"" + (wrong ? ", error=\"invalid_token\"" : ""))
                .build();
    }

    private static Response noSuchCall(Set<String> methods) {
        if (methods.isEmpty()) {
            return new Problem(404, "http-404", "Not Found", "There is no such path", null).toResponse();
        }
        String allowed = String.join(", ", methods);
        return Response.fromResponse(
                        new Problem(405, "http-405", "Method Not Allowed", "Here: " + allowed, null).toResponse())
                .header(HttpHeaders.ALLOW, allowed)
                .build();
    }
}
