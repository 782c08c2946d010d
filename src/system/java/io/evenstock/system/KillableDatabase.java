package io.evenstock.system;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.evenstock.lab.EmbeddedDatabase;
import io.evenstock.lab.EvenstockServer;
import io.evenstock.lab.Secrets;
import io.evenstock.lab.Undertaker;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A PostgreSQL that a test may kill, pause and starve: 15 where it is installed and we are root, else the embedded one's
 * programs. It does not force its writes to disk, so it survives the death of its processes, not of the machine.
 */
final class KillableDatabase implements AutoCloseable {
    private static final Path REAL = Path.of("/usr/lib/postgresql/15/bin");
    private static final String USER = "evenstock_app";
    private static final String SUPERUSER = "postgres";
    private static final int DISK_MIB = 1024;
    private static final Duration LONGEST = Duration.ofMinutes(1);

    private final Path bin;
    private final Path home;
    private final List<String> asSomebodyElse;
    private final int port;
    private final String password = Secrets.password();
    private final Undertaker undertaker;
    private final Optional<SmallDisk> disk;
    private Process server;

    private KillableDatabase(Path bin, Path home, List<String> asSomebodyElse, Undertaker undertaker)
            throws IOException {
        this.bin = bin;
        this.home = home;
        this.asSomebodyElse = asSomebodyElse;
        this.port = EvenstockServer.freePort();
        this.undertaker = undertaker;
        this.disk = SmallDisk.mount(home.resolveSibling(home.getFileName() + "-disk"), DISK_MIB, undertaker);
        initialize();
        this.server = launch();
        admit();
    }

    /** @param home an empty folder of ours, of which others may pass through the parents */
    static KillableDatabase start(Path home, Undertaker undertaker) throws IOException {
        boolean root = "root".equals(System.getProperty("user.name"));
        if (root && Files.isExecutable(REAL.resolve("postgres"))) {
            return new KillableDatabase(
                    REAL,
                    home,
                    List.of("setpriv", "--reuid=postgres", "--regid=postgres", "--init-groups", "--"),
                    undertaker);
        }
        return new KillableDatabase(
                embedded(home.resolveSibling(home.getFileName() + "-embedded"), undertaker),
                home,
                root ? List.of("unshare", "-U") : List.of(),
                undertaker);
    }

    /** The embedded one unpacks its programs at its start. */
    private static Path embedded(Path folder, Undertaker undertaker) throws IOException {
        EmbeddedDatabase.start(Files.createDirectories(folder), undertaker).close();
        Path unpacked = Path.of(System.getProperty("ot.epg.working-dir"));
        try (Stream<Path> files = Files.walk(unpacked, 4)) {
            return files.filter(file -> file.endsWith("bin") && Files.exists(file.resolve("postgres")))
                    .findFirst()
                    .orElseThrow();
        }
    }

    private void initialize() throws IOException {
        if (asSomebodyElse.contains("setpriv")) {
            run("chown", "postgres:postgres", home.toString());
            if (disk.isPresent()) {
                run("chown", "postgres:postgres", disk.get().folder().toString());
            }
        }
        Path secret = Files.writeString(home.resolveSibling(home.getFileName() + "-secret"), password);
        run("chmod", "a+r", secret.toString());
        run(command(
                bin.resolve("initdb").toString(),
                "--pgdata=" + data(),
                "--username=" + SUPERUSER,
                "--pwfile=" + secret,
                "--auth=scram-sha-256",
                "--encoding=UTF8",
                "--locale=C",
                "--no-sync"));
        Files.delete(secret);
        undertaker.endsPostmaster(data());
    }

    private Path data() {
        return home.resolve("data");
    }

    private List<String> command(String... program) {
        List<String> command = new ArrayList<>(asSomebodyElse);
        command.addAll(List.of(program));
        return command;
    }

    private static void run(String... command) throws IOException {
        run(List.of(command));
    }

    private static void run(List<String> command) throws IOException {
        try {
            Process process =
                    new ProcessBuilder(command).redirectErrorStream(true).start();
            String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertEquals(0, process.waitFor(), () -> command + ": " + said);
        } catch (InterruptedException stopped) {
            throw new IOException(stopped);
        }
    }

    private Process launch() throws IOException {
        List<String> command = command(
                bin.resolve("postgres").toString(),
                "-D",
                data().toString(),
                "-p",
                Integer.toString(port),
                "-c",
                "listen_addresses=127.0.0.1",
                "-c",
                "unix_socket_directories=",
                "-c",
                "max_connections=200",
                "-c",
                "max_prepared_transactions=100",
                "-c",
                "shared_buffers=128MB",
                "-c",
                "max_wal_size=2GB",
                "-c",
                "fsync=off");
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(
                        home.resolveSibling(home.getFileName() + ".log").toFile()))
                .start();
        undertaker.ends(process.toHandle());
        await("PostgreSQL").atMost(LONGEST).pollInterval(Duration.ofMillis(100)).until(() -> {
            assertEquals(true, process.isAlive(), "PostgreSQL has ended");
            return answers();
        });
        return process;
    }

    private boolean answers() {
        try (Connection connection = superuser()) {
            return connection.isValid(1);
        } catch (SQLException notYet) {
            return false;
        }
    }

    private void admit() throws IOException {
        execute("create role %s login createdb password '%s'".formatted(USER, password));
        if (disk.isPresent()) {
            execute("create tablespace small location '" + disk.get().folder() + "'");
        }
        execute("create database evenstock owner " + USER + (disk.isPresent() ? " tablespace small" : ""));
    }

    private Connection superuser() throws SQLException {
        return DriverManager.getConnection(
                "jdbc:postgresql://127.0.0.1:%d/postgres?connectTimeout=2".formatted(port), SUPERUSER, password);
    }

    /** As the superuser, in no database of the application's. */
    void execute(String statement) throws IOException {
        try (Connection connection = superuser();
                Statement sql = connection.createStatement()) {
            sql.execute(statement);
        } catch (SQLException failure) {
            throw new IOException(statement, failure);
        }
    }

    Connection connect() throws SQLException {
        return DriverManager.getConnection(url(), USER, password);
    }

    String url() {
        return "jdbc:postgresql://127.0.0.1:%d/evenstock".formatted(port);
    }

    /** A node's settings for it. */
    Map<String, String> settings() {
        return Map.of("EVENSTOCK_DB_URL", url(), "EVENSTOCK_DB_USER", USER, "EVENSTOCK_DB_PASSWORD", password);
    }

    /** Ends all connections of the application. */
    void terminate() throws IOException {
        execute("select pg_terminate_backend(pid) from pg_stat_activity where usename = '" + USER + "'");
    }

    /** How many connections the application may have at a time; -1: as many as there are. */
    void limitConnections(int limit) throws IOException {
        execute("alter role %s connection limit %d".formatted(USER, limit));
    }

    /** The disk under the application's tables; empty: there is none that may be filled, for want of root. */
    Optional<SmallDisk> disk() {
        return disk;
    }

    /** As by {@code kill -9} of all its processes at once. */
    void kill() throws IOException {
        List<ProcessHandle> all = processes();
        signal("KILL", all);
        await("the end of PostgreSQL").atMost(LONGEST).until(() -> all.stream().noneMatch(ProcessHandle::isAlive));
        undertaker.forgets(server.toHandle());
    }

    /** In good order, though nobody is waited for. */
    void stop() throws IOException {
        signal("INT", List.of(server.toHandle()));
        await("the end of PostgreSQL").atMost(LONGEST).until(() -> !server.isAlive());
        undertaker.forgets(server.toHandle());
    }

    boolean isAlive() {
        return server.isAlive();
    }

    /** Starts it again on what its last life has left. */
    void restart() throws IOException {
        server = launch();
    }

    /** Stops all its processes where they are. */
    void pause() throws IOException {
        signal("STOP", processes());
    }

    void goOn() throws IOException {
        signal("CONT", processes());
    }

    private List<ProcessHandle> processes() {
        return Stream.concat(Stream.of(server.toHandle()), server.descendants()).toList();
    }

    private static void signal(String signal, List<ProcessHandle> processes) throws IOException {
        List<String> command = new ArrayList<>(List.of("kill", "-" + signal));
        processes.forEach(process -> command.add(Long.toString(process.pid())));
        try {
            // One may have ended meanwhile: its number is refused, the others are signalled.
            new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start()
                    .waitFor();
        } catch (InterruptedException stopped) {
            throw new IOException(stopped);
        }
    }

    @Override
    public void close() throws IOException {
        kill();
        undertaker.forgetsPostmaster(data());
        if (disk.isPresent()) {
            disk.get().close();
        }
    }
}
