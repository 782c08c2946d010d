package io.evenstock.console;

import io.evenstock.access.Actor;
import io.evenstock.access.Audit;
import io.evenstock.access.RateLimits;
import io.evenstock.access.Users;
import io.evenstock.http.ProblemException;
import io.evenstock.settings.Settings;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.security.enterprise.AuthenticationStatus;
import jakarta.security.enterprise.SecurityContext;
import jakarta.security.enterprise.authentication.mechanism.http.AuthenticationParameters;
import jakarta.security.enterprise.credential.Credential;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.security.Principal;
import java.time.Clock;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Where a session begins, however it was told who it is. */
@ApplicationScoped
class Entrance {
    /** Where a session keeps when it began: it ends after a while however much it is used. */
    static final String BEGAN = "evenstock.began";

    /** Where people begin who wanted no other page. */
    static final String FIRST_PAGE = "/console/tonight";

    @Inject
    SecurityContext security;

    @Inject
    RateLimits rateLimits;

    @Inject
    Users users;

    @Inject
    Audit audit;

    @Inject
    Settings settings;

    @Inject
    Clock clock;

    /**
     * Lets somebody in.
     *
     * @param how for the audit trail
     * @throws ProblemException 409 if the session is somebody's
     * @return where to go now; empty: nobody was let in
     */
    Optional<String> enter(
            HttpServletRequest request,
            HttpServletResponse response,
            Credential credential,
            Actor actor,
            @Nullable String how) {
        requireNobody(request);
        // Whoever knew the session's id before knows it no more.
        request.getSession();
        request.changeSessionId();
        AuthenticationStatus status = security.authenticate(
                request,
                response,
                AuthenticationParameters.withParams().credential(credential).newAuthentication(false));
        if (status != AuthenticationStatus.SUCCESS) {
            audit.record(actor, "login refused", "console", how);
            return Optional.empty();
        }
        welcome(request, actor, how);
        return Optional.of(
                request.getContextPath() + Gate.wanted(request.getSession()).orElse(FIRST_PAGE));
    }

    /**
     * The server would go on as whoever is logged in already, and count it as the other's login.
     *
     * @throws ProblemException 409 if the session is somebody's
     */
    void requireNobody(HttpServletRequest request) {
        Principal present = request.getUserPrincipal();
        if (present != null) {
            throw ProblemException.notNow(
                    "Here " + present.getName() + " is logged in. Log out before somebody else logs in.");
        }
    }

    private void welcome(HttpServletRequest request, Actor actor, @Nullable String how) {
        rateLimits.noWrongPassword(actor.address());
        request.getSession().setAttribute(BEGAN, clock.instant());
        request.getSession()
                .setMaxInactiveInterval(
                        Math.toIntExact(settings.console().idle().toSeconds()));
        users.loggedIn(actor.name());
        audit.record(actor, "login", "console", how);
    }
}
