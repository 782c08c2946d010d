package io.evenstock.system;

import io.evenstock.lab.ApiClient;
import io.evenstock.lab.EvenstockServer;
import io.evenstock.lab.Secrets;
import io.evenstock.lab.Undertaker;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/** The one running Evenstock of a test run: started at its first use, stopped at the end. */
final class Evenstock implements ParameterResolver {
    private static final ExtensionContext.Namespace NAMESPACE = ExtensionContext.Namespace.create(Evenstock.class);

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        return parameter.getParameter().getType() == Running.class;
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        return context.getRoot()
                .getStore(NAMESPACE)
                .getOrComputeIfAbsent(Running.class, type -> Running.start(), Running.class);
    }

    /** Evenstock, with what it runs on. */
    static final class Running implements AutoCloseable {
        /** A server that lives for a minute never earns the optimizing compiler's time back. */
        private static final String SHORT_LIVED = "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC";

        /** Nobody uses the console of nodes that do not say {@link #LONG_SESSIONS}, but to see how a session ends. */
        private static final Map<String, String> SHORT_SESSIONS = Map.of(
                "EVENSTOCK_CONSOLE_IDLE", "PT5S",
                "EVENSTOCK_CONSOLE_LONGEST_SESSION", "PT20S");

        /** As they are by default. */
        static final Map<String, String> LONG_SESSIONS = Map.of(
                "EVENSTOCK_CONSOLE_IDLE", "PT30M",
                "EVENSTOCK_CONSOLE_LONGEST_SESSION", "PT12H");

        /** Stands in a node's settings for its port. */
        static final String PORT = "{port}";

        private final AtomicInteger shops = new AtomicInteger();
        private final AtomicInteger nodes = new AtomicInteger();
        private final List<String> databases = new CopyOnWriteArrayList<>();
        private final Undertaker undertaker;
        private final Path folder;
        private final Parts parts;
        private final AlertInbox alerts;
        private final Map<String, String> settings;
        private final EvenstockServer server;
        private final Duration bootTime;
        private final ApiClient api;
        private final HttpClient http =
                HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

        private Running(
                Undertaker undertaker, Path folder, Parts parts, AlertInbox alerts, Map<String, String> settings)
                throws IOException {
            this.undertaker = undertaker;
            this.folder = folder;
            this.parts = parts;
            this.alerts = alerts;
            this.settings = settings;
            Canaries.plant(settings);
            long begin = System.nanoTime();
            this.server = EvenstockServer.start(
                    folder.resolve("evenstock"), EvenstockServer.freePort(), settings, undertaker);
            this.bootTime = Duration.ofNanos(System.nanoTime() - begin);
            this.api = new ApiClient(server.baseAddress(), key());
        }

        private static Running start() {
            try {
                Undertaker undertaker = Undertaker.hire();
                Path folder = undertaker.newFolder("evenstock-system-");
                Parts parts = Parts.start(folder, undertaker);
                Map<String, String> settings = new HashMap<>(parts.settings());
                settings.put("EVENSTOCK_BOOTSTRAP_KEY", Secrets.apiKey());
                settings.put("EVENSTOCK_BOOTSTRAP_USER", ConsoleIT.ADMIN);
                settings.put("EVENSTOCK_BOOTSTRAP_PASSWORD", ConsoleIT.PASSWORD);
                settings.put("EVENSTOCK_SECRETS_KEY", Secrets.sealingKey());
                settings.putAll(SHORT_SESSIONS);
                settings.put("EVENSTOCK_WORK_DIR", folder.resolve("work").toString());
                settings.put("EVENSTOCK_ZONE", Shop.ZONE.getId());
                settings.put("EVENSTOCK_SCHEDULE_ENABLED", "false");
                settings.put("EVENSTOCK_SCHEDULE_CATCH_UP", "NONE");
                settings.put("EVENSTOCK_SCHEDULE_RETRIES", "0");
                settings.put("EVENSTOCK_FEED_INTERVAL", "PT1S");
                settings.put("EVENSTOCK_SFTP_STABLE_INTERVAL", "PT0.1S");
                settings.put("EVENSTOCK_PLAUSIBILITY_ENABLED", "false");
                // One depth for all nodes: what is too deep for one of them is given up for all.
                settings.put("EVENSTOCK_UNDO_DEPTH", "100");
                settings.put("JDK_JAVA_OPTIONS", SHORT_LIVED);
                settings.put("EVENSTOCK_RATE_LIMIT_ADJUSTMENTS", "50000");
                settings.put("EVENSTOCK_HTTP_TRUSTED_PROXIES", "127.0.0.0/8,::1/128");
                settings.put("EVENSTOCK_DOWNSTREAM_WEBHOOK_ALLOWED_HOSTS", "localhost");
                settings.put("EVENSTOCK_DOWNSTREAM_WEBHOOK_TIMEOUT", "PT3S");
                AlertInbox alerts = new AlertInbox();
                settings.putAll(alerts.settings());
                return new Running(undertaker, folder, parts, alerts, settings);
            } catch (IOException failure) {
                throw new IllegalStateException("Evenstock could not be started", failure);
            }
        }

        ApiClient api() {
            return api;
        }

        /** How long a server takes on this machine from its start until it is ready. */
        Duration bootTime() {
            return bootTime;
        }

        /** A connection to the database beneath. */
        Connection connect() throws SQLException {
            return connect(databaseUrl());
        }

        /** A connection to a database of {@link #newDatabase}, or the one beneath. */
        Connection connect(String database) throws SQLException {
            return DriverManager.getConnection(
                    database, settings.get("EVENSTOCK_DB_USER"), settings.get("EVENSTOCK_DB_PASSWORD"));
        }

        String databaseUrl() {
            return Objects.requireNonNull(settings.get("EVENSTOCK_DB_URL"));
        }

        /** A call with its headers, and the answer with its own. */
        HttpResponse<String> raw(String method, String path, @Nullable String body, Map<String, String> headers)
                throws IOException, InterruptedException {
            return raw(server.baseAddress(), method, path, body, headers);
        }

        HttpResponse<String> raw(
                URI node, String method, String path, @Nullable String body, Map<String, String> headers)
                throws IOException, InterruptedException {
            HttpRequest.Builder request = HttpRequest.newBuilder(node.resolve(path))
                    .header("Authorization", "Bearer " + key())
                    .header("Content-Type", "application/json")
                    .method(
                            method,
                            body == null
                                    ? HttpRequest.BodyPublishers.noBody()
                                    : HttpRequest.BodyPublishers.ofString(body));
            headers.forEach(request::setHeader);
            return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
        }

        URI address() {
            return server.baseAddress();
        }

        /** An administrator's. */
        String key() {
            return Objects.requireNonNull(settings.get("EVENSTOCK_BOOTSTRAP_KEY"));
        }

        /** The same caller, who looks at headers, too. */
        RawClient raw() {
            return new RawClient(server.baseAddress(), key());
        }

        /** Everything that the server has said. */
        Path log() {
            return server.log();
        }

        /** What somebody was called for. */
        AlertInbox alerts() {
            return alerts;
        }

        Path sftpRoot() {
            return parts.sftpRoot();
        }

        Path knownHosts() {
            return Path.of(settings.getOrDefault("EVENSTOCK_SFTP_KNOWN_HOSTS", ""));
        }

        Path workFolder() {
            return folder.resolve("work");
        }

        /** A shop with a subsidiary number and a business date that no other test has. */
        Shop newShop() {
            return new Shop(new Shop.Site(api, sftpRoot()), shops.incrementAndGet());
        }

        /** A shop whose nights are later than all others', so that its runs are what the next is compared with. */
        Shop newestShop() {
            return new Shop(
                    new Shop.Site(api, sftpRoot()),
                    shops.incrementAndGet(),
                    Shop.today().minusDays(10));
        }

        /** A shop whose nights begin at a date. */
        Shop shop(LocalDate date) {
            return new Shop(new Shop.Site(api, sftpRoot()), shops.incrementAndGet(), date);
        }

        /** A further node with some settings changed, on the same database; {@link #PORT} in one is the node's own. */
        EvenstockServer node(String name, Map<String, String> changed) throws IOException {
            return launch(name, changed).awaitReady(EvenstockServer.BOOT_LIMIT);
        }

        /** As {@link #node}, but it is still booting. */
        EvenstockServer launch(String name, Map<String, String> changed) throws IOException {
            return launch(EvenstockServer.chosen(), EvenstockServer.builtWar(), name, changed);
        }

        /** As the other, of a product that is named and with an archive that is named. */
        EvenstockServer launch(String product, Path archive, String name, Map<String, String> changed)
                throws IOException {
            Map<String, String> all = new HashMap<>(settings);
            all.putAll(changed);
            Canaries.plant(changed);
            int port = EvenstockServer.freePort();
            all.replaceAll((variable, value) -> value.replace(PORT, Integer.toString(port)));
            return EvenstockServer.launch(product, archive, unused(name), port, all, undertaker);
        }

        /** The settings of the server, without those that a node changes. */
        Map<String, String> settings() {
            return Map.copyOf(settings);
        }

        /** Ends what a test starts, whatever becomes of the test. */
        Undertaker undertaker() {
            return undertaker;
        }

        /** An empty database beside that of the other tests. @return its JDBC address */
        String newDatabase(String name) {
            String unused = name + "_" + nodes.incrementAndGet() + "_"
                    + ProcessHandle.current().pid();
            try (Connection connection = connect();
                    Statement statement = connection.createStatement()) {
                statement.execute("create database " + unused);
            } catch (SQLException failure) {
                throw new IllegalStateException("no database " + unused, failure);
            }
            String url = databaseUrl().replaceFirst("(?<=[0-9])/[^/?]*", "/" + unused);
            databases.add(url);
            return url;
        }

        /** All databases of this test run. */
        List<String> databases() {
            List<String> all = new ArrayList<>(databases);
            all.add(databaseUrl());
            return all;
        }

        /** Where all servers of this test run keep what they write. */
        Path folder() {
            return folder;
        }

        /** A folder that no other test has. */
        Path newFolder(String name) throws IOException {
            return Files.createDirectories(unused(name));
        }

        private Path unused(String name) {
            return folder.resolve(name + "-" + nodes.incrementAndGet());
        }

        /** A setting of all servers. */
        String setting(String variable) {
            return settings.getOrDefault(variable, "");
        }

        /** The one value that the database beneath answers. */
        String query(String query) {
            try (Connection connection = connect();
                    Statement statement = connection.createStatement();
                    ResultSet row = statement.executeQuery(query)) {
                row.next();
                return row.getString(1);
            } catch (SQLException failure) {
                throw new IllegalStateException(query, failure);
            }
        }

        /** The same caller at another node. */
        ApiClient apiOf(EvenstockServer node) {
            return new ApiClient(node.baseAddress(), key());
        }

        @Override
        public void close() throws IOException {
            server.close();
            alerts.close();
            undertaker.close();
        }
    }
}
