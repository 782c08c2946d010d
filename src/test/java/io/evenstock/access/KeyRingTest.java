package io.evenstock.access;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.evenstock.database.OwnLooks;
import io.evenstock.settings.SettingsReader;
import java.time.Clock;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class KeyRingTest {
    private static final byte[] HASH = {1, 2, 3};
    private static final byte[] OTHER = {4, 5, 6};
    private static final ApiKey KEY =
            new ApiKey(1, "till", "es_", Role.POS, Set.of("F"), null, "admin", Instant.EPOCH, null, null, null);

    private final Keys keys = new Keys();
    private final KeyRing ring = ring();

    @SuppressWarnings("UnnecessaryAssignment") // no container is here to inject
    private KeyRing ring() {
        KeyRing made = new KeyRing();
        made.apiKeys = keys;
        made.looks = OwnLooks.make();
        made.clock = Clock.systemUTC();
        made.settings = new SettingsReader(name -> Optional.empty()).read();
        return made;
    }

    @Test
    void aKeyIsAskedForOnceAndAnUnknownOneEachTime() {
        assertEquals(Optional.of(KEY), ring.live(HASH));
        assertEquals(Optional.of(KEY), ring.live(HASH));
        assertEquals(1, keys.asked.get());
        assertEquals(Optional.empty(), ring.live(OTHER));
        assertEquals(Optional.empty(), ring.live(OTHER));
        assertEquals(3, keys.asked.get());
        assertFalse(ring.knows(OTHER));
    }

    @Test
    void aKeyThatWasEndedWhileItWasAskedForIsNotKept() {
        keys.meanwhile = () -> ring.forget(HASH);
        ring.live(HASH);
        assertFalse(ring.knows(HASH));
        keys.meanwhile = () -> {};
        ring.live(HASH);
        assertTrue(ring.knows(HASH));
    }

    /** What was asked for before it was ended may still say that it lives. */
    @Test
    void whoComesAfterAKeyWasEndedWaitsForNoOlderLook() throws Exception {
        CountDownLatch asked = new CountDownLatch(1);
        CountDownLatch answer = new CountDownLatch(1);
        keys.meanwhile = () -> {
            asked.countDown();
            wait(answer);
        };
        CompletableFuture<Optional<ApiKey>> before = CompletableFuture.supplyAsync(() -> ring.live(HASH));
        asked.await();
        ring.forget(HASH);
        keys.meanwhile = () -> {};
        keys.lives = false;
        assertEquals(Optional.empty(), ring.live(HASH));
        answer.countDown();
        before.get();
        assertFalse(ring.knows(HASH));
    }

    private static void wait(CountDownLatch answer) {
        try {
            answer.await();
        } catch (InterruptedException ended) {
            Thread.currentThread().interrupt();
        }
    }

    /** One key lives. */
    private static final class Keys extends ApiKeys {
        private final AtomicInteger asked = new AtomicInteger();
        private volatile Runnable meanwhile = () -> {};
        private volatile boolean lives = true;

        @Override
        public Optional<ApiKey> live(byte[] sha256) {
            asked.incrementAndGet();
            boolean found = lives && sha256[0] == HASH[0];
            meanwhile.run();
            return found ? Optional.of(KEY) : Optional.empty();
        }
    }
}
