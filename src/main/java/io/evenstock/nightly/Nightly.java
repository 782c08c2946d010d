package io.evenstock.nightly;

import io.evenstock.access.Actor;
import io.evenstock.database.Migration;
import io.evenstock.exchange.IncompleteException;
import io.evenstock.exchange.UntrustedServerException;
import io.evenstock.file.MalformedFileException;
import io.evenstock.observation.LogLine;
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
import java.io.IOException;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.logging.Level;
import java.util.logging.Logger;

/** Carries out steps on this node, each in a thread of its own, and records how they end. */
@Startup
@Singleton
@DependsOn(Migration.NAME)
@ConcurrencyManagement(ConcurrencyManagementType.BEAN)
@TransactionAttribute(TransactionAttributeType.NOT_SUPPORTED)
public class Nightly {
    private static final Logger LOG = Logger.getLogger(Nightly.class.getName());

    private static final long PAUSE_NANOS = 1_000_000_000;

    private final String node = "node-" + UUID.randomUUID();
    private final Set<Claim> running = ConcurrentHashMap.newKeySet();

    /** No executor: a server may have few threads for its default one, in which a step would wait behind others. */
    @Resource
    ManagedThreadFactory threads;

    @Inject
    Cycles cycles;

    @Inject
    ActiveListStep listStep;

    @Inject
    FilterStep filterStep;

    @Inject
    ResetStep resetStep;

    @Inject
    VarianceStep varianceStep;

    /** Runs a step now. @throws io.evenstock.http.ProblemException (409) if its turn has not come or it is done */
    public Claim runNow(LocalDate businessDate, StepName step, Actor by) {
        Claim claim = cycles.claim(businessDate, step, node, by);
        start(claim);
        return claim;
    }

    /** Asks for a step: it runs now or as soon as its turn comes. */
    public void ask(LocalDate businessDate, StepName step) {
        cycles.ask(businessDate, step, node).ifPresent(this::start);
    }

    /** The time that counts for the nights, the database's. */
    public Instant now() {
        return cycles.now();
    }

    /** Goes on with what was asked for, and keeps the claims of what runs here. */
    public void carryOn() {
        cycles.renew(running);
        for (CycleStep step : cycles.unfinished()) {
            ask(step.businessDate(), step.step());
        }
    }

    @PreDestroy
    void stop() {
        running.forEach(cycles::release);
    }

    private void start(Claim claim) {
        running.add(claim);
        try {
            threads.newThread(() -> carryOut(claim)).start();
        } catch (RuntimeException | Error refused) {
            running.remove(claim);
            throw refused;
        }
    }

    private void carryOut(Claim claim) {
        try {
            StepResult result = step(claim.step()).run(claim);
            succeed(claim, result);
            LOG.info(() -> line("step-done", claim).with("run", result.runId()).toString());
            tidyUp(claim, result);
        } catch (StepHeldException held) {
            LOG.warning(() -> line("step-held", claim)
                    .with("run", held.runId())
                    .with("reason", held.getMessage())
                    .toString());
            recorded(claim, () -> cycles.hold(claim, held.runId(), String.valueOf(held.getMessage())));
        } catch (IncompleteException notYet) {
            LOG.info(() -> line("step-waits", claim)
                    .with("reason", notYet.getMessage())
                    .toString());
            recorded(claim, () -> cycles.putOff(claim, String.valueOf(notYet.getMessage())));
        } catch (UntrustedServerException | MalformedFileException | StepFailedException failure) {
            LOG.warning(() -> line("step-failed", claim)
                    .with("reason", failure.getMessage())
                    .toString());
            recorded(claim, () -> cycles.fail(claim, String.valueOf(failure.getMessage())));
        } catch (IOException failure) {
            LOG.warning(() -> line("step-failed", claim)
                    .with("reason", failure.getMessage())
                    .toString());
            recorded(claim, () -> failForNow(claim, failure));
        } catch (RuntimeException | Error failure) {
            LOG.log(Level.SEVERE, line("step-failed", claim).toString(), failure);
            recorded(claim, () -> cycles.failForNow(claim, "Unexpected: " + rootMessage(failure)));
        } finally {
            running.remove(claim);
        }
    }

    private void failForNow(Claim claim, IOException failure) {
        String reason = String.valueOf(failure.getMessage());
        if (failure instanceof NoFileException) {
            cycles.failForWantOfFile(claim, reason);
        } else {
            cycles.failForNow(claim, reason);
        }
    }

    /** A commit whose outcome nobody told is looked up. */
    private void succeed(Claim claim, StepResult result) {
        try {
            cycles.succeed(claim, result);
        } catch (RuntimeException unknown) {
            if (!patiently(() -> cycles.isDone(claim))) {
                throw unknown;
            }
        }
    }

    private void recorded(Claim claim, Runnable end) {
        try {
            patiently(() -> {
                end.run();
                return true;
            });
        } catch (RuntimeException away) {
            LOG.log(Level.SEVERE, line("step-unrecorded", claim).toString(), away);
        }
    }

    /** The database that made a step fail may be away still. After the lease others go on. */
    private static boolean patiently(BooleanSupplier ask) {
        long deadline = System.nanoTime() + Cycles.LEASE.toNanos();
        while (true) {
            try {
                return ask.getAsBoolean();
            } catch (RuntimeException away) {
                if (System.nanoTime() - deadline > 0) {
                    throw away;
                }
                LockSupport.parkNanos(PAUSE_NANOS);
            }
        }
    }

    private static void tidyUp(Claim claim, StepResult result) {
        try {
            result.afterwards().run();
        } catch (IOException failure) {
            LOG.log(Level.WARNING, line("step-left-its-files", claim).toString(), failure);
        }
    }

    private static LogLine line(String event, Claim claim) {
        return LogLine.of(event)
                .with("date", claim.businessDate())
                .with("step", claim.step().text())
                .with("fence", claim.fence());
    }

    private Step step(StepName name) {
        return switch (name) {
            case LIST -> listStep;
            case FILTER -> filterStep;
            case RESET -> resetStep;
            case VARIANCE -> varianceStep;
        };
    }

    private static String rootMessage(Throwable failure) {
        Throwable root = failure;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        return String.valueOf(root.getMessage());
    }
}
