package io.evenstock.console;

import io.evenstock.settings.Settings;
import jakarta.inject.Inject;
import jakarta.servlet.ServletContextEvent;
import jakarta.servlet.ServletContextListener;
import jakarta.servlet.annotation.WebListener;

/**
 * The session's cookie travels over TLS only where the settings say that people come by TLS. The server cannot see it behind a
 * proxy; where it speaks TLS itself it marks the cookie anyway (glassfish-web.xml, undertow-handlers.conf).
 */
@WebListener
public class SecureCookie implements ServletContextListener {
    @Inject
    Settings settings;

    @Override
    public void contextInitialized(ServletContextEvent event) {
        if (settings.console().secureCookie()) {
            event.getServletContext().getSessionCookieConfig().setSecure(true);
        }
    }
}
