package io.evenstock.console;

import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import jakarta.inject.Named;
import jakarta.servlet.http.Cookie;
import jakarta.servlet.http.HttpServletRequest;

/** Light or dark: as the cookie of the switch says, else as the system does. */
@Named
@RequestScoped
public class Theme {
    private static final String COOKIE = "evenstock-theme";

    @Inject
    HttpServletRequest request;

    /** {@code light}, {@code dark} or {@code auto}. */
    public String getName() {
        Cookie[] cookies = request.getCookies();
        if (cookies != null) {
            for (Cookie cookie : cookies) {
                if (cookie.getName().equals(COOKIE) && cookie.getValue().matches("light|dark")) {
                    return cookie.getValue();
                }
            }
        }
        return "auto";
    }
}
