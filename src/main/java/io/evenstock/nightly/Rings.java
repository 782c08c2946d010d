package io.evenstock.nightly;

import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/**
 * The rings of this node's timers that the database has not heard: each is told again until it has been. A timer itself rings
 * again a day later only, for the next night. A restart forgets them; then {@link CatchUp} asks.
 */
final class Rings {
    private final Set<Ring> unheard = ConcurrentHashMap.newKeySet();

    /**
     * A timer has rung for a step.
     *
     * @param at when, by the node's clock
     */
    record Ring(StepName step, Instant at) {
        /** When it was by another clock, which shows {@code there} while the node's shows {@code here}. */
        Instant by(Instant there, Instant here) {
            return there.minus(Duration.between(at, here));
        }
    }

    /** Tells a ring. If that fails the ring is kept, and the failure is thrown. */
    void ring(Ring ring, Consumer<Ring> ask) {
        unheard.add(ring);
        tell(ring, ask);
    }

    /** Tells what was kept, the oldest first, up to the first that fails again. */
    void again(Consumer<Ring> ask) {
        unheard.stream()
                .sorted(Comparator.comparing(Ring::at).thenComparing(Ring::step))
                .forEach(ring -> tell(ring, ask));
    }

    private void tell(Ring ring, Consumer<Ring> ask) {
        ask.accept(ring);
        unheard.remove(ring);
    }
}
