package io.evenstock.access;

import io.evenstock.settings.Settings;
import jakarta.annotation.Resource;
import jakarta.enterprise.concurrent.ManagedScheduledExecutorService;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/**
 * Tells callers that ask too much so a moment later, without a thread that waits: a till that repeats as fast as it is
 * answered then costs the others next to nothing. It has a connection open meanwhile, no more.
 */
@ApplicationScoped
public class RefusalPause {
    @Inject
    Settings settings;

    @Resource
    ManagedScheduledExecutorService scheduler;

    /** Answers after the pause, on another thread; at once if there is none. */
    public void then(Runnable answer) {
        long millis = settings.rateLimit().refusalPause().toMillis();
        if (millis == 0) {
            answer.run();
        } else {
            // Whether the caller is still there to be answered, the server minds.
            Future<?> unused = scheduler.schedule(answer, millis, TimeUnit.MILLISECONDS);
        }
    }
}
