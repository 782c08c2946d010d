package io.evenstock.http;

import io.evenstock.observation.Trace;
import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.annotation.WebFilter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;

/** Gives every call its id, on its thread and in its answer, and takes it from the thread again. */
@WebFilter(filterName = "trace", urlPatterns = "/api/*", asyncSupported = true)
public class TraceFilter implements Filter {
    static final String ATTRIBUTE = "evenstock.trace";

    @Override
    public void doFilter(ServletRequest request, ServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        HttpServletRequest call = (HttpServletRequest) request;
        String id = Trace.id(call.getHeader(Trace.HEADER), call.getHeader("traceparent"));
        call.setAttribute(ATTRIBUTE, id);
        ((HttpServletResponse) response).setHeader(Trace.HEADER, id);
        Trace.now(id);
        try {
            chain.doFilter(request, response);
        } finally {
            Trace.now(null);
        }
    }
}
