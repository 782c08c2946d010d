package io.evenstock.catalog;

import static org.junit.jupiter.api.Assertions.assertEquals;

import jakarta.enterprise.event.Event;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A timer whose method throws is struck off by the server. */
class QuarantineSweepTest {
    @Test
    @SuppressWarnings("UnnecessaryAssignment") // no container is here to inject
    void noFailureEndsTheSweep() {
        for (Throwable failure : List.of(new IllegalStateException("no database"), new StackOverflowError("deep"))) {
            List<Throwable> thrown = new ArrayList<>();
            QuarantineSweep sweep = new QuarantineSweep();
            sweep.changes = whoseObserversThrow(failure, thrown);
            sweep.sweep();
            assertEquals(List.of(failure), thrown);
        }
    }

    @SuppressWarnings("unchecked")
    private static Event<CatalogChanged> whoseObserversThrow(Throwable failure, List<Throwable> thrown) {
        return (Event<CatalogChanged>) Proxy.newProxyInstance(
                QuarantineSweepTest.class.getClassLoader(),
                new Class<?>[] {Event.class},
                (event, method, arguments) -> {
                    thrown.add(failure);
                    throw failure;
                });
    }
}
