package io.evenstock.feed;

import io.evenstock.database.Migration;
import io.evenstock.settings.Settings;
import jakarta.annotation.PreDestroy;
import jakarta.annotation.Resource;
import jakarta.ejb.ConcurrencyManagement;
import jakarta.ejb.ConcurrencyManagementType;
import jakarta.ejb.DependsOn;
import jakarta.ejb.Singleton;
import jakarta.ejb.Startup;
import jakarta.ejb.TransactionAttribute;
import jakarta.ejb.TransactionAttributeType;
import jakarta.enterprise.concurrent.ManagedExecutorService;
import jakarta.inject.Inject;
import java.io.IOException;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;

/** Looks into the feed's folder when this node's turn has come, in a thread of its own, never twice at a time. */
@Startup
@Singleton
@DependsOn(Migration.NAME)
@ConcurrencyManagement(ConcurrencyManagementType.BEAN)
@TransactionAttribute(TransactionAttributeType.NOT_SUPPORTED)
public class Feed {
    private static final Logger LOG = Logger.getLogger(Feed.class.getName());

    private static final int RELEASE_TRIES = 5;
    private static final long PAUSE_NANOS = 1_000_000_000;

    private final String node = "node-" + UUID.randomUUID();
    private final Set<FeedClaim> running = ConcurrentHashMap.newKeySet();
    private final AtomicReference<String> trouble = new AtomicReference<>("");

    @Resource
    ManagedExecutorService executor;

    @Inject
    FeedLeases leases;

    @Inject
    FeedPoll poll;

    @Inject
    Settings settings;

    /** Begins a look if one is due; keeps the claim of the one that is going on. */
    public void tick() {
        if (!settings.feed().enabled()) {
            return;
        }
        try {
            if (running.isEmpty()) {
                leases.claim(settings.feed().folder(), node, settings.feed().interval())
                        .ifPresent(this::start);
            } else {
                running.forEach(leases::renew);
            }
        } catch (RuntimeException failure) {
            tell(failure);
        }
    }

    @PreDestroy
    void stop() {
        running.forEach(leases::release);
    }

    private void start(FeedClaim claim) {
        running.add(claim);
        try {
            executor.execute(() -> look(claim));
        } catch (RuntimeException | Error refused) {
            running.remove(claim);
            throw refused;
        }
    }

    private void look(FeedClaim claim) {
        try {
            leases.looked(claim, reason(claim));
        } catch (RuntimeException failure) {
            tell(failure);
        } finally {
            running.remove(claim);
            release(claim);
        }
    }

    /** Looks. @return why it could not, or not take a file; null: all is done */
    private @Nullable String reason(FeedClaim claim) {
        try {
            String left = poll.look(claim);
            trouble.set("");
            return left;
        } catch (IOException failure) {
            tell(failure);
            return String.valueOf(failure.getMessage());
        }
    }

    /** Otherwise the next look waits for the lease to run out; a connection that was lost may cost a try or two. */
    private void release(FeedClaim claim) {
        for (int left = RELEASE_TRIES; left > 0; left--) {
            try {
                leases.release(claim);
                return;
            } catch (RuntimeException failure) {
                tell(failure);
                LockSupport.parkNanos(PAUSE_NANOS);
            }
        }
    }

    /** The same trouble, look after look, is told once. */
    private void tell(Exception failure) {
        String message = String.valueOf(failure.getMessage());
        if (!message.equals(trouble.getAndSet(message))) {
            boolean unexpected = failure instanceof RuntimeException;
            LOG.log(
                    unexpected ? Level.SEVERE : Level.WARNING,
                    "The feed cannot be looked into; tried again: " + message,
                    unexpected ? failure : null);
        }
    }
}
