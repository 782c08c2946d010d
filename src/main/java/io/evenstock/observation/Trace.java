package io.evenstock.observation;

import java.util.HexFormat;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The id by which a request is found again: the caller's own ({@code X-Request-Id}, or the trace id of
 * {@code traceparent}) if it is well-formed, else one of ours.
 */
public final class Trace {
    /** Where the id comes from and goes back to. */
    public static final String HEADER = "X-Request-Id";

    private static final HexFormat HEX = HexFormat.of();
    private static final Pattern ID = Pattern.compile("[A-Za-z0-9._-]{1,64}");
    private static final Pattern TRACEPARENT =
            Pattern.compile("(?!ff)[0-9a-f]{2}-(?!0{32})([0-9a-f]{32})-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}(-.*)?");
    private static final ThreadLocal<@Nullable String> CURRENT = new ThreadLocal<>();

    private Trace() {}

    /** The id of a request with these headers. */
    public static String id(@Nullable String requestId, @Nullable String traceparent) {
        if (requestId != null && ID.matcher(requestId).matches()) {
            return requestId;
        }
        Matcher parent = TRACEPARENT.matcher(traceparent == null ? "" : traceparent);
        return parent.matches() ? parent.group(1) : made();
    }

    private static String made() {
        ThreadLocalRandom random = ThreadLocalRandom.current();
        return HEX.toHexDigits(random.nextLong()) + HEX.toHexDigits(random.nextLong());
    }

    /** What runs on this thread from here on belongs to a request; null: to none. */
    public static void now(@Nullable String id) {
        if (id == null) {
            CURRENT.remove();
        } else {
            CURRENT.set(id);
        }
    }

    /** The request that this thread works for. */
    public static Optional<String> current() {
        return Optional.ofNullable(CURRENT.get());
    }
}
