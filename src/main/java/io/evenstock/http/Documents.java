package io.evenstock.http;

import jakarta.servlet.annotation.WebServlet;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.InputStream;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What the application says of itself in words: {@code /problems/<slug>}, the page that a problem's type names, and the
 * OpenAPI document. A server that has MicroProfile OpenAPI answers {@code /openapi} itself, with the same document.
 */
@WebServlet(
        name = "documents",
        urlPatterns = {"/problems/*", "/openapi", "/api-docs/openapi.yaml"})
public class Documents extends HttpServlet {
    private static final long serialVersionUID = 1L;

    private static final Pattern PAGE = Pattern.compile("/[a-z0-9-]{1,64}");

    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
        if (request.getServletPath().equals("/problems")) {
            answer(response, page(request.getPathInfo()), "text/plain;charset=UTF-8");
        } else {
            answer(response, "/META-INF/openapi.yaml", "application/yaml;charset=UTF-8");
        }
    }

    /** The pages are docs/problems, put beside the classes by the build. */
    private static @Nullable String page(@Nullable String path) {
        return path != null && PAGE.matcher(path).matches() ? "/problems" + path + ".md" : null;
    }

    private static void answer(HttpServletResponse response, @Nullable String resource, String type)
            throws IOException {
        try (InputStream text = resource == null ? null : Documents.class.getResourceAsStream(resource)) {
            if (text == null) {
                response.sendError(HttpServletResponse.SC_NOT_FOUND);
                return;
            }
            response.setContentType(type);
            text.transferTo(response.getOutputStream());
        }
    }
}
