package io.evenstock.access;

import io.evenstock.settings.Settings;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.nio.ByteBuffer;
import java.time.Clock;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The keys this node has seen live, by their hashes, so that not every call asks the database. Each is asked for again
 * after {@code evenstock.keys.cache}: that long a key that was revoked on another node may still be taken here; one
 * that was revoked here is forgotten at once. Unknown keys are never kept.
 */
@ApplicationScoped
public class KeyRing {
    private static final long ALL_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final ConcurrentHashMap<ByteBuffer, Seen> keys = new ConcurrentHashMap<>();
    private Set<ByteBuffer> all = Set.of();
    private @Nullable Long allNanos;

    @Inject
    ApiKeys apiKeys;

    @Inject
    Settings settings;

    @Inject
    Clock clock;

    private record Seen(ApiKey key, long nanos) {}

    /** The live key of this hash. */
    Optional<ApiKey> live(byte[] sha256) {
        ByteBuffer hash = ByteBuffer.wrap(sha256);
        Seen seen = keys.get(hash);
        if (seen == null || old(seen)) {
            seen = keys.compute(hash, (same, before) -> before == null || old(before) ? asked(sha256) : before);
        }
        return Optional.ofNullable(seen).map(Seen::key).filter(key -> key.live(clock.instant()));
    }

    /** Whether this node has taken it for a key lately. */
    boolean knows(byte[] sha256) {
        return keys.containsKey(ByteBuffer.wrap(sha256));
    }

    /**
     * Whether a key of this hash lives, by a list of all that is at most a second old: so a right key is found among any
     * number of wrong ones, and the database is asked once a second.
     */
    synchronized boolean hasLive(byte[] sha256) {
        long now = System.nanoTime();
        if (allNanos == null || now - allNanos >= ALL_NANOS) {
            // First, so that a database that does not answer is not asked more often either.
            allNanos = now;
            all = apiKeys.liveHashes().stream().map(ByteBuffer::wrap).collect(Collectors.toUnmodifiableSet());
        }
        return all.contains(ByteBuffer.wrap(sha256));
    }

    /** To be called after the commit that ended a key: what a call has asked for meanwhile goes, too. */
    void forget(byte[] sha256) {
        keys.remove(ByteBuffer.wrap(sha256));
    }

    private @Nullable Seen asked(byte[] sha256) {
        long now = System.nanoTime();
        return apiKeys.live(sha256).map(key -> new Seen(key, now)).orElse(null);
    }

    private boolean old(Seen seen) {
        return System.nanoTime() - seen.nanos() >= settings.keys().cache().toNanos();
    }
}
