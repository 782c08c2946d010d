package io.evenstock.http;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.evenstock.settings.SettingsReader;
import jakarta.servlet.http.HttpServletRequest;
import java.lang.reflect.Proxy;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class RemoteAddressTest {
    private static final String PROXY = "10.0.0.1";
    private static final String OTHER_PROXY = "10.0.0.2";
    private static final String TILL = "203.0.113.7";
    private static final String FORGED = "127.0.0.1";

    @Test
    void whoIsNoTrustedProxyIsNotBelieved() {
        assertEquals(TILL, of(TILL));
        assertEquals(TILL, of(TILL, FORGED));
    }

    @Test
    void theLastThatNoTrustedProxyIsCounts() {
        assertEquals(TILL, of(PROXY, TILL));
        assertEquals(TILL, of(PROXY, FORGED + ", " + TILL + " ,\t" + OTHER_PROXY));
        assertEquals(OTHER_PROXY, of(PROXY, OTHER_PROXY));
    }

    /** A proxy may add a line of its own instead of adding to the caller's. */
    @Test
    void linesCountInTheirOrder() {
        assertEquals(TILL, of(PROXY, FORGED, TILL));
        assertEquals(TILL, of(PROXY, FORGED + "," + FORGED, TILL, OTHER_PROXY));
    }

    @Test
    void whatIsNoAddressTellsNobody() {
        for (String nobody : List.of("unknown", "", TILL + ":4711", "999.0.0.1", "_hidden", "localhost")) {
            assertEquals(PROXY, of(PROXY, FORGED + "," + nobody), nobody);
            assertEquals(OTHER_PROXY, of(PROXY, TILL + "," + nobody + "," + OTHER_PROXY), nobody);
        }
    }

    @SuppressWarnings("UnnecessaryAssignment") // no container is here to inject
    private static String of(String peer, String... lines) {
        RemoteAddress address = new RemoteAddress();
        address.settings = new SettingsReader(name -> Optional.ofNullable(
                        Map.of("evenstock.http.trusted-proxies", "10.0.0.0/8").get(name)))
                .read();
        return address.of((HttpServletRequest) Proxy.newProxyInstance(
                RemoteAddressTest.class.getClassLoader(),
                new Class<?>[] {HttpServletRequest.class},
                (proxy, method, arguments) -> switch (method.getName()) {
                    case "getRemoteAddr" -> peer;
                    case "getHeaders" -> Collections.enumeration(List.of(lines));
                    case "getHeader" -> lines.length == 0 ? null : lines[0];
                    default -> throw new UnsupportedOperationException(method.getName());
                }));
    }
}
