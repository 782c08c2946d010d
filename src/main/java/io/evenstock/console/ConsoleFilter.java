package io.evenstock.console;

import io.evenstock.http.JsonFields;
import io.evenstock.http.ProblemException;
import io.evenstock.http.StrictTransport;
import io.evenstock.settings.Settings;
import jakarta.faces.render.ResponseStateManager;
import jakarta.inject.Inject;
import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpSession;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.util.Arrays;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Around every page of the console: nothing of it is kept by anybody between, and a session that is over, or whose user may
 * not any more, ends here. What holds control characters is refused before a page sees it, as over HTTP: the database cannot
 * keep each of them, and nobody would see them; so is a form that is none of our pages'. The Content-Security-Policy is set with each page's own nonce (web.xml).
 */
public class ConsoleFilter implements Filter {
    private static final String LOGIN = "/console/login";

    /** A header of what an open page asks by itself. */
    private static final String FOLLOWS = "Evenstock-Follow";

    /** Under which a session keeps when somebody last did something. */
    private static final String USED = "evenstock.used";

    /** Where the server keeps the page that a form is sent back from: every page, but for the login. */
    private static final Pattern KEPT_HERE = Pattern.compile("-?[0-9]+:-?[0-9]+");

    /** What browsers say of a form that no other site made. */
    private static final Set<String> OUR_SITE = Set.of("same-origin", "none");

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
        StrictTransport.tell(request, answer);
        if (!(asked.getServletPath() + "/").startsWith("/console/")) {
            chain.doFilter(request, response);
            return;
        }
        answer.setHeader("Cache-Control", "no-store");
        boolean follows = asked.getHeader(FOLLOWS) != null;
        if (over(asked)) {
            asked.logout();
            HttpSession session = asked.getSession(false);
            if (session != null) {
                session.invalidate();
            }
            if (follows) {
                answer.setStatus(HttpServletResponse.SC_UNAUTHORIZED);
            } else {
                answer.sendRedirect(asked.getContextPath() + LOGIN);
            }
        } else {
            if (!follows) {
                keepUse(asked);
            }
            ProblemException refusal = refusal(asked);
            if (refusal == null) {
                chain.doFilter(request, response);
            } else {
                ErrorPage.show(refusal, asked, answer);
            }
        }
    }

    private static @Nullable ProblemException refusal(HttpServletRequest request) throws IOException {
        if (!readable(request)) {
            return ProblemException.invalid(null, "The address or the form has control characters in it");
        }
        return ofAPageOfOurs(request) ? null : ErrorPage.noPageOfOurs();
    }

    private static boolean ofAPageOfOurs(HttpServletRequest request) {
        String from = request.getHeader("Sec-Fetch-Site");
        if (request.getMethod().equals("POST") && from != null && !OUR_SITE.contains(from)) {
            return false;
        }
        String state = request.getParameter(ResponseStateManager.VIEW_STATE_PARAM);
        return state == null
                || request.getServletPath().equals(LOGIN)
                || request.getServletPath().equals(LOGIN + ".xhtml")
                || KEPT_HERE.matcher(state).matches();
    }

    /** Tabs are no harm: they come with what is copied from a spreadsheet. */
    private static boolean readable(HttpServletRequest request) throws IOException {
        // Before anything is read: the servers take a form for ISO 8859-1.
        if (request.getCharacterEncoding() == null) {
            request.setCharacterEncoding(StandardCharsets.UTF_8.name());
        }
        return request.getParameterMap().entrySet().stream()
                .allMatch(each -> readable(each.getKey())
                        && Arrays.stream(each.getValue()).allMatch(ConsoleFilter::readable));
    }

    private static boolean readable(String text) {
        return JsonFields.printable(text.replace('\t', ' '));
    }

    private void keepUse(HttpServletRequest request) {
        HttpSession session = request.getSession(false);
        if (session != null) {
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
