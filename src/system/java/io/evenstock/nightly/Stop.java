package io.evenstock.nightly;

import io.evenstock.exchange.RemoteFile;
import jakarta.annotation.Priority;
import jakarta.interceptor.AroundInvoke;
import jakarta.interceptor.Interceptor;
import jakarta.interceptor.InvocationContext;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Stops a step, or the feed at a file, at a point of its work for as long as a file of the point's name stands in the folder
 * of the proof; a second file tells that it stands there. Points are before and after calls, and before and after the files
 * are put away.
 */
@Stops
@Interceptor
@Priority(Interceptor.Priority.APPLICATION)
public class Stop {
    private static final Path FOLDER = Path.of(System.getenv().getOrDefault("EVENSTOCK_PROOF_STOPS", "no-proof"));
    /** What this thread does: a night's step, a file of the feed, or sales. */
    private static final ThreadLocal<@Nullable String> WORK = new ThreadLocal<>();

    @AroundInvoke
    Object around(InvocationContext call) throws Exception {
        begun(call).ifPresent(WORK::set);
        String what = call.getMethod().getDeclaringClass().getSimpleName() + "."
                + call.getMethod().getName();
        at("before " + what);
        Object result = call.proceed();
        at("after " + what);
        return result instanceof StepResult done ? stopping(done) : result;
    }

    private static Optional<String> begun(InvocationContext call) {
        Object[] arguments = call.getParameters();
        if (arguments == null) {
            // Payara, of a method without any.
            return Optional.empty();
        }
        if (call.getTarget() instanceof Step && arguments.length == 1) {
            Claim claim = (Claim) arguments[0];
            return Optional.of(claim.businessDate() + " " + claim.step().name().toLowerCase(Locale.ROOT));
        }
        if (call.getMethod().getDeclaringClass().getSimpleName().equals("GroupCommit")) {
            return Optional.of("any sale");
        }
        return arguments.length == 2 && arguments[1] instanceof RemoteFile file
                ? Optional.of(file.name() + " feed")
                : Optional.empty();
    }

    private static StepResult stopping(StepResult done) {
        return new StepResult(
                done.runId(),
                done.rows(),
                done.kept(),
                done.rejects(),
                done.bytes(),
                done.remark(),
                done.files(),
                () -> {
                    done.effect().run();
                    at("before the commit");
                },
                () -> {
                    at("after the commit");
                    done.afterwards().run();
                    at("after all");
                });
    }

    private static void at(String point) {
        String work = WORK.get();
        if (work != null && Files.isDirectory(FOLDER)) {
            stand(FOLDER.resolve(work + " " + point));
        }
    }

    private static void stand(Path stop) {
        try {
            if (Files.exists(stop)) {
                Files.createFile(stop.resolveSibling(stop.getFileName() + " reached"));
            }
            while (Files.exists(stop)) {
                TimeUnit.MILLISECONDS.sleep(20);
            }
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }
}
