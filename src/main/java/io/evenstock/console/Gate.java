package io.evenstock.console;

import jakarta.annotation.security.DeclareRoles;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.security.enterprise.AuthenticationStatus;
import jakarta.security.enterprise.authentication.mechanism.http.AutoApplySession;
import jakarta.security.enterprise.authentication.mechanism.http.HttpAuthenticationMechanism;
import jakarta.security.enterprise.authentication.mechanism.http.HttpMessageContext;
import jakarta.security.enterprise.credential.Credential;
import jakarta.security.enterprise.identitystore.IdentityStoreHandler;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpSession;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Tells the server how people log in: whoever comes without a login is led to the page for it, and afterwards to the page that
 * was wanted. Only that page's address is kept. What comes with Jakarta Security ({@code @LoginToContinue}) would keep
 * the whole request, form and headers, of everybody who asks. The API has its keys and is not concerned.
 */
@ApplicationScoped
@AutoApplySession
@DeclareRoles({"viewer", "operator", "admin"})
public class Gate implements HttpAuthenticationMechanism {
    private static final String LOGIN = "/console/login";
    private static final String WANTED = "evenstock.wanted";

    /** Pages of ours alone: where people are sent is no part of an address that others may have written. */
    private static final Pattern PAGE = Pattern.compile("/console(/[a-z0-9.-]+)?");

    private static final int MAX_QUERY = 500;

    @Inject
    IdentityStoreHandler stores;

    @Override
    public AuthenticationStatus validateRequest(
            HttpServletRequest request, HttpServletResponse response, HttpMessageContext context) {
        Credential credential = context.getAuthParameters().getCredential();
        if (credential != null) {
            return context.notifyContainerAboutLogin(stores.validate(credential));
        }
        if (!context.isProtected()) {
            return context.doNothing();
        }
        request.getSession().setAttribute(WANTED, address(request));
        return context.redirect(request.getContextPath() + LOGIN);
    }

    private static String address(HttpServletRequest request) {
        String page = request.getServletPath();
        String query = request.getQueryString();
        if (!PAGE.matcher(page).matches()) {
            return Entrance.FIRST_PAGE;
        }
        return query == null || query.length() > MAX_QUERY ? page : page + "?" + query;
    }

    /** The page that was wanted, without the context path; told once. */
    static Optional<String> wanted(HttpSession session) {
        Object page = session.getAttribute(WANTED);
        session.removeAttribute(WANTED);
        return page instanceof String address ? Optional.of(address) : Optional.empty();
    }
}
