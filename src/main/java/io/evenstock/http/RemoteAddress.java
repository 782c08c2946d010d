package io.evenstock.http;

import io.evenstock.settings.Networks;
import io.evenstock.settings.Settings;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;

/** From where a call comes: the peer, or who stands before it if the peer is a proxy that is trusted. */
@ApplicationScoped
public class RemoteAddress {
    private static final String FORWARDED = "X-Forwarded-For";
    private static final int MAX_HOPS = 10;

    @Inject
    Settings settings;

    /** The address in numbers. */
    public String of(HttpServletRequest request) {
        return before(request.getRemoteAddr(), hops(request));
    }

    /** Whether health and metrics answer there without a key. */
    public boolean open(HttpServletRequest request) {
        return settings.http().openNetworks().contain(of(request));
    }

    /** Of all lines, in their order: a proxy may add to what it has got, or add a line of its own. */
    private static List<String> hops(HttpServletRequest request) {
        return Collections.list(request.getHeaders(FORWARDED)).stream()
                .flatMap(line -> Arrays.stream(line.split(",", -1)))
                .map(String::strip)
                .toList();
    }

    /**
     * From the right: each proxy has added whom it saw, and only what trusted ones have added counts. What is no address in
     * numbers tells nobody: then it is the proxy that has added it.
     */
    private String before(String peer, List<String> hops) {
        String address = peer;
        for (int i = hops.size() - 1; i >= Math.max(0, hops.size() - MAX_HOPS); i--) {
            String hop = hops.get(i);
            if (!settings.http().trustedProxies().contain(address) || !Networks.isAddress(hop)) {
                return address;
            }
            address = hop;
        }
        return address;
    }
}
