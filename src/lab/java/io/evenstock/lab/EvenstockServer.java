package io.evenstock.lab;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * Evenstock in a Payara Micro of its own: a child JVM with the built WAR, as an operator would start it.
 *
 * <p>A child and not this JVM, because Payara Micro cannot run from Maven's class path, and because a test must be able
 * to kill it. All settings travel in the environment, which other users of the machine cannot read.
 */
public final class EvenstockServer implements AutoCloseable {

    /** Enough for a slow machine that runs other servers, too; a good one needs 15 seconds. */
    public static final Duration BOOT_LIMIT = Duration.ofMinutes(4);

    private static final int OK = 200;
    private static final int NOT_FOUND = 404;
    private static final String COLOURS = "\u001B\\[[0-9;]*m";
    private static final int LOG_LINES_SHOWN = 60;
    private static final Duration STOP_LIMIT = Duration.ofSeconds(20);

    private final Process process;
    private final URI baseAddress;
    private final Path log;
    private final Undertaker undertaker;
    private final HttpClient client = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(2))
            .build();

    private EvenstockServer(Process process, int port, Path log, Undertaker undertaker) {
        this.process = process;
        this.baseAddress = URI.create("http://localhost:" + port);
        this.log = log;
        this.undertaker = undertaker;
    }

    /**
     * Launches a server and returns at once, so that several can boot side by side.
     *
     * @param folder the work folder of this one server; its log is {@code server.log} there
     * @param settings the {@code EVENSTOCK_…} variables; none is inherited from this process
     */
    public static EvenstockServer launch(Path folder, int port, Map<String, String> settings, Undertaker undertaker)
            throws IOException {
        Path home = Files.createDirectories(folder.toAbsolutePath());
        Path log = home.resolve("server.log");
        ProcessBuilder builder = new ProcessBuilder(command(home, port));
        builder.directory(home.toFile())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
        builder.environment().keySet().removeIf(name -> name.startsWith("EVENSTOCK_"));
        builder.environment().putAll(settings);
        Process process = builder.start();
        undertaker.ends(process.toHandle());
        process.getOutputStream().close();
        return new EvenstockServer(process, port, log, undertaker);
    }

    /** Launches a server and waits until it is ready. */
    public static EvenstockServer start(Path folder, int port, Map<String, String> settings, Undertaker undertaker)
            throws IOException {
        return launch(folder, port, settings, undertaker).awaitReady(BOOT_LIMIT);
    }

    private static List<String> command(Path home, int port) throws IOException {
        // A kept root folder would deploy the old WAR again before the new one, hence one of its own for each start.
        Path root = Files.createTempDirectory(home, "payara-");
        Path temporary = Files.createDirectories(home.resolve("tmp"));
        return List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx512m",
                "-Djava.io.tmpdir=" + temporary,
                "-jar",
                part("evenstock.payara").toString(),
                "--nocluster",
                "--nohazelcast",
                "--disablephonehome",
                "--port",
                Integer.toString(port),
                "--contextroot",
                "/",
                "--rootdir",
                root.toString(),
                "--deploy",
                part("evenstock.war").toString());
    }

    private static Path part(String property) throws IOException {
        String path = System.getProperty(property);
        if (path == null || !Files.isReadable(Path.of(path))) {
            throw new IOException("-D%s does not name a file: %s".formatted(property, path));
        }
        return Path.of(path).toAbsolutePath();
    }

    /** A port that was free a moment ago. */
    public static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    /** Waits until {@code /api/health/ready} answers 200. If it will not, the end of the log is in the exception. */
    public EvenstockServer awaitReady(Duration limit) throws IOException {
        long deadline = System.nanoTime() + limit.toNanos();
        for (int status = health(); status != OK; status = health()) {
            if (!process.isAlive()) {
                throw failed("The server ended with exit code " + process.exitValue() + " instead of serving");
            }
            if (status == NOT_FOUND && booted()) {
                throw failed("The server is up, but could not deploy " + part("evenstock.war"));
            }
            if (System.nanoTime() > deadline) {
                throw failed("The server was not ready after " + limit.toSeconds() + " s");
            }
            pause();
        }
        return this;
    }

    /** The status of the readiness check, 0 if nobody answers yet. */
    private int health() throws InterruptedIOException {
        HttpRequest request = HttpRequest.newBuilder(baseAddress.resolve("/api/health/ready"))
                .timeout(Duration.ofSeconds(5))
                .build();
        try {
            return client.send(request, HttpResponse.BodyHandlers.discarding()).statusCode();
        } catch (InterruptedException e) {
            throw interrupted();
        } catch (IOException notYet) {
            return 0;
        }
    }

    /** Payara Micro says so after all deployments, and goes on without those that failed. */
    private boolean booted() throws IOException {
        return lastLines().stream().anyMatch(line -> line.contains("Payara Micro") && line.contains(" ready in "));
    }

    private void pause() throws InterruptedIOException {
        try {
            process.waitFor(200, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            throw interrupted();
        }
    }

    private static InterruptedIOException interrupted() {
        Thread.currentThread().interrupt();
        return new InterruptedIOException("interrupted while waiting for the server");
    }

    private IOException failed(String what) throws IOException {
        return new IOException("%s. The end of %s:%n%s".formatted(what, log, String.join("\n", lastLines())));
    }

    /** For example {@code http://localhost:8080}. */
    public URI baseAddress() {
        return baseAddress;
    }

    /** Everything that the server has said. */
    public Path log() {
        return log;
    }

    /** The end of what it has said. */
    public List<String> lastLines() throws IOException {
        // Decoded leniently: a log cut off in the middle of a character must not hide the reason.
        List<String> lines = new String(Files.readAllBytes(log), StandardCharsets.UTF_8)
                .replaceAll(COLOURS, "")
                .lines()
                .toList();
        return lines.subList(Math.max(0, lines.size() - LOG_LINES_SHOWN), lines.size());
    }

    /** The child, for tests that pause or signal it. */
    public ProcessHandle process() {
        return process.toHandle();
    }

    /** As by {@code kill -9}: no shutdown, no good-byes. */
    public void kill() throws IOException {
        process.destroyForcibly();
        awaitEnd(STOP_LIMIT);
    }

    /** Stops the server in good order, and not so if that takes too long. */
    @Override
    public void close() throws IOException {
        process.destroy();
        if (!awaitEnd(STOP_LIMIT)) {
            kill();
        }
    }

    private boolean awaitEnd(Duration limit) throws IOException {
        try {
            boolean ended = process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS);
            if (ended) {
                undertaker.forgets(process.toHandle());
            }
            return ended;
        } catch (InterruptedException e) {
            throw interrupted();
        }
    }
}
