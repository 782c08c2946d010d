package io.evenstock.downstream;

import io.evenstock.settings.Settings;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.io.IOException;
import java.net.URI;
import java.security.GeneralSecurityException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Sends what endpoints have not been told: to each its own thread while there is something to send, so that none waits for
 * another; one message at a time; never within a database transaction.
 */
@ApplicationScoped
class Deliveries {
    private static final Logger LOG = Logger.getLogger(Deliveries.class.getName());
    private static final long IDLE_SECONDS = 30;
    private static final long STOPPING_SECONDS = 3;

    private final String node = "node-" + ProcessHandle.current().pid() + "-" + UUID.randomUUID();
    private final Set<WebhookClaim> running = ConcurrentHashMap.newKeySet();

    @Inject
    Webhooks webhooks;

    @Inject
    Changes changes;

    @Inject
    DownstreamMetrics metrics;

    @Inject
    Settings settings;

    @Inject
    Clock clock;

    private @Nullable Sender sender;
    private @Nullable ThreadPoolExecutor workers;
    private @Nullable ScheduledThreadPoolExecutor alarm;
    private volatile boolean stopped;

    /** Before anything is dispatched. */
    void start(ThreadFactory threads) {
        int most = settings.downstream().mostWebhooks();
        ScheduledThreadPoolExecutor cutting = new ScheduledThreadPoolExecutor(1, threads);
        cutting.setRemoveOnCancelPolicy(true);
        alarm = cutting;
        sender = new Sender(
                new Addresses(settings.downstream().allowedHosts()),
                most,
                settings.downstream().timeout(),
                cutting,
                clock);
        workers = new ThreadPoolExecutor(0, most, IDLE_SECONDS, TimeUnit.SECONDS, new SynchronousQueue<>(), threads);
    }

    /** Begins to send to all endpoints that are due. */
    void dispatch() {
        ThreadPoolExecutor pool = workers;
        Sender post = sender;
        if (pool == null || post == null) {
            return;
        }
        int free = pool.getMaximumPoolSize() - running.size();
        for (WebhookClaim claim : webhooks.claim(node, free)) {
            running.add(claim);
            try {
                pool.execute(() -> deliver(claim, post));
            } catch (RejectedExecutionException stopping) {
                running.remove(claim);
                webhooks.release(claim);
            }
        }
    }

    /** What is being sent now has a moment to come to its end; what is cut off is sent again by whoever goes on. */
    void stop() {
        stopped = true;
        if (workers != null && alarm != null && sender != null) {
            workers.shutdown();
            try {
                workers.awaitTermination(STOPPING_SECONDS, TimeUnit.SECONDS);
                sender.close();
            } catch (IOException closed) {
                LOG.log(Level.FINE, "A connection was closed already", closed);
            } catch (InterruptedException stopping) {
                Thread.currentThread().interrupt();
            }
            alarm.shutdownNow();
        }
    }

    private void deliver(WebhookClaim claim, Sender post) {
        try {
            WebhookClaim at = claim;
            while (at != null && !stopped) {
                at = next(at, post);
            }
            if (at != null) {
                webhooks.release(at);
            }
        } catch (RuntimeException failure) {
            LOG.log(Level.WARNING, "Webhook " + claim.webhookId() + " is told again when its lease is over", failure);
        } finally {
            running.remove(claim);
        }
    }

    /** Sends the next message. @return where to go on; null: not now */
    private @Nullable WebhookClaim next(WebhookClaim claim, Sender post) {
        int most = settings.downstream().batch();
        int limit = claim.shopify() ? Math.min(most, Shopify.MOST_QUANTITIES) : most;
        Changes.Page page = changes.after(claim.cursor(), limit, claim.channelKey());
        if (page.items().isEmpty()) {
            webhooks.nothing(claim, page.next());
            return null;
        }
        Message message = Message.of(claim.webhookId(), claim.channel(), page);
        try {
            List<String> secrets = opened(claim);
            return claim.shopify()
                    ? set(claim, message, page, secrets.get(0), post)
                    : done(claim, message, tell(claim, message, secrets, post));
        } catch (GeneralSecurityException sealed) {
            String why = String.valueOf(sealed.getMessage());
            return done(claim, message, new Attempt(null, why, Duration.ZERO, Duration.ZERO));
        }
    }

    /** A node that stood still past its lease would tell old figures after newer ones: so its claim is looked at again. */
    private Attempt tell(WebhookClaim claim, Message message, List<String> secrets, Sender post) {
        return webhooks.renewed(claim) ? post.send(URI.create(claim.url()), message, secrets) : Attempt.overtaken();
    }

    private List<String> opened(WebhookClaim claim) throws GeneralSecurityException {
        Seal seal = new Seal(settings.secretKeys());
        List<String> secrets = new ArrayList<>();
        for (String sealed : claim.sealedSecrets()) {
            secrets.add(seal.open(sealed, claim.url()));
        }
        return secrets;
    }

    private @Nullable WebhookClaim set(
            WebhookClaim claim, Message message, Changes.Page page, String token, Sender post) {
        List<Shopify.Quantity> quantities = webhooks.quantities(claim, page.items());
        Shopify store = new Shopify(post, () -> webhooks.renewed(claim));
        Shopify.Result result = store.set(URI.create(claim.url()), token, message.contentId(quantities), quantities);
        webhooks.judged(claim, result.taken(), result.refused());
        if (!result.refused().isEmpty()) {
            LOG.log(Level.WARNING, "Webhook {0}: {1}", new Object[] {claim.webhookId(), Shopify.told(result.refused())
            });
        }
        WebhookClaim next = done(claim, message, result.attempt());
        if (next != null && !result.pause().isZero()) {
            webhooks.rest(next, result.pause());
            return null;
        }
        return next;
    }

    private @Nullable WebhookClaim done(WebhookClaim claim, Message message, Attempt attempt) {
        metrics.sent(message, attempt);
        if (!attempt.succeeded()) {
            LOG.log(Level.INFO, "Webhook {0}: {1}", new Object[] {claim.webhookId(), attempt.error()});
            webhooks.failed(claim, message, attempt);
            return null;
        }
        return webhooks.delivered(claim, message, attempt) ? claim.at(message.next()) : null;
    }
}
