package io.evenstock.http;

import io.evenstock.database.DatabaseException;
import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.ext.ExceptionMapper;
import jakarta.ws.rs.ext.Provider;
import java.util.UUID;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;

/** Every failure of a call becomes problem details; what is not the caller's fault is logged under an id it is told. */
@Provider
public class ProblemMapper implements ExceptionMapper<Throwable> {
    private static final Logger LOG = Logger.getLogger(ProblemMapper.class.getName());

    @Override
    public Response toResponse(Throwable failure) {
        ProblemException problem = cause(failure, ProblemException.class);
        if (problem != null) {
            return problem.problem().toResponse();
        }
        if (failure instanceof WebApplicationException refusal) {
            return refused(refusal.getResponse().getStatusInfo());
        }
        String id = UUID.randomUUID().toString();
        LOG.log(Level.SEVERE, "Failure " + id, failure);
        if (cause(failure, DatabaseException.class) != null) {
            return retryLater(id);
        }
        return new Problem(500, "internal", "Evenstock failed", "The failure is logged under id " + id, null)
                .toResponse();
    }

    private static Response refused(Response.StatusType status) {
        return new Problem(
                        status.getStatusCode(),
                        "http-" + status.getStatusCode(),
                        status.getReasonPhrase(),
                        status.getReasonPhrase(),
                        null)
                .toResponse();
    }

    private static Response retryLater(String id) {
        Problem problem = new Problem(
                503,
                "database",
                "The database did not answer",
                "Nothing was recorded by this call; try again. The failure is logged under id " + id,
                null);
        return Response.fromResponse(problem.toResponse())
                .header("Retry-After", "5")
                .build();
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
