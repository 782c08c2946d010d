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
 * Evenstock in a server of its own: a child JVM with the built WAR, as an operator would start it. Which product, the
 * system property {@code evenstock.server} says, unless whoever starts it does.
 *
 * <p>A child and not this JVM, because Payara Micro cannot run from Maven's class path, and because a test must be able
 * to kill it. All settings travel in the environment, which other users of the machine cannot read.
 */
public final class EvenstockServer implements AutoCloseable {

    /** Enough for a slow machine that runs other servers, too; a good one needs 15 seconds. */
    public static final Duration BOOT_LIMIT = Duration.ofMinutes(4);

    public static final String PAYARA_MICRO = "payara-micro";

    public static final String WILDFLY = "wildfly";

    private static final int OK = 200;
    private static final int NOT_FOUND = 404;
    private static final String COLOURS = "\u001B\\[[0-9;]*m";
    private static final int LOG_LINES_SHOWN = 60;
    private static final Duration STOP_LIMIT = Duration.ofSeconds(20);

    private final Launcher launcher;
    private final Launcher.Node node;
    private final URI baseAddress;
    private final Undertaker undertaker;
    private final HttpClient client = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(2))
            .build();

    private EvenstockServer(Launcher launcher, Launcher.Node node, int port, Undertaker undertaker) {
        this.launcher = launcher;
        this.node = node;
        this.baseAddress = URI.create("http://localhost:" + port);
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
        return launch(chosen(), builtWar(), folder, port, settings, undertaker);
    }

    /**
     * As the other, of the product that is named, with the archive that is named.
     *
     * @param product payara-micro, payara-server or wildfly
     */
    public static EvenstockServer launch(
            String product, Path archive, Path folder, int port, Map<String, String> settings, Undertaker undertaker)
            throws IOException {
        return launch(
                Launcher.of(product),
                folder,
                new Launcher.Ports(port, freePort()),
                settings,
                List.of(archive),
                undertaker);
    }

    /** The archive that was built: what {@code -Devenstock.war} names. */
    public static Path builtWar() throws IOException {
        return Launcher.part("evenstock.war");
    }

    /** The product that {@code -Devenstock.server} names. */
    public static String chosen() {
        return System.getProperty("evenstock.server", PAYARA_MICRO);
    }

    /** Starts a server without Evenstock; whoever calls deploys it, at the port for administration. */
    public static EvenstockServer startEmpty(
            Path folder, int port, int adminPort, Map<String, String> settings, Undertaker undertaker)
            throws IOException {
        EvenstockServer server = launch(
                Launcher.of(chosen()), folder, new Launcher.Ports(port, adminPort), settings, List.of(), undertaker);
        server.awaitStatus(URI.create("http://localhost:" + adminPort), BOOT_LIMIT);
        return server;
    }

    private static EvenstockServer launch(
            Launcher launcher,
            Path folder,
            Launcher.Ports ports,
            Map<String, String> settings,
            List<Path> wars,
            Undertaker undertaker)
            throws IOException {
        Path home = Files.createDirectories(folder.toAbsolutePath());
        Launcher.Node node = launcher.start(home, ports, settings, wars);
        undertaker.ends(node.server());
        undertaker.ends(node.process().toHandle());
        node.process().getOutputStream().close();
        return new EvenstockServer(launcher, node, ports.http(), undertaker);
    }

    /** Launches a server and waits until it is ready. */
    public static EvenstockServer start(Path folder, int port, Map<String, String> settings, Undertaker undertaker)
            throws IOException {
        return launch(folder, port, settings, undertaker).awaitReady(BOOT_LIMIT);
    }

    /** A port that was free a moment ago. */
    public static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    /** Waits until {@code /api/health/ready} answers 200. If it will not, the end of the log is in the exception. */
    public EvenstockServer awaitReady(Duration limit) throws IOException {
        URI health = baseAddress.resolve("/api/health/ready");
        long deadline = System.nanoTime() + limit.toNanos();
        // Looked up before each question: what was asked before the end of the deployments says nothing about them.
        boolean booted = booted();
        for (int status = status(health); status != OK; status = status(health)) {
            requireHope(deadline, limit);
            if (status == NOT_FOUND && booted) {
                throw failed("The server is up, but could not deploy Evenstock");
            }
            pause(node.process());
            booted = booted();
        }
        return this;
    }

    /** Waits until somebody answers at an address, whatever it is. */
    private void awaitStatus(URI address, Duration limit) throws IOException {
        long deadline = System.nanoTime() + limit.toNanos();
        while (status(address) == 0) {
            requireHope(deadline, limit);
            pause(node.process());
        }
    }

    private void requireHope(long deadline, Duration limit) throws IOException {
        if (!node.process().isAlive()) {
            throw failed("The server ended with exit code " + node.process().exitValue() + " instead of serving");
        }
        if (System.nanoTime() > deadline) {
            throw failed("The server was not ready after " + limit.toSeconds() + " s");
        }
    }

    /** The status of the answer to a GET, 0 if nobody answers yet. */
    private int status(URI address) throws InterruptedIOException {
        HttpRequest request =
                HttpRequest.newBuilder(address).timeout(Duration.ofSeconds(5)).build();
        try {
            return client.send(request, HttpResponse.BodyHandlers.discarding()).statusCode();
        } catch (InterruptedException e) {
            throw interrupted();
        } catch (IOException notYet) {
            return 0;
        }
    }

    /** Servers say so after all deployments, and go on without those that failed. */
    private boolean booted() throws IOException {
        return lastLines().stream().anyMatch(launcher::saysUp);
    }

    /** A moment, or less if the process ends. */
    static void pause(Process process) throws InterruptedIOException {
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
        return new IOException("%s. The end of %s:%n%s".formatted(what, log(), String.join("\n", lastLines())));
    }

    /** The server product. */
    public String product() {
        return launcher.name();
    }

    /** For example {@code http://localhost:8080}. */
    public URI baseAddress() {
        return baseAddress;
    }

    /** Everything that the server has said. */
    public Path log() {
        return node.log();
    }

    /** The end of what it has said. */
    public List<String> lastLines() throws IOException {
        List<String> lines = allLines();
        return lines.subList(Math.max(0, lines.size() - LOG_LINES_SHOWN), lines.size());
    }

    /** All that it has said. */
    public List<String> allLines() throws IOException {
        // Decoded leniently: a log cut off in the middle of a character must not hide the reason.
        return new String(Files.readAllBytes(log()), StandardCharsets.UTF_8)
                .replaceAll(COLOURS, "")
                .lines()
                .toList();
    }

    /** The server's process, for tests that pause or signal it. */
    public ProcessHandle process() {
        return node.server();
    }

    /** As by {@code kill -9}: no shutdown, no good-byes. */
    public void kill() throws IOException {
        node.server().destroyForcibly();
        awaitEnd(STOP_LIMIT);
    }

    /** Stops the server in good order, and not so if that takes too long. */
    @Override
    public void close() throws IOException {
        node.server().destroy();
        if (!awaitEnd(STOP_LIMIT)) {
            kill();
        }
    }

    private boolean awaitEnd(Duration limit) throws IOException {
        try {
            boolean ended = node.process().waitFor(limit.toMillis(), TimeUnit.MILLISECONDS);
            if (ended) {
                undertaker.forgets(node.server());
                undertaker.forgets(node.process().toHandle());
            }
            return ended;
        } catch (InterruptedException e) {
            throw interrupted();
        }
    }
}
