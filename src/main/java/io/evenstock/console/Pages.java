package io.evenstock.console;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.faces.event.WebsocketEvent;
import jakarta.faces.event.WebsocketEvent.Closed;
import jakarta.faces.event.WebsocketEvent.Opened;
import jakarta.faces.push.Push;
import jakarta.faces.push.PushContext;
import jakarta.inject.Inject;
import java.util.concurrent.atomic.AtomicInteger;

/** The pages of this node that want to be told when something has changed. */
@ApplicationScoped
public class Pages {
    private final AtomicInteger open = new AtomicInteger();

    @Inject
    @Push(channel = "pulse")
    PushContext push;

    void opened(@Observes @Opened WebsocketEvent event) {
        open.incrementAndGet();
    }

    void closed(@Observes @Closed WebsocketEvent event) {
        open.decrementAndGet();
    }

    boolean open() {
        return open.get() > 0;
    }

    void tell() {
        push.send("changed");
    }
}
