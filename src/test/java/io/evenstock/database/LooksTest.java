package io.evenstock.database;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class LooksTest {
    private final Looks looks = OwnLooks.make();
    private final CountDownLatch answer = new CountDownLatch(1);
    private final AtomicInteger taken = new AtomicInteger();

    @AfterEach
    void end() {
        answer.countDown();
        looks.close();
    }

    @Test
    void whoAsksADatabaseThatStandsStillIsToldSoAndTheSameIsAskedOnce() throws InterruptedException {
        ExecutorService callers = Executors.newFixedThreadPool(8);
        List<Future<Integer>> told = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            told.add(callers.submit(() -> looks.take("same", this::standStill)));
        }
        for (Future<Integer> each : told) {
            ExecutionException late = assertThrows(ExecutionException.class, each::get);
            assertEquals(
                    DatabaseException.class.getName(),
                    String.valueOf(late.getCause()).replaceAll(":.*", ""));
        }
        callers.shutdown();
        assertEquals(1, taken.get());
        assertEquals(7, looks.take("another", () -> 7), "which is answered meanwhile");
    }

    @Test
    void eachLookIsTakenAnewAndWhatItThrowsIsThrown() {
        assertEquals(1, looks.take("same", taken::incrementAndGet));
        assertEquals(2, looks.take("same", taken::incrementAndGet));
        assertThrows(
                UnsupportedOperationException.class,
                () -> looks.take("same", () -> {
                    throw new UnsupportedOperationException();
                }));
    }

    private int standStill() {
        taken.incrementAndGet();
        try {
            answer.await();
        } catch (InterruptedException ended) {
            Thread.currentThread().interrupt();
        }
        return 0;
    }
}
