package io.evenstock.console;

import io.evenstock.access.Actor;
import io.evenstock.access.Audit;
import io.evenstock.access.Identity;
import io.evenstock.access.OpenId;
import io.evenstock.access.ProvenUser;
import io.evenstock.access.RateLimits;
import io.evenstock.access.UserDesk;
import io.evenstock.http.Problem;
import io.evenstock.http.ProblemException;
import io.evenstock.http.RemoteAddress;
import jakarta.inject.Inject;
import jakarta.servlet.ServletException;
import jakarta.servlet.annotation.WebServlet;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpSession;
import java.io.IOException;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * {@code /console/openid}: sends people to the identity provider, and lets them in whom it sends back. Where they go then is no
 * part of any address.
 */
@WebServlet(name = "openid", urlPatterns = OpenIdLogin.PATH)
public class OpenIdLogin extends HttpServlet {
    static final String PATH = "/console/openid";

    private static final long serialVersionUID = 1L;
    private static final Logger LOG = Logger.getLogger(OpenIdLogin.class.getName());
    private static final String QUESTION = "evenstock.openid";
    private static final int MAX_PARAMETER = 4_000;

    @Inject
    transient OpenId openId;

    @Inject
    transient UserDesk desk;

    @Inject
    transient Entrance entrance;

    @Inject
    transient Audit audit;

    @Inject
    transient RateLimits rateLimits;

    @Inject
    transient RemoteAddress remoteAddress;

    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response)
            throws ServletException, IOException {
        if (openId.title().isEmpty()) {
            response.sendError(HttpServletResponse.SC_NOT_FOUND);
            return;
        }
        try {
            entrance.requireNobody(request);
            OpenId.Answer answer = new OpenId.Answer(
                    given(request, "state"), given(request, "code"), given(request, "iss"), given(request, "error"));
            if (answer.isNone()) {
                ask(request, response);
            } else {
                OpenId.Question question = openId.answered(taken(request), answer);
                requirePatience(request);
                letIn(question, answer, request, response);
            }
        } catch (ProblemException refused) {
            ErrorPage.show(refused, request, response);
        } catch (IOException away) {
            LOG.log(Level.WARNING, "The identity provider does not answer as it should", away);
            ErrorPage.show(away(), request, response);
        }
    }

    /** Each try counts as a wrong password until it turns out right. */
    private void requirePatience(HttpServletRequest request) {
        long wait = rateLimits.tryPassword(remoteAddress.of(request));
        if (wait > 0) {
            throw new ProblemException(new Problem(
                    429,
                    "too-many-requests",
                    "Too many requests",
                    "Too many logins were tried from your address. Try again in " + wait + " s.",
                    null,
                    wait));
        }
    }

    private void ask(HttpServletRequest request, HttpServletResponse response) throws IOException {
        OpenId.Question question = openId.question();
        String address = openId.address(question);
        HttpSession session = request.getSession();
        session.setAttribute(QUESTION, question);
        session.setMaxInactiveInterval(Math.toIntExact(OpenId.PATIENCE.toSeconds()));
        response.sendRedirect(address);
    }

    private void letIn(
            OpenId.Question question, OpenId.Answer answer, HttpServletRequest request, HttpServletResponse response)
            throws IOException {
        Identity identity = openId.identity(question, answer);
        ProvenUser user = proven(identity, remoteAddress.of(request));
        Actor actor = new Actor(user.user().name(), remoteAddress.of(request));
        String page = entrance.enter(request, response, user, actor, identity.subject())
                .orElseThrow(() -> ProblemException.forbidden(null, "The server has not let you in."));
        response.sendRedirect(page);
    }

    private ProvenUser proven(Identity identity, String address) {
        try {
            return desk.proven(identity, address);
        } catch (ProblemException refused) {
            audit.record(
                    new Actor(identity.subject(), address),
                    "login refused",
                    "console",
                    refused.problem().detail());
            throw refused;
        }
    }

    /** A question is answered once. */
    private static OpenId.@Nullable Question taken(HttpServletRequest request) {
        HttpSession session = request.getSession(false);
        if (session == null || !(session.getAttribute(QUESTION) instanceof OpenId.Question question)) {
            return null;
        }
        session.removeAttribute(QUESTION);
        return question;
    }

    private static @Nullable String given(HttpServletRequest request, String name) {
        String value = request.getParameter(name);
        return value == null || value.length() > MAX_PARAMETER ? null : value;
    }

    private static ProblemException away() {
        return new ProblemException(new Problem(
                503,
                "busy",
                "Not available",
                "The identity provider does not answer as it should; the server's log has the reason. A user with a password"
                        + " can log in meanwhile.",
                null));
    }
}
