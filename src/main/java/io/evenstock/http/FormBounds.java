package io.evenstock.http;

import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Refuses a form that is larger than any of ours before anybody reads it: a server takes a form's parameters into memory
 * as a whole, for whoever sends it. So it stands first in web.xml. The API takes no forms and has a bound of its own ({@link RequestBounds}).
 */
public class FormBounds implements Filter {
    private static final long MAX_BYTES = 1 << 16;

    @Override
    public void doFilter(ServletRequest request, ServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        HttpServletRequest asked = (HttpServletRequest) request;
        if (!ofTheApi(asked) && tooLarge(asked)) {
            ((HttpServletResponse) response).sendError(HttpServletResponse.SC_REQUEST_ENTITY_TOO_LARGE);
        } else {
            chain.doFilter(request, response);
        }
    }

    private static boolean ofTheApi(HttpServletRequest request) {
        return (request.getServletPath() + "/").startsWith("/api/");
    }

    private static boolean tooLarge(HttpServletRequest request) {
        long length = request.getContentLengthLong();
        return length > MAX_BYTES || (length < 0 && isForm(request.getContentType()));
    }

    private static boolean isForm(@Nullable String type) {
        String lower = type == null ? "" : type.toLowerCase(Locale.ROOT);
        return lower.startsWith("application/x-www-form-urlencoded") || lower.startsWith("multipart/");
    }
}
