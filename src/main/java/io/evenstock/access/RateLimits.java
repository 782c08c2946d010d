package io.evenstock.access;

import io.evenstock.http.Problem;
import io.evenstock.http.ProblemException;
import io.evenstock.observation.Metrics;
import io.evenstock.settings.Networks;
import io.evenstock.settings.Settings;
import io.github.bucket4j.Bucket;
import io.github.bucket4j.ConsumptionProbe;
import io.prometheus.metrics.core.metrics.Counter;
import jakarta.annotation.PostConstruct;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/**
 * How much a caller may ask of this node: a bucket for each key, filled at its rate, and one for the wrong keys of each
 * address (of IPv6, of each network of 64 bits). One noisy caller so takes nothing from the others.
 */
@ApplicationScoped
public class RateLimits {
    private static final int MAX_ADDRESSES = 10_000;
    private static final String KEY = "key";
    private static final String WRONG_KEYS = "wrong-keys";
    private static final String WRONG_PASSWORDS = "wrong-passwords";

    private final ConcurrentHashMap<Integer, Quota> keys = new ConcurrentHashMap<>();
    private final Map<String, Bucket> addresses = Collections.synchronizedMap(new Eldest());
    private final Map<String, Bucket> logins = Collections.synchronizedMap(new Eldest());

    @Inject
    Settings settings;

    @Inject
    Metrics metrics;

    private Counter refusals;

    /**
     * A key's bucket.
     *
     * @param perSecond at which it fills
     * @param most that it holds: a second's worth, but never less than one array may have
     */
    record Quota(int perSecond, int most, Bucket bucket) {
        static Quota of(int perSecond, int most) {
            Bucket bucket = Bucket.builder()
                    .addLimit(limit -> limit.capacity(most).refillGreedy(perSecond, Duration.ofSeconds(1)))
                    .build();
            return new Quota(perSecond, most, bucket);
        }

        /** {@code RateLimit-Policy} of draft-ietf-httpapi-ratelimit-headers. */
        String policy() {
            return "\"key\";q=" + most + ";w=" + secondsFor(most);
        }

        /** {@code RateLimit}: what is left, and the seconds until all is there again. */
        String left() {
            long left = Math.max(0, bucket.getAvailableTokens());
            return "\"key\";r=" + left + ";t=" + secondsFor(most - left);
        }

        private long secondsFor(long units) {
            return (units + perSecond - 1) / perSecond;
        }
    }

    @PostConstruct
    void register() {
        refusals = metrics.counter("evenstock_rate_limited", "Calls refused with 429, by what ran out", "limit");
        for (String limit : List.of(KEY, WRONG_KEYS, WRONG_PASSWORDS)) {
            refusals.initLabelValues(limit);
        }
    }

    boolean enabled() {
        return settings.rateLimit().enabled();
    }

    /** The bucket of a key. */
    Quota of(ApiKey key) {
        int perSecond = key.rateLimit() == null ? settings.rateLimit().adjustmentsPerSecond() : key.rateLimit();
        return keys.computeIfAbsent(
                key.keyId(),
                id -> Quota.of(perSecond, Math.max(perSecond, settings.http().maxBatch())));
    }

    /** Takes from a bucket. @throws ProblemException 429 if it has not that much */
    void spend(Quota quota, int units) {
        if (units <= 0 || !enabled()) {
            return;
        }
        ConsumptionProbe probe = quota.bucket().tryConsumeAndReturnRemaining(units);
        if (!probe.isConsumed()) {
            refusals.labelValues(KEY).inc();
            throw tooMany(
                    "This key may make " + quota.perSecond()
                            + " adjustments or other calls a second; an array of n counts n. Nothing was recorded",
                    probe.getNanosToWaitForRefill());
        }
    }

    /** Whether not so many wrong keys came from this address that no more are looked up. */
    boolean trusts(String address) {
        Bucket wrong = addresses.get(Networks.site(address));
        return !enabled() || wrong == null || wrong.getAvailableTokens() >= 1;
    }

    /** A wrong key came from this address. @throws ProblemException 429 if there were too many */
    void wrongKey(String address) {
        if (!enabled()) {
            return;
        }
        ConsumptionProbe probe = bucketOf(address).tryConsumeAndReturnRemaining(1);
        if (!probe.isConsumed()) {
            refusals.labelValues(WRONG_KEYS).inc();
            throw tooMany(
                    "Too many wrong keys came from this address: at most "
                            + settings.rateLimit().wrongKeysPerMinute() + " a minute are looked up",
                    probe.getNanosToWaitForRefill());
        }
    }

    /**
     * A password from this address is going to be looked at: it counts as wrong until it turns out right. Told before it is
     * hashed, which costs time by design.
     *
     * @return the seconds to wait if there were too many; 0: it may be looked at
     */
    public long tryPassword(String address) {
        ConsumptionProbe probe = loginsOf(address).tryConsumeAndReturnRemaining(1);
        if (!enabled() || probe.isConsumed()) {
            return 0;
        }
        refusals.labelValues(WRONG_PASSWORDS).inc();
        return seconds(probe.getNanosToWaitForRefill());
    }

    /** It was right, or was not looked at. */
    public void noWrongPassword(String address) {
        loginsOf(address).addTokens(1);
    }

    private Bucket loginsOf(String address) {
        int perMinute = settings.rateLimit().wrongPasswordsPerMinute();
        return logins.computeIfAbsent(Networks.site(address), any -> perMinute(perMinute));
    }

    private static Bucket perMinute(int most) {
        return Bucket.builder()
                .addLimit(limit -> limit.capacity(most).refillGreedy(most, Duration.ofMinutes(1)))
                .build();
    }

    private Bucket bucketOf(String address) {
        int perMinute = settings.rateLimit().wrongKeysPerMinute();
        return addresses.computeIfAbsent(Networks.site(address), any -> perMinute(perMinute));
    }

    private static ProblemException tooMany(String detail, long nanos) {
        return new ProblemException(
                new Problem(429, "too-many-requests", "Too many requests", detail, null, seconds(nanos)));
    }

    private static long seconds(long nanos) {
        return Math.max(1, TimeUnit.NANOSECONDS.toSeconds(nanos + TimeUnit.SECONDS.toNanos(1) - 1));
    }

    /** Of the addresses with wrong keys the latest are known. */
    private static final class Eldest extends LinkedHashMap<String, Bucket> {
        private static final long serialVersionUID = 1L;

        Eldest() {
            super(16, 0.75f, true);
        }

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Bucket> eldest) {
            return size() > MAX_ADDRESSES;
        }
    }
}
