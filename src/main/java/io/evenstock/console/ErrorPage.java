package io.evenstock.console;

import io.evenstock.http.ProblemException;
import io.evenstock.http.StrictTransport;
import jakarta.faces.application.ViewExpiredException;
import jakarta.servlet.RequestDispatcher;
import jakarta.servlet.ServletException;
import jakarta.servlet.annotation.WebServlet;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.UUID;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;
import org.primefaces.csp.CspException;

/**
 * What is shown when something goes wrong (web.xml): in a sentence, with an id under which the log has the rest. Never a
 * stack trace, never a server's own page.
 */
@WebServlet(name = "error", urlPatterns = "/error")
public class ErrorPage extends HttpServlet {
    private static final long serialVersionUID = 1L;

    private static final Logger LOG = Logger.getLogger(ErrorPage.class.getName());
    private static final int SERVERS_FAULT = 500;
    private static final String POLICY =
            "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; form-action 'none'; "
                    + "frame-ancestors 'none'";
    private static final String PAGE = """
            <!DOCTYPE html>
            <html lang="en">
            <head><meta charset="UTF-8"><meta name="viewport" content="width=device-width, initial-scale=1">
            <title>%1$s – Evenstock</title><link rel="stylesheet" href="%4$s/console-assets/console.css"></head>
            <body class="plain"><main class="card narrow"><p class="eyebrow">Error %3$d</p><h1>%1$s</h1><p>%2$s</p>
            <p><a class="button" href="%4$s/console/tonight">Go to Tonight</a></p></main></body></html>
            """;

    @Override
    protected void service(HttpServletRequest request, HttpServletResponse response) throws IOException {
        int status = request.getAttribute(RequestDispatcher.ERROR_STATUS_CODE) instanceof Integer code ? code : 404;
        String path = String.valueOf(request.getAttribute(RequestDispatcher.ERROR_REQUEST_URI));
        Throwable failure = (Throwable) request.getAttribute(RequestDispatcher.ERROR_EXCEPTION);
        ProblemException refusal = refusal(failure);
        if (refusal != null) {
            status = refusal.problem().status();
        }
        response.setStatus(status);
        response.setHeader("X-Content-Type-Options", "nosniff");
        response.setHeader("Cache-Control", "no-store");
        StrictTransport.tell(request, response);
        if (path.startsWith(request.getContextPath() + "/api/")) {
            response.setContentType("application/problem+json;charset=UTF-8");
            response.getWriter().write("{\"status\":" + status + ",\"title\":\"" + title(status) + "\"}");
            return;
        }
        String words = refusal == null
                ? words(status, failure, path)
                : escaped(refusal.problem().detail());
        response.setContentType("text/html;charset=UTF-8");
        response.setHeader("Content-Security-Policy", POLICY);
        response.getWriter().write(PAGE.formatted(title(status), words, status, request.getContextPath()));
    }

    /** Instead of the page that was asked for. */
    static void show(ProblemException refused, HttpServletRequest request, HttpServletResponse response)
            throws ServletException, IOException {
        request.setAttribute(RequestDispatcher.ERROR_EXCEPTION, refused);
        request.getRequestDispatcher("/error").forward(request, response);
    }

    private static @Nullable ProblemException refusal(@Nullable Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof ProblemException refused) {
                return refused;
            }
            if (cause instanceof ViewExpiredException || cause instanceof CspException) {
                return noPageOfOurs();
            }
        }
        return null;
    }

    /** A form was sent that is no page's of this session. */
    static ProblemException noPageOfOurs() {
        return ProblemException.notNow(
                "This page is too old, or is none of this session's. Nothing was changed: open it again.");
    }

    private static String words(int status, @Nullable Throwable failure, String path) {
        if (status < SERVERS_FAULT) {
            return switch (status) {
                case HttpServletResponse.SC_NOT_FOUND -> "There is nothing at this address.";
                case HttpServletResponse.SC_REQUEST_ENTITY_TOO_LARGE -> "The form is too large. Nothing was done.";
                default -> "The request was not understood or not allowed.";
            };
        }
        String id = UUID.randomUUID().toString();
        LOG.log(Level.SEVERE, "Error " + id + " at " + path.replaceAll("[^!-~]", "?"), failure);
        return "It is not your fault. The server's log has the reason under <code>" + id + "</code>.";
    }

    private static String title(int status) {
        return switch (status) {
            case HttpServletResponse.SC_NOT_FOUND -> "Not found";
            case HttpServletResponse.SC_FORBIDDEN -> "Not allowed";
            case HttpServletResponse.SC_CONFLICT -> "Not now";
            default -> status < SERVERS_FAULT ? "That did not work" : "Something went wrong";
        };
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
    }
}
