package io.evenstock.system;

import com.microsoft.playwright.Page;
import com.microsoft.playwright.Route;
import com.nimbusds.jose.jwk.JWK;
import java.io.IOException;
import java.net.InetAddress;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import no.nav.security.mock.oauth2.MockOAuth2Server;
import no.nav.security.mock.oauth2.OAuth2Config;
import no.nav.security.mock.oauth2.token.KeyProvider;
import no.nav.security.mock.oauth2.token.OAuth2TokenProvider;

/** A provider of OpenID Connect on this machine. It lets everybody in, and tells of them what they say themselves. */
final class IdentityProvider implements AutoCloseable {
    /** What the login page calls it. */
    static final String TITLE = "Corp";

    private static final String ISSUER = "corp";
    private static final String SECRET = "a-secret-of-the-console-alone";

    private final Keys keys = new Keys();
    private final MockOAuth2Server server =
            new MockOAuth2Server(new OAuth2Config(true, null, null, false, new OAuth2TokenProvider(keys)));

    IdentityProvider() throws IOException {
        server.start(InetAddress.getLoopbackAddress(), 0);
    }

    /** A node's settings with which this one is believed. */
    Map<String, String> settings() {
        Map<String, String> settings = new HashMap<>();
        settings.put("EVENSTOCK_OPENID_ISSUER", server.issuerUrl(ISSUER).toString());
        settings.put("EVENSTOCK_OPENID_TITLE", TITLE);
        settings.put("EVENSTOCK_OPENID_CLIENT_ID", "evenstock-console");
        settings.put("EVENSTOCK_OPENID_CLIENT_SECRET", SECRET);
        settings.put("EVENSTOCK_OPENID_REDIRECT", "http://localhost:" + Evenstock.Running.PORT + "/console/openid");
        settings.put("EVENSTOCK_OPENID_ROLE_CLAIM", "realm_access.roles");
        settings.put("EVENSTOCK_OPENID_VIEWER", "stock-viewers");
        settings.put("EVENSTOCK_OPENID_OPERATOR", "stock-operators,stock-night");
        settings.put("EVENSTOCK_OPENID_ADMIN", "stock-admins");
        return settings;
    }

    /** Whatever is done meanwhile, it signs with a key of the same name that Evenstock has not been told. */
    void signingWithAnotherKey(Runnable meanwhile) {
        keys.forging = true;
        try {
            meanwhile.run();
        } finally {
            keys.forging = false;
        }
    }

    /** Its page asks the Internet for a font, and waits. */
    static void keepOffline(Page page) {
        page.route(
                "**/fonts.googleapis.com/**",
                route -> route.fulfill(new Route.FulfillOptions().setContentType("text/css")));
    }

    /** Logs in on its page, where people say in JSON what it is to tell of them; that takes the place of its own claims. */
    static void login(Page page, String subject, String claims) {
        page.locator("input[name=username]").fill(subject);
        page.locator("textarea[name=claims]").fill(claims);
        page.locator("input[type=submit]").click();
    }

    @Override
    public void close() {
        server.shutdown();
    }

    /** Two keys of each name, of which one signs. */
    private static final class Keys extends KeyProvider {
        private final KeyProvider forged = new KeyProvider(List.of());
        private volatile boolean forging;

        @Override
        public JWK signingKey(String keyId) {
            return forging ? forged.signingKey(keyId) : super.signingKey(keyId);
        }
    }
}
