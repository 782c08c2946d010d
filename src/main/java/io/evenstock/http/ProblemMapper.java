package io.evenstock.http;

import io.evenstock.database.DatabaseException;
import io.evenstock.observation.LogLine;
import io.evenstock.observation.Trace;
import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.ext.ExceptionMapper;
import jakarta.ws.rs.ext.Provider;
import java.util.Set;
import java.util.UUID;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;

/** Every failure of a call becomes problem details; what is not the caller's fault is logged under an id it is told. */
@Provider
public class ProblemMapper implements ExceptionMapper<Throwable> {
    private static final Logger LOG = Logger.getLogger(ProblemMapper.class.getName());
    private static final Set<Integer> PAGES = Set.of(404, 405, 406, 415);

    @Override
    public Response toResponse(Throwable failure) {
        ProblemException problem = cause(failure, ProblemException.class);
        if (problem != null) {
            return problem.problem().toResponse();
        }
        if (failure instanceof WebApplicationException refusal) {
            return refused(refusal.getResponse());
        }
        String id = Trace.current().orElseGet(() -> UUID.randomUUID().toString());
        LOG.log(Level.SEVERE, LogLine.of("failure").with("request", id).toString(), failure);
        if (DatabaseException.passing(failure)) {
            return retryLater(id);
        }
        return new Problem(500, "internal", "Evenstock failed", "The failure is logged under id " + id, null)
                .toResponse();
    }

    private static Response refused(Response refusal) {
        Response.StatusType status = refusal.getStatusInfo();
        Problem problem = new Problem(
                status.getStatusCode(),
                PAGES.contains(status.getStatusCode()) ? "http-" + status.getStatusCode() : Problem.BLANK,
                status.getReasonPhrase(),
                status.getReasonPhrase(),
                null);
        Response.ResponseBuilder answer = Response.fromResponse(problem.toResponse());
        if (refusal.getHeaderString(HttpHeaders.ALLOW) != null) {
            answer.header(HttpHeaders.ALLOW, refusal.getHeaderString(HttpHeaders.ALLOW));
        }
        return answer.build();
    }

    private static Response retryLater(String id) {
        return new Problem(
                        503,
                        "database",
                        "The database did not answer",
                        "Try this call again: what it may have recorded all the same counts once. The failure is logged under id "
                                + id,
                        null,
                        5L)
                .toResponse();
    }

    private static <T extends Throwable> @Nullable T cause(Throwable failure, Class<T> type) {
        for (Throwable at = failure; at != null; at = at.getCause()) {
            if (type.isInstance(at)) {
                return type.cast(at);
            }
        }
        return null;
    }
}
