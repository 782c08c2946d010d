package io.evenstock.http;

import io.evenstock.observation.LogLine;
import io.evenstock.observation.Metrics;
import io.evenstock.settings.Settings;
import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.Histogram;
import jakarta.annotation.PostConstruct;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerRequestFilter;
import jakarta.ws.rs.container.ContainerResponseContext;
import jakarta.ws.rs.container.ContainerResponseFilter;
import jakarta.ws.rs.container.PreMatching;
import jakarta.ws.rs.ext.Provider;
import java.util.Locale;
import java.util.logging.Logger;

/** Counts and times every call by its template, and writes its line into the log; first to come, last to go. */
@Provider
@PreMatching
@Priority(RequestObserver.FIRST)
@ApplicationScoped
public class RequestObserver implements ContainerRequestFilter, ContainerResponseFilter {
    static final int FIRST = 1;

    private static final Logger LOG = Logger.getLogger("io.evenstock.requests");
    private static final String NO_ROUTE = "none";
    private static final int REFUSED = 400;
    private static final double NANOS = 1e9;

    @Inject
    Metrics metrics;

    @Inject
    Settings settings;

    @Inject
    RemoteAddress remoteAddress;

    @Inject
    HttpServletRequest servletRequest;

    private Counter requests;
    private Histogram times;

    @PostConstruct
    void register() {
        requests = metrics.counter("evenstock_http_requests", "Calls answered", "method", "route", "status");
        times = metrics.seconds("evenstock_http_request", "From a call's arrival to its answer", "route");
    }

    @Override
    public void filter(ContainerRequestContext request) {
        request.setProperty(Observed.STARTED, System.nanoTime());
        request.setProperty(Observed.ADDRESS, remoteAddress.of(servletRequest));
    }

    @Override
    public void filter(ContainerRequestContext request, ContainerResponseContext response) {
        String route = request.getProperty(Observed.ROUTE) instanceof String known ? known : NO_ROUTE;
        double seconds = request.getProperty(Observed.STARTED) instanceof Long started
                ? (System.nanoTime() - started) / NANOS
                : 0;
        // A method that nobody knows must not become a label.
        String method = route.equals(NO_ROUTE) ? NO_ROUTE : request.getMethod();
        requests.labelValues(method, route, Integer.toString(response.getStatus()))
                .inc();
        times.labelValues(route).observe(seconds);
        if (logged(response.getStatus())) {
            LOG.info(() -> line(request, response, route, seconds));
        }
    }

    private boolean logged(int status) {
        return switch (settings.http().log()) {
            case ALL -> true;
            case REFUSED -> status >= REFUSED;
            case NONE -> false;
        };
    }

    private String line(
            ContainerRequestContext request, ContainerResponseContext response, String route, double seconds) {
        return LogLine.of("request")
                .with("request", request.getProperty(TraceFilter.ATTRIBUTE))
                .with("method", request.getMethod())
                .with("route", route)
                .with("path", request.getUriInfo().getPath(false))
                .with("status", response.getStatus())
                .with("ms", String.format(Locale.ROOT, "%.1f", seconds * 1_000))
                .with("event", request.getProperty(Observed.EVENT))
                .with("adjustments", request.getProperty(Observed.ADJUSTMENTS))
                .with("key", request.getProperty(Observed.CALLER))
                .with("address", request.getProperty(Observed.ADDRESS))
                .toString();
    }
}
