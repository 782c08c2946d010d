package io.evenstock.database;

import jakarta.annotation.PostConstruct;
import jakarta.annotation.PreDestroy;
import jakarta.annotation.Resource;
import jakarta.enterprise.concurrent.ManagedThreadFactory;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.SQLException;
import java.sql.SQLTimeoutException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;

/**
 * Looks into the database that every call waits for. They have threads of their own, and the same look is taken once at a
 * time for all who ask: so a database that stands still holds those few threads and their connections, and callers for
 * {@value #LONGEST_SECONDS} s only.
 */
@ApplicationScoped
public class Looks {
    private static final int LONGEST_SECONDS = 2;
    private static final int AT_A_TIME = 4;
    private static final int MOST_WAITING = 1_000;

    private final ConcurrentHashMap<Object, Future<?>> taken = new ConcurrentHashMap<>();
    private ExecutorService lookers;

    @Resource
    ManagedThreadFactory threads;

    @PostConstruct
    void open() {
        lookers = lookers(threads);
    }

    private static ExecutorService lookers(ThreadFactory threads) {
        ThreadPoolExecutor lookers = new ThreadPoolExecutor(
                AT_A_TIME, AT_A_TIME, 1, TimeUnit.MINUTES, new LinkedBlockingQueue<>(MOST_WAITING), threads);
        lookers.allowCoreThreadTimeOut(true);
        return lookers;
    }

    /** For whoever is no server. */
    static Looks by(ThreadFactory threads) {
        Looks looks = new Looks();
        looks.lookers = lookers(threads);
        return looks;
    }

    @PreDestroy
    void close() {
        lookers.shutdownNow();
    }

    /**
     * What a look finds.
     *
     * @param which the same for looks that find the same; they find values of one type
     * @throws DatabaseException if the database does not answer in time; what else the look throws
     */
    @SuppressWarnings("unchecked")
    public <T> T take(Object which, Supplier<T> look) {
        try {
            return ((Future<T>) begun(which, look)).get(LONGEST_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException failed) {
            if (failed.getCause() instanceof RuntimeException known) {
                throw known;
            }
            throw new IllegalStateException(failed.getCause());
        } catch (TimeoutException late) {
            throw new DatabaseException(new SQLTimeoutException("no answer within " + LONGEST_SECONDS + " s"));
        } catch (RejectedExecutionException refused) {
            throw new DatabaseException(new SQLException("too many looks wait, or the server shuts down", refused));
        } catch (InterruptedException stopping) {
            Thread.currentThread().interrupt();
            throw new DatabaseException(new SQLException("interrupted", stopping));
        }
    }

    /** Begins it, unless somebody waits for the same already. */
    private Future<?> begun(Object which, Supplier<?> look) {
        return taken.computeIfAbsent(
                which,
                same -> lookers.submit(() -> {
                    try {
                        return look.get();
                    } finally {
                        taken.remove(same);
                    }
                }));
    }
}
