package io.evenstock.access;

import io.evenstock.http.ProblemException;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;

/** Where keys are made and ended. A key's text is in one answer only, the one to whoever had it made. */
@ApplicationScoped
public class KeyDesk {
    private static final Logger LOG = Logger.getLogger(KeyDesk.class.getName());

    @Inject
    ApiKeys keys;

    @Inject
    KeyRing keyRing;

    @Inject
    Clock clock;

    /**
     * A new key.
     *
     * @param text what its holder sends; nowhere kept
     */
    public record Made(ApiKey key, String text) {}

    /**
     * What may be asked for.
     *
     * @param name null: one is made up
     * @throws ProblemException 400 naming the field
     */
    public NewKey asked(
            @Nullable String name,
            String role,
            Set<String> facilities,
            @Nullable Integer rateLimit,
            @Nullable Instant expiresAt) {
        Role known = Role.of(role)
                .orElseThrow(
                        () -> ProblemException.invalid("/role", "role must be pos, integration, operator or admin"));
        if (known == Role.POS && facilities.isEmpty()) {
            throw ProblemException.invalid("/facilities", "A key of role pos names its facilities");
        }
        if (known != Role.POS && !facilities.isEmpty()) {
            throw ProblemException.invalid("/facilities", "Only keys of role pos are bound to facilities");
        }
        if (expiresAt != null && !expiresAt.isAfter(clock.instant())) {
            throw ProblemException.invalid("/expiresAt", "expiresAt must lie in the future");
        }
        return new NewKey(name == null ? "key-" + UUID.randomUUID() : name, known, facilities, rateLimit, expiresAt);
    }

    /** Makes a key; this node knows it from now on, whoever else tries keys from its holder's address. */
    public Made make(NewKey asked, Actor by) {
        String text = KeyText.made();
        byte[] sha256 = KeyText.sha256(text);
        ApiKey key = keys.add(asked, sha256, KeyText.hint(text), by);
        try {
            keyRing.live(sha256);
        } catch (RuntimeException unanswered) {
            // It is made; the first call with it asks again.
            LOG.log(Level.FINE, "The new key was not looked up", unanswered);
        }
        return new Made(key, text);
    }

    /** Ends a key: here at once, on other nodes within {@code evenstock.keys.cache}. */
    public void revoke(int keyId, Actor by) {
        keyRing.forget(keys.revoke(keyId, by));
    }

    /** Live keys with a smaller number than {@code before}, the newest first; the dead ones too if asked for. */
    public List<ApiKey> newest(long before, int limit, boolean withDead) {
        return keys.newest(before, limit, withDead);
    }
}
