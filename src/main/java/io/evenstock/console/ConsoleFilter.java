package io.evenstock.console;

import io.evenstock.settings.Settings;
import jakarta.inject.Inject;
import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.annotation.WebFilter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpSession;
import java.io.IOException;
import java.time.Clock;
import java.time.Instant;

/**
 * Around every page of the console: nothing of it is kept by anybody between, and a session that is over, or whose user may
 * not any more, ends here. The Content-Security-Policy is set with each page's own nonce (web.xml).
 */
@WebFilter(
        filterName = "console",
        urlPatterns = {"/console", "/console/*", "/console-assets/*", "/jakarta.faces.resource/*"})
public class ConsoleFilter implements Filter {
    private static final String LOGIN = "/console/login";

    /** Under which a session keeps when somebody last did something; that an open page looks for changes is nobody's doing. */
    private static final String USED = "evenstock.used";

    @Inject
    Settings settings;

    @Inject
    Clock clock;

    @Inject
    Me me;

    @Override
    public void doFilter(ServletRequest request, ServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        HttpServletRequest asked = (HttpServletRequest) request;
        HttpServletResponse answer = (HttpServletResponse) response;
        answer.setHeader("X-Content-Type-Options", "nosniff");
        answer.setHeader("Referrer-Policy", "same-origin");
        answer.setHeader("Cross-Origin-Opener-Policy", "same-origin");
        if (!(asked.getServletPath() + "/").startsWith("/console/")) {
            chain.doFilter(request, response);
            return;
        }
        answer.setHeader("Cache-Control", "no-store");
        if (over(asked)) {
            asked.logout();
            HttpSession session = asked.getSession(false);
            if (session != null) {
                session.invalidate();
            }
            answer.sendRedirect(asked.getContextPath() + LOGIN);
        } else {
            keepUse(asked);
            chain.doFilter(request, response);
        }
    }

    private void keepUse(HttpServletRequest request) {
        HttpSession session = request.getSession(false);
        if (session != null && !request.getServletPath().equals(Pulse.PATH)) {
            session.setAttribute(USED, clock.instant());
        }
    }

    private boolean over(HttpServletRequest request) {
        if (request.getUserPrincipal() == null) {
            return false;
        }
        HttpSession session = request.getSession(false);
        Object began = session == null ? null : session.getAttribute(Entrance.BEGAN);
        Object used = session == null ? null : session.getAttribute(USED);
        return me.user().isEmpty()
                || (began instanceof Instant since && (tooLong(since) || passwordChanged(since)))
                || (used instanceof Instant last && unused(last));
    }

    private boolean unused(Instant last) {
        return last.plus(settings.console().idle()).isBefore(clock.instant());
    }

    private boolean tooLong(Instant since) {
        return since.plus(settings.console().longestSession()).isBefore(clock.instant());
    }

    private boolean passwordChanged(Instant since) {
        return me.user()
                .filter(user -> user.subject() == null && user.passwordAt().isAfter(since))
                .isPresent();
    }
}
