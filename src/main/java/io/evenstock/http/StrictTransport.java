package io.evenstock.http;

import jakarta.servlet.ServletRequest;
import jakarta.servlet.http.HttpServletResponse;

/** Who came by TLS comes by nothing else for a year (RFC 6797); by a plain connection anybody could say so. */
public final class StrictTransport {
    static final String HEADER = "Strict-Transport-Security";
    static final String VALUE = "max-age=31536000";

    private StrictTransport() {}

    /** Says so in an answer, if the request came by TLS. */
    public static void tell(ServletRequest request, HttpServletResponse answer) {
        if (request.isSecure()) {
            answer.setHeader(HEADER, VALUE);
        }
    }
}
