package io.evenstock.console;

import io.evenstock.access.Actor;
import io.evenstock.access.User;
import io.evenstock.access.UserRole;
import io.evenstock.access.Users;
import io.evenstock.http.ProblemException;
import io.evenstock.http.RemoteAddress;
import jakarta.enterprise.context.RequestScoped;
import jakarta.faces.context.FacesContext;
import jakarta.inject.Inject;
import jakarta.inject.Named;
import jakarta.security.enterprise.SecurityContext;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import java.security.Principal;
import java.util.Optional;

/** Whoever looks at the page. The role is the one of now, not the one at login. */
@Named
@RequestScoped
public class Me {
    @Inject
    SecurityContext security;

    @Inject
    Users users;

    @Inject
    RemoteAddress remoteAddress;

    @Inject
    HttpServletRequest request;

    @Inject
    FacesContext faces;

    private Optional<User> user = Optional.empty();
    private boolean asked;

    /** The user; empty: nobody, or one who may not any more. */
    Optional<User> user() {
        if (!asked) {
            user = Optional.ofNullable(security.getCallerPrincipal())
                    .map(Principal::getName)
                    .flatMap(users::named)
                    .filter(known -> !known.disabled());
            asked = true;
        }
        return user;
    }

    public String getName() {
        return user().map(User::name).orElse("");
    }

    public String getRole() {
        return user().map(known -> known.role().text()).orElse("");
    }

    public boolean isOperator() {
        return may(UserRole.OPERATOR);
    }

    public boolean isAdmin() {
        return may(UserRole.ADMIN);
    }

    private boolean may(UserRole role) {
        return user().filter(known -> known.role().includes(role)).isPresent();
    }

    /**
     * To be asked by every action that changes something, whatever the page has shown.
     *
     * @return the user, for the audit trail
     * @throws ProblemException 403
     */
    Actor require(UserRole role) {
        if (!may(role)) {
            throw ProblemException.forbidden(null, "Your role does not allow this; it needs " + role.text());
        }
        return new Actor(getName(), remoteAddress.of(request));
    }

    /** Ends the session. */
    public String logout() throws ServletException {
        request.logout();
        faces.getExternalContext().invalidateSession();
        return "/console/login?faces-redirect=true";
    }
}
