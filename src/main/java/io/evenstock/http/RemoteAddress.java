package io.evenstock.http;

import io.evenstock.settings.Settings;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.servlet.http.HttpServletRequest;

/** From where a call comes: the peer, or who stands before it if the peer is a proxy that is trusted. */
@ApplicationScoped
public class RemoteAddress {
    private static final String FORWARDED = "X-Forwarded-For";
    private static final int MAX_HOPS = 10;

    @Inject
    Settings settings;

    /** The address in numbers. */
    public String of(HttpServletRequest request) {
        String address = request.getRemoteAddr();
        String forwarded = request.getHeader(FORWARDED);
        return forwarded == null ? address : before(address, forwarded);
    }

    /** Whether health and metrics answer there without a key. */
    public boolean open(HttpServletRequest request) {
        return settings.http().openNetworks().contain(of(request));
    }

    /** From the right: each proxy has added whom it saw, and only what trusted ones have added counts. */
    private String before(String peer, String forwarded) {
        String address = peer;
        String[] hops = forwarded.split(",", -1);
        for (int i = hops.length - 1; i >= Math.max(0, hops.length - MAX_HOPS); i--) {
            if (!settings.http().trustedProxies().contain(address)) {
                return address;
            }
            address = hops[i].strip();
        }
        return address;
    }
}
