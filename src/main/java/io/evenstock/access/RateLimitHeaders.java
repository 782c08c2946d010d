package io.evenstock.access;

import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerResponseContext;
import jakarta.ws.rs.container.ContainerResponseFilter;
import jakarta.ws.rs.ext.Provider;

/** Tells callers how much they may ask for, so that they need not be refused (draft-ietf-httpapi-ratelimit-headers). */
@Provider
public class RateLimitHeaders implements ContainerResponseFilter {
    @Override
    public void filter(ContainerRequestContext request, ContainerResponseContext response) {
        if (request.getProperty(KeyFilter.QUOTA) instanceof RateLimits.Quota quota) {
            response.getHeaders().putSingle("RateLimit-Policy", quota.policy());
            response.getHeaders().putSingle("RateLimit", quota.left());
        }
    }
}
