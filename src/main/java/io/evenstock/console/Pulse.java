package io.evenstock.console;

import io.evenstock.nightly.Nights;
import jakarta.inject.Inject;
import jakarta.servlet.annotation.WebServlet;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;

/**
 * {@code /console/pulse}: a mark that changes whenever a night does, whichever node carries it out. A page asks for it each
 * second and brings itself anew when it has changed. Not by WebSocket: see docs/decisions/0015.
 */
@WebServlet(name = "pulse", urlPatterns = Pulse.PATH)
public class Pulse extends HttpServlet {
    /** No part of what {@code web.xml} protects: the server would lead to it after the login. */
    static final String PATH = "/console/pulse";

    private static final long serialVersionUID = 1L;

    @Inject
    transient Nights nights;

    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
        if (request.getUserPrincipal() == null) {
            response.setStatus(HttpServletResponse.SC_UNAUTHORIZED);
            return;
        }
        response.setContentType("text/plain;charset=US-ASCII");
        response.getWriter().write(nights.pulse());
    }
}
