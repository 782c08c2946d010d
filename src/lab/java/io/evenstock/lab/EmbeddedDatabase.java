package io.evenstock.lab;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import io.zonky.test.db.postgres.util.LinuxUtils;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A PostgreSQL of our own on a random loopback port, with the empty database {@code evenstock}.
 *
 * <p>The user owns its databases but is no superuser, and a password is asked for over TCP: what works here, works on
 * a database that somebody else administers. It does not force its writes to disk, so it survives the death of its
 * processes, not of the machine.
 */
public final class EmbeddedDatabase implements AutoCloseable {

    // Other than the database's name: PostgreSQL would take the one for the other where it is missing.
    private static final String USER = "evenstock_app";
    private static final String SUPERUSER = "postgres";

    private final EmbeddedPostgres server;
    private final Path dataFolder;
    private final String password;
    private final Undertaker undertaker;

    private EmbeddedDatabase(EmbeddedPostgres server, Path dataFolder, String password, Undertaker undertaker) {
        this.server = server;
        this.dataFolder = dataFolder;
        this.password = password;
        this.undertaker = undertaker;
    }

    /**
     * Starts the server: four seconds the first time, one after.
     *
     * @param folder where {@code postgres/} and {@code postgres.log} are made
     */
    public static EmbeddedDatabase start(Path folder, Undertaker undertaker) throws IOException {
        Path dataFolder = folder.toAbsolutePath().resolve("postgres");
        // Read by zonky alone; its default leaves the unpacked binaries in the system's temporary folder.
        System.setProperty("ot.epg.working-dir", binaries(folder).toString());
        buryScripts(undertaker);
        undertaker.endsPostmaster(dataFolder);
        EmbeddedDatabase database = new EmbeddedDatabase(
                launch(dataFolder, folder.resolve("postgres.log")), dataFolder, Secrets.password(), undertaker);
        database.admitOurselves();
        return database;
    }

    /** Unpacked once below the module's build folder, else anew into the work folder. */
    private static Path binaries(Path folder) {
        Path built = Path.of("target").toAbsolutePath();
        return (Files.isDirectory(built) ? built : folder.toAbsolutePath()).resolve("postgres-binaries");
    }

    /** On its first use zonky writes a script to the temporary folder, and deletes it only at an orderly exit. */
    private static void buryScripts(Undertaker undertaker) throws IOException {
        Set<Path> strangers = scripts();
        LinuxUtils.isUnshareAvailable();
        Set<Path> ours = scripts();
        ours.removeAll(strangers);
        ours.forEach(undertaker::deletes);
    }

    private static Set<Path> scripts() throws IOException {
        Path temporary = Path.of(System.getProperty("java.io.tmpdir")).toAbsolutePath();
        try (Stream<Path> files = Files.list(temporary)) {
            return files.filter(file -> file.getFileName().toString().startsWith("detect_linux_distribution"))
                    .collect(Collectors.toCollection(HashSet::new));
        }
    }

    private static EmbeddedPostgres launch(Path dataFolder, Path log) throws IOException {
        ProcessBuilder.Redirect toLog = ProcessBuilder.Redirect.appendTo(log.toFile());
        return EmbeddedPostgres.builder()
                .setDataDirectory(dataFolder)
                .setCleanDataDirectory(true)
                .setRegisterShutdownHook(false)
                .setPGStartupWait(Duration.ofMinutes(1))
                .setErrorRedirector(toLog)
                .setOutputRedirector(toLog)
                .setLocaleConfig("locale", "C")
                .setServerConfig("listen_addresses", "127.0.0.1")
                .setServerConfig("unix_socket_directories", "")
                .setServerConfig("max_connections", "200")
                .setServerConfig("max_prepared_transactions", "100")
                .setServerConfig("max_wal_size", "4GB")
                .setServerConfig("shared_buffers", "256MB")
                .start();
    }

    private void admitOurselves() throws IOException {
        try (Connection connection = server.getPostgresDatabase().getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute("ALTER ROLE %s PASSWORD '%s'".formatted(SUPERUSER, password));
            statement.execute("CREATE ROLE %s LOGIN CREATEDB PASSWORD '%s'".formatted(USER, password));
            statement.execute("CREATE DATABASE evenstock OWNER " + USER);
            Files.writeString(dataFolder.resolve("pg_hba.conf"), "host all all 127.0.0.1/32 scram-sha-256\n");
            statement.execute("SELECT pg_reload_conf()");
        } catch (SQLException e) {
            throw new IOException("could not set up the embedded database", e);
        }
    }

    /** The JDBC address of the database {@code evenstock}, without user and password. */
    public String url() {
        return url("evenstock");
    }

    public String user() {
        return USER;
    }

    public String password() {
        return password;
    }

    public int port() {
        return server.getPort();
    }

    /** Makes a further, empty database and answers its JDBC address. */
    public String newDatabase(String name) throws SQLException {
        if (!name.matches("[a-z][a-z0-9_]{0,62}")) {
            throw new IllegalArgumentException("not a plain database name: " + name);
        }
        try (Connection connection = connect("postgres", USER);
                Statement statement = connection.createStatement()) {
            statement.execute("CREATE DATABASE " + name);
        }
        return url(name);
    }

    /** A connection to {@code evenstock} as the application's user. */
    public Connection connect() throws SQLException {
        return connect("evenstock", USER);
    }

    /** A connection to {@code evenstock} that may do anything, such as ending other users' connections. */
    public Connection connectAsSuperuser() throws SQLException {
        return connect("evenstock", SUPERUSER);
    }

    private Connection connect(String database, String user) throws SQLException {
        return DriverManager.getConnection(url(database), user, password);
    }

    private String url(String database) {
        return "jdbc:postgresql://127.0.0.1:%d/%s".formatted(server.getPort(), database);
    }

    /** Stops the server and deletes its data. */
    @Override
    public void close() throws IOException {
        server.close();
        undertaker.forgetsPostmaster(dataFolder);
    }
}
