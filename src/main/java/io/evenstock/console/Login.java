package io.evenstock.console;

import io.evenstock.access.Actor;
import io.evenstock.access.OpenId;
import io.evenstock.access.PasswordTurns;
import io.evenstock.access.RateLimits;
import io.evenstock.http.ProblemException;
import io.evenstock.http.RemoteAddress;
import jakarta.enterprise.context.RequestScoped;
import jakarta.faces.application.FacesMessage;
import jakarta.faces.context.FacesContext;
import jakarta.inject.Inject;
import jakarta.inject.Named;
import jakarta.security.enterprise.credential.Credential;
import jakarta.security.enterprise.credential.UsernamePasswordCredential;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The page to log in: {@link Gate} leads to it, and is told name and password by it. */
@Named
@RequestScoped
public class Login {
    private static final int MAX_NAME = 64;
    private static final int MAX_PASSWORD = 200;

    @Inject
    Entrance entrance;

    @Inject
    RateLimits rateLimits;

    @Inject
    PasswordTurns turns;

    @Inject
    RemoteAddress remoteAddress;

    @Inject
    OpenId openId;

    @Inject
    FacesContext faces;

    private @Nullable String name;
    private @Nullable String password;

    /** Tries name and password. */
    public void login() throws IOException {
        HttpServletRequest request =
                (HttpServletRequest) faces.getExternalContext().getRequest();
        String address = remoteAddress.of(request);
        long wait = rateLimits.tryPassword(address);
        if (wait > 0) {
            refuse("Too many wrong passwords came from your address. Try again in " + wait + " s.");
        } else if (name == null || password == null || name.length() > MAX_NAME || password.length() > MAX_PASSWORD) {
            refuse("Name or password is wrong.");
        } else {
            try {
                enter(request, new Actor(name, address), password);
            } catch (ProblemException notNow) {
                // It was not looked at: too many others are, or somebody is logged in already.
                rateLimits.noWrongPassword(address);
                refuse(String.valueOf(notNow.getMessage()));
            }
        }
    }

    private void enter(HttpServletRequest request, Actor actor, String secret) throws IOException {
        HttpServletResponse response =
                (HttpServletResponse) faces.getExternalContext().getResponse();
        Credential credential = new UsernamePasswordCredential(actor.name(), secret);
        Optional<String> page = turns.inTurn(() -> entrance.enter(request, response, credential, actor, null));
        if (page.isPresent()) {
            faces.getExternalContext().redirect(page.get());
        } else {
            refuse("Name or password is wrong.");
        }
    }

    private void refuse(String why) {
        password = null;
        faces.addMessage(null, new FacesMessage(FacesMessage.SEVERITY_ERROR, why, null));
    }

    /** What people call the identity provider; null: there is none. */
    public @Nullable String getProvider() {
        return openId.title().orElse(null);
    }

    public @Nullable String getName() {
        return name;
    }

    public void setName(@Nullable String name) {
        this.name = name == null ? null : name.strip();
    }

    public @Nullable String getPassword() {
        return null;
    }

    public void setPassword(@Nullable String password) {
        this.password = password;
    }
}
