package io.evenstock.http;

import io.evenstock.settings.Settings;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.ws.rs.Priorities;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerRequestFilter;
import jakarta.ws.rs.container.PreMatching;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.ext.Provider;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Refuses, before any call sees them, parameters and bodies that none can take; a body that is too large before it is read. */
@Provider
@PreMatching
@Priority(Priorities.AUTHORIZATION)
@ApplicationScoped
public class RequestBounds implements ContainerRequestFilter {
    private static final int MAX_PARAMETER = 1_000;
    private static final Set<String> NUMBERS = Set.of("limit", "before");
    private static final Pattern NUMBER = Pattern.compile("-?[0-9]{1,9}");

    @Inject
    Settings settings;

    @Override
    public void filter(ContainerRequestContext request) {
        try {
            request.getUriInfo().getQueryParameters().forEach(RequestBounds::check);
            request.getUriInfo().getPathSegments().forEach(segment -> requireText("The path", segment.getPath()));
            checkBody(request);
        } catch (ProblemException refused) {
            request.abortWith(refused.problem().toResponse());
        }
    }

    private static void check(String name, List<String> values) {
        requireText("The name of a parameter", name);
        values.forEach(value -> {
            requireText(name, value);
            if (NUMBERS.contains(name) && !NUMBER.matcher(value).matches()) {
                throw ProblemException.invalid(null, name + " must be a whole number: " + value);
            }
        });
    }

    private static void requireText(String what, String value) {
        if (value.length() > MAX_PARAMETER) {
            throw ProblemException.invalid(null, what + " must have at most " + MAX_PARAMETER + " characters");
        }
        if (!JsonFields.printable(value)) {
            throw ProblemException.invalid(null, what + " must not contain control characters");
        }
    }

    private void checkBody(ContainerRequestContext request) {
        if (request.getLength() > settings.http().maxBodyBytes()) {
            throw JsonBody.tooLarge(settings.http().maxBodyBytes());
        }
        String encoding = request.getHeaderString("Content-Encoding");
        if (encoding != null && !encoding.equalsIgnoreCase("identity")) {
            throw ProblemException.unsupported("Bodies are taken as they are, not as " + encoding);
        }
        if (!utf8(request.getMediaType())) {
            throw ProblemException.unsupported("JSON is taken in UTF-8 only");
        }
    }

    private static boolean utf8(@Nullable MediaType type) {
        Map<String, String> parameters = type == null ? Map.of() : type.getParameters();
        String charset = parameters.get(MediaType.CHARSET_PARAMETER);
        return charset == null || charset.equalsIgnoreCase("UTF-8");
    }
}
