package io.evenstock.access;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.evenstock.observation.Metrics;
import io.evenstock.settings.SettingsReader;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class RateLimitsTest {
    private static final Map<String, String> ONE_EACH =
            Map.of("evenstock.rate-limit.wrong-passwords", "1", "evenstock.rate-limit.wrong-keys", "1");

    private final RateLimits limits = limits();

    @SuppressWarnings("UnnecessaryAssignment") // no container is here to inject
    private static RateLimits limits() {
        RateLimits made = new RateLimits();
        made.settings = new SettingsReader(name -> Optional.ofNullable(ONE_EACH.get(name))).read();
        made.metrics = new Metrics();
        made.register();
        return made;
    }

    /** Whoever has one of its addresses has 2^64 of them. */
    @Test
    void aNetworkOfIpv6IsOneCaller() {
        assertEquals(0, limits.tryPassword("2001:db8:0:1::1"));
        assertTrue(limits.tryPassword("2001:db8:0:1:8000::2") > 0);
        assertEquals(0, limits.tryPassword("2001:db8:0:2::1"));
        limits.wrongKey("2001:db8:0:1::1");
        assertFalse(limits.trusts("2001:db8:0:1::2"));
        assertTrue(limits.trusts("2001:db8:0:2::1"));
    }

    @Test
    void whatWasNotLookedAtIsNoWrongPassword() {
        assertEquals(0, limits.tryPassword("192.0.2.1"));
        limits.noWrongPassword("192.0.2.1");
        assertEquals(0, limits.tryPassword("192.0.2.1"));
        assertTrue(limits.tryPassword("192.0.2.1") > 0);
        assertEquals(0, limits.tryPassword("192.0.2.2"));
    }
}
