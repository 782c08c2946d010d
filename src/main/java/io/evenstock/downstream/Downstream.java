package io.evenstock.downstream;

import io.evenstock.database.Migration;
import io.evenstock.settings.Settings;
import jakarta.annotation.PostConstruct;
import jakarta.annotation.PreDestroy;
import jakarta.annotation.Resource;
import jakarta.ejb.ConcurrencyManagement;
import jakarta.ejb.ConcurrencyManagementType;
import jakarta.ejb.DependsOn;
import jakarta.ejb.Singleton;
import jakarta.ejb.Startup;
import jakarta.ejb.TransactionAttribute;
import jakarta.ejb.TransactionAttributeType;
import jakarta.enterprise.concurrent.ManagedThreadFactory;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * The two threads of a node that work downstream: one publishes, one sets deliveries going. Each asks the database at short
 * intervals, works while there is work, and survives every failure.
 */
@Startup
@Singleton
@DependsOn(Migration.NAME)
@ConcurrencyManagement(ConcurrencyManagementType.BEAN)
@TransactionAttribute(TransactionAttributeType.NOT_SUPPORTED)
public class Downstream {
    private static final Logger LOG = Logger.getLogger(Downstream.class.getName());
    private static final Duration AFTER_FAILURE = Duration.ofSeconds(2);

    private final CountDownLatch stop = new CountDownLatch(1);

    @Resource
    ManagedThreadFactory threads;

    @Inject
    Publisher publisher;

    @Inject
    Webhooks webhooks;

    @Inject
    Deliveries deliveries;

    @Inject
    DownstreamMetrics metrics;

    @Inject
    Settings settings;

    @PostConstruct
    void start() {
        if (settings.downstream().enabled()) {
            sealAnew();
            deliveries.start(threads);
            run("publisher", this::publish);
            run("deliveries", this::dispatch);
        }
    }

    @PreDestroy
    void stop() {
        stop.countDown();
        deliveries.stop();
    }

    private void sealAnew() {
        int sealedAnew = webhooks.sealAnew();
        if (sealedAnew > 0) {
            LOG.log(Level.INFO, "The secrets of {0} webhooks were sealed anew by the newest key", sealedAnew);
        }
    }

    private boolean publish() {
        Optional<Publisher.Round> round = publisher.round();
        round.ifPresent(metrics::published);
        return round.map(Publisher.Round::more).orElse(false);
    }

    private boolean dispatch() {
        deliveries.dispatch();
        return false;
    }

    private void run(String name, BooleanSupplier work) {
        Thread thread = threads.newThread(() -> loop(name, work));
        thread.setName("evenstock-" + name);
        thread.start();
    }

    private void loop(String name, BooleanSupplier work) {
        boolean more = false;
        while (!stopped(more ? Duration.ZERO : settings.downstream().poll())) {
            try {
                more = work.getAsBoolean();
            } catch (RuntimeException | Error failure) {
                LOG.log(Level.WARNING, "The " + name + " failed; it goes on in " + AFTER_FAILURE, failure);
                more = stopped(AFTER_FAILURE);
            }
        }
    }

    private boolean stopped(Duration after) {
        try {
            return stop.await(after.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException stopping) {
            Thread.currentThread().interrupt();
            return true;
        }
    }
}
