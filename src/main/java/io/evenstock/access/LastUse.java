package io.evenstock.access;

import io.evenstock.database.DatabaseException;
import jakarta.annotation.PreDestroy;
import jakarta.ejb.EJBException;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Clock;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.logging.Level;
import java.util.logging.Logger;

/** When each key was last used: noted in memory at each call, in the database every five seconds. */
@ApplicationScoped
public class LastUse {
    private static final Logger LOG = Logger.getLogger(LastUse.class.getName());

    private final ConcurrentHashMap<Integer, Instant> uses = new ConcurrentHashMap<>();

    @Inject
    ApiKeys keys;

    @Inject
    Clock clock;

    void used(ApiKey key) {
        uses.put(key.keyId(), clock.instant());
    }

    /** Writes down what was noted; what cannot be written is kept. */
    @PreDestroy
    void note() {
        Map<Integer, Instant> noted = new HashMap<>(uses);
        if (noted.isEmpty()) {
            return;
        }
        try {
            keys.used(noted);
            noted.forEach(uses::remove);
        } catch (DatabaseException | EJBException | IllegalStateException later) {
            LOG.log(Level.WARNING, "The last use of keys could not be noted; tried again in five seconds", later);
        }
    }
}
