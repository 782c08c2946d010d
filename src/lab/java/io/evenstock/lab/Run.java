package io.evenstock.lab;

import java.io.IOException;
import java.io.PrintStream;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.ZoneId;
import java.util.HexFormat;
import java.util.Map;
import java.util.Properties;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;
import java.util.logging.LogManager;

/**
 * The run command, {@code mvn -Prun package}: Evenstock on real servers, tonight's cycle before your eyes, then serving
 * until Ctrl-C.
 */
public final class Run {

    private static final int DONE = 0;
    private static final int FAILED = 1;
    private static final int MISUSED = 2;
    private static final long PARENT_LOOK_NANOS = 300_000_000;
    private static final String PORT = "EVENSTOCK_HTTP_PORT";
    private static final Path KEPT_LOG = Path.of("target", "run-server.log");

    private final Map<String, String> environment;
    private final Properties properties;
    private final Report report;

    private Run(Map<String, String> environment, Properties properties, PrintStream out) {
        this.environment = environment;
        this.properties = properties;
        this.report = new Report(out);
    }

    /** Exit codes: 0 all went well, 1 something failed, 2 a setting is wrong. */
    public static void main(String[] arguments) {
        // The libraries' own words would tear the report apart.
        LogManager.getLogManager().reset();
        endWithParent();
        System.exit(new Run(System.getenv(), System.getProperties(), System.out).run());
    }

    /**
     * Maven passes no signal on when it is killed. We ask again and again whose child we are, as a dead parent may stay
     * in the process table for long. The undertaker does the rest.
     */
    private static void endWithParent() {
        long parent = parent();
        Thread watch = new Thread(
                () -> {
                    while (parent() == parent) {
                        LockSupport.parkNanos(PARENT_LOOK_NANOS);
                    }
                    Runtime.getRuntime().halt(FAILED);
                },
                "parent-watch");
        watch.setDaemon(true);
        watch.start();
    }

    private static long parent() {
        return ProcessHandle.current().parent().map(ProcessHandle::pid).orElse(0L);
    }

    private int run() {
        try {
            DemoSettings demo = DemoSettings.of(properties);
            int port = port();
            ZoneId zone = zone();
            return run(demo, port, zone);
        } catch (BadSetting wrong) {
            report.line("error: " + wrong.getMessage());
            return MISUSED;
        } catch (IOException | ApiRefusal failure) {
            report.line("error: " + failure.getMessage());
            return FAILED;
        }
    }

    private int port() throws IOException {
        String text = environment.getOrDefault(PORT, "8080").strip();
        if (!text.matches("[1-9][0-9]{0,4}") || Integer.parseInt(text) > 65_535) {
            throw new BadSetting(PORT + "=" + text + ": a port from 1 to 65535 is needed");
        }
        int port = Integer.parseInt(text);
        try (ServerSocket free = new ServerSocket(port)) {
            return free.getLocalPort();
        } catch (IOException taken) {
            throw new IOException(
                    "port %d is taken (%s); choose another: %s=8081".formatted(port, taken.getMessage(), PORT), taken);
        }
    }

    private ZoneId zone() {
        String text = environment.getOrDefault("EVENSTOCK_ZONE", "");
        try {
            return text.isBlank() ? ZoneId.systemDefault() : ZoneId.of(text.strip());
        } catch (DateTimeException unknown) {
            throw new BadSetting("EVENSTOCK_ZONE=" + text + ": not a time zone, such as America/New_York");
        }
    }

    private int run(DemoSettings demo, int port, ZoneId zone) throws IOException {
        try (Undertaker undertaker = Undertaker.hire()) {
            Path folder = undertaker.newFolder("evenstock-run-");
            try (Surroundings surroundings = new Surroundings(environment, folder, undertaker, report)) {
                report.heading("Evenstock");
                if (demo.exit() && !withData(demo, surroundings)) {
                    throw new BadSetting("-Ddemo.exit=true without a cycle to run; -Ddemo.data=true asks for one");
                }
                surroundings.start();
                return serve(demo, port, zone, surroundings, folder, undertaker);
            }
        }
    }

    /** Somebody else's servers get no sample data unasked. */
    private static boolean withData(DemoSettings demo, Surroundings around) {
        return demo.data().orElse(!around.external());
    }

    private int serve(DemoSettings demo, int port, ZoneId zone, Surroundings around, Path folder, Undertaker undertaker)
            throws IOException {
        boolean withData = withData(demo, around);
        if (withData) {
            around.settings().put("EVENSTOCK_SCHEDULE_ENABLED", "false");
        }
        Credentials credentials = Credentials.completing(around.settings());
        try (EvenstockServer server =
                EvenstockServer.launch(folder.resolve("server"), port, around.settings(), undertaker)) {
            report.timed("server", () -> {
                server.awaitReady(EvenstockServer.BOOT_LIMIT);
                return server.product() + ", port " + port;
            });
            report.heading("Evenstock ready: " + server.baseAddress());
            boolean even = !withData || play(demo, zone, around, credentials, server);
            if (demo.exit()) {
                return even ? DONE : failed(server);
            }
            new Directions(report, server.baseAddress()).tell(around, credentials, server.log());
            server.process().onExit().join();
            report.heading("The server ended by itself:\n" + String.join("\n", server.lastLines()));
            return failed(server);
        }
    }

    private boolean play(
            DemoSettings demo, ZoneId zone, Surroundings around, Credentials credentials, EvenstockServer server)
            throws IOException {
        ResetInventoryGenerator generator = new ResetInventoryGenerator(demo.rows(), demo.seed(), demo.active());
        Demo night = new Demo(
                new ApiClient(server.baseAddress(), credentials.key()),
                around.uploads(),
                generator,
                BusinessNight.latest(Clock.systemUTC(), zone),
                new Stories(generator, demo.seed()),
                HexFormat.of().toHexDigits(new Random().nextInt()),
                report);
        try {
            return night.play();
        } catch (IOException | ApiRefusal failure) {
            report.line("error: " + failure.getMessage());
            return false;
        }
    }

    /** The work folder goes, so the log is put where the build keeps its results. */
    private int failed(EvenstockServer server) throws IOException {
        Files.createDirectories(KEPT_LOG.toAbsolutePath().getParent());
        Files.copy(server.log(), KEPT_LOG, StandardCopyOption.REPLACE_EXISTING);
        report.line("The server's log: " + KEPT_LOG.toAbsolutePath());
        return FAILED;
    }
}
