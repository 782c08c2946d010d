package io.evenstock.http;

import jakarta.ejb.ApplicationException;
import org.jspecify.annotations.Nullable;

/** A refusal the caller can act on; becomes problem details (RFC 9457) and rolls a running transaction back. */
@ApplicationException(rollback = true)
public final class ProblemException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final Problem problem;

    public ProblemException(Problem problem) {
        super(problem.detail());
        this.problem = problem;
    }

    public Problem problem() {
        return problem;
    }

    /** 400: the body or a parameter is not what the call takes; {@code pointer} names the field (RFC 6901). */
    public static ProblemException invalid(@Nullable String pointer, String detail) {
        return new ProblemException(new Problem(400, "invalid-request", "The request is not valid", detail, pointer));
    }

    /** 404. */
    public static ProblemException notFound(String detail) {
        return new ProblemException(new Problem(404, "not-found", "There is no such thing", detail, null));
    }

    /** 409: the same id was used before, with other content. */
    public static ProblemException conflict(@Nullable String pointer, String detail) {
        return new ProblemException(
                new Problem(409, "conflicting-repeat", "The same id was recorded with other content", detail, pointer));
    }

    /** 409: the state of things does not allow it now. */
    public static ProblemException notNow(String detail) {
        return new ProblemException(new Problem(409, "not-now", "Its turn has not come or it is done", detail, null));
    }

    /** 403: the key is known, but not for this. */
    public static ProblemException forbidden(@Nullable String pointer, String detail) {
        return new ProblemException(new Problem(403, "forbidden", "The key may not do this", detail, pointer));
    }

    /** 415: the body comes as something that no call takes. */
    public static ProblemException unsupported(String detail) {
        return new ProblemException(new Problem(415, "http-415", "Unsupported Media Type", detail, null));
    }
}
