package io.evenstock.access;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.evenstock.http.ProblemException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class PasswordTurnsTest {
    private final ExecutorService people = Executors.newCachedThreadPool();
    private final CountDownLatch end = new CountDownLatch(1);

    @AfterEach
    void goHome() throws InterruptedException {
        end.countDown();
        people.shutdown();
        assertTrue(people.awaitTermination(1, TimeUnit.MINUTES));
    }

    @Test
    void twoHaveTheirTurnAndWhoWaitsTooLongIsToldSo() throws Exception {
        PasswordTurns turns = new PasswordTurns(Duration.ofMillis(20));
        CountDownLatch begun = new CountDownLatch(2);
        Future<String> one = people.submit(() -> turns.inTurn(() -> hashed(begun)));
        Future<String> other = people.submit(() -> turns.inTurn(() -> hashed(begun)));
        assertTrue(begun.await(1, TimeUnit.MINUTES));
        ProblemException refused = assertThrows(ProblemException.class, () -> turns.inTurn(() -> hashed(begun)));
        assertEquals(503, refused.problem().status());
        end.countDown();
        assertEquals("hashed", one.get());
        assertEquals("hashed", other.get());
        assertEquals("hashed", turns.inTurn(() -> hashed(begun)));
    }

    @Test
    void aTurnThatFailsEndsToo() {
        PasswordTurns turns = new PasswordTurns(Duration.ZERO);
        for (int i = 0; i < 5; i++) {
            assertThrows(
                    ArithmeticException.class,
                    () -> turns.inTurn(() -> {
                        throw new ArithmeticException();
                    }));
        }
    }

    @Test
    void whoComesWhenManyWaitIsRefusedAtOnce() throws Exception {
        PasswordTurns turns = new PasswordTurns(Duration.ofMinutes(1));
        CountDownLatch begun = new CountDownLatch(22);
        for (int i = 0; i < 22; i++) {
            Future<String> unused = people.submit(() -> turns.inTurn(() -> hashed(begun)));
        }
        await().until(() -> turns.waiting() == 20);
        assertThrows(ProblemException.class, () -> turns.inTurn(() -> "looked at"));
    }

    private String hashed(CountDownLatch begun) {
        begun.countDown();
        try {
            assertTrue(end.await(1, TimeUnit.MINUTES));
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
        return "hashed";
    }
}
