package io.evenstock.access;

import io.evenstock.database.Looks;
import io.evenstock.settings.Settings;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.nio.ByteBuffer;
import java.time.Clock;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;

/**
 * The keys this node has seen live, by their hashes, so that not every call asks the database. Each is asked for again
 * after {@code evenstock.keys.cache}: that long a key that was revoked on another node may still be taken here; one
 * that was revoked here is forgotten at once. Unknown keys are never kept. Nobody waits for long ({@link Looks}).
 */
@ApplicationScoped
public class KeyRing {
    private static final long ALL_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final ConcurrentHashMap<ByteBuffer, Seen> keys = new ConcurrentHashMap<>();
    private final AtomicLong forgotten = new AtomicLong();
    private volatile All all = new All(Set.of(), System.nanoTime() - ALL_NANOS);

    @Inject
    ApiKeys apiKeys;

    @Inject
    Looks looks;

    @Inject
    Settings settings;

    @Inject
    Clock clock;

    private record Seen(ApiKey key, long nanos) {}

    /** A look that begins after a key was ended is another one. */
    private record Look(ByteBuffer hash, long forgotten) {}

    /** The hashes of all live keys, and when they were asked for. */
    private record All(Set<ByteBuffer> hashes, long nanos) {}

    /** The live key of this hash. */
    Optional<ApiKey> live(byte[] sha256) {
        ByteBuffer hash = ByteBuffer.wrap(sha256);
        Seen seen = keys.get(hash);
        Optional<ApiKey> key = seen == null || old(seen) ? asked(hash, sha256) : Optional.of(seen.key());
        return key.filter(known -> known.live(clock.instant()));
    }

    /** Whether this node has taken it for a key lately. */
    boolean knows(byte[] sha256) {
        return keys.containsKey(ByteBuffer.wrap(sha256));
    }

    /**
     * Whether a key of this hash lives, by a list of all that is at most a second old: so a right key is found among any
     * number of wrong ones, and the database is asked once a second.
     */
    boolean hasLive(byte[] sha256) {
        All latest = all;
        if (System.nanoTime() - latest.nanos() >= ALL_NANOS) {
            latest = looks.take(All.class, this::askedForAll);
        }
        return latest.hashes().contains(ByteBuffer.wrap(sha256));
    }

    private All askedForAll() {
        long now = System.nanoTime();
        try {
            all = new All(
                    apiKeys.liveHashes().stream().map(ByteBuffer::wrap).collect(Collectors.toUnmodifiableSet()), now);
        } catch (RuntimeException unanswered) {
            // A database that does not answer is not asked more often either.
            all = new All(all.hashes(), now);
            throw unanswered;
        }
        return all;
    }

    /** To be called after the commit that ended a key: what a call has asked for meanwhile goes, too. */
    void forget(byte[] sha256) {
        forgotten.incrementAndGet();
        keys.remove(ByteBuffer.wrap(sha256));
    }

    private Optional<ApiKey> asked(ByteBuffer hash, byte[] sha256) {
        long before = forgotten.get();
        return looks.take(new Look(hash, before), () -> asked(hash, sha256, before));
    }

    private Optional<ApiKey> asked(ByteBuffer hash, byte[] sha256, long before) {
        long now = System.nanoTime();
        Optional<ApiKey> key = apiKeys.live(sha256);
        key.ifPresentOrElse(live -> keys.put(hash, new Seen(live, now)), () -> keys.remove(hash));
        if (forgotten.get() != before) {
            keys.remove(hash);
        }
        return key;
    }

    private boolean old(Seen seen) {
        return System.nanoTime() - seen.nanos() >= settings.keys().cache().toNanos();
    }
}
