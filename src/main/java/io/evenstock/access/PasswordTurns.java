package io.evenstock.access;

import io.evenstock.http.Problem;
import io.evenstock.http.ProblemException;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * Whose password is hashed, which takes a core some 100 ms by design: two at a time on each node, so that a stream of logins,
 * from however many addresses, leaves cores and threads to the tills.
 */
@ApplicationScoped
public class PasswordTurns {
    private static final int AT_A_TIME = 2;
    private static final int WAITING = 20;
    private static final Duration PATIENCE = Duration.ofSeconds(2);

    private final Semaphore turns = new Semaphore(AT_A_TIME, true);
    private final Duration patience;

    PasswordTurns() {
        this(PATIENCE);
    }

    PasswordTurns(Duration patience) {
        this.patience = patience;
    }

    /** Does it when its turn has come. @throws ProblemException 503 if too many wait, or it did not come within two seconds */
    public <T> T inTurn(Supplier<T> work) {
        if (waiting() >= WAITING || !came()) {
            throw new ProblemException(new Problem(
                    503,
                    "busy",
                    "Not available",
                    "Too many passwords are being looked at. Nothing was done. Try again in a few seconds.",
                    null,
                    PATIENCE.toSeconds()));
        }
        try {
            return work.get();
        } finally {
            turns.release();
        }
    }

    int waiting() {
        return turns.getQueueLength();
    }

    private boolean came() {
        try {
            return turns.tryAcquire(patience.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException serverStops) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
