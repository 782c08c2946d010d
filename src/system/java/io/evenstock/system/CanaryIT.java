package io.evenstock.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.Isolated;
import org.postgresql.PGConnection;

/**
 * The last of all tests, as it runs alone: whatever the others have done, no secret stands in what any server has said or
 * written, nor in any database. Answers are looked at as they come, by {@link RawClient}.
 */
@ExtendWith(Evenstock.class)
@Isolated
class CanaryIT {
    /** A key given to the command line by a file, as its manual says. */
    private static final String GIVEN = "client-key";

    private static final Pattern HASH = Pattern.compile(
            "PBKDF2WithHmacSHA512:(?<iterations>[0-9]{6,8}):(?<salt>[A-Za-z0-9+/=]+):(?<hash>[A-Za-z0-9+/=]+)");

    /** A password that was made, and one that replaced it: the console's first user has the one of the settings. */
    @BeforeAll
    static void somebodyIsMade(Evenstock.Running evenstock) throws IOException {
        int user = RawClient.json(
                        evenstock.raw().call("POST", "/api/users", "{\"name\":\"canary\",\"role\":\"viewer\"}"))
                .getInt("userId");
        int planted = Canaries.planted();
        assertEquals(
                200,
                evenstock
                        .raw()
                        .call("POST", "/api/users/" + user + "/password", (String) null)
                        .statusCode());
        assertEquals(planted + 1, Canaries.planted());
    }

    @Test
    void noSecretStandsInAnyLogOrFile(Evenstock.Running evenstock) throws IOException {
        assertTrue(Canaries.planted() >= 5, () -> "only " + Canaries.planted());
        List<String> found = new ArrayList<>();
        int files = 0;
        for (Path root : List.of(evenstock.folder(), evenstock.sftpRoot())) {
            for (Path file : written(root)) {
                Canaries.in(file).forEach(secret -> found.add(file + ": " + secret));
                files++;
            }
        }
        assertEquals(List.of(), found);
        assertTrue(files > 3, "logs and reasons");
    }

    private static List<Path> written(Path root) throws IOException {
        Path database = root.resolve("postgres");
        try (Stream<Path> all = Files.walk(root)) {
            return all.filter(file -> !file.startsWith(database))
                    .filter(Files::isRegularFile)
                    .filter(Files::isReadable)
                    .filter(file -> !file.toString().matches(".*\\.(jar|war|ear|class|zip)"))
                    .filter(file -> !file.getFileName().toString().startsWith(GIVEN))
                    .toList();
        }
    }

    @Test
    void noSecretStandsInAnyDatabaseAsItIs(Evenstock.Running evenstock) throws Exception {
        List<String> found = new ArrayList<>();
        int rows = 0;
        for (String database : evenstock.databases()) {
            try (Connection connection = evenstock.connect(database)) {
                for (String table : tables(connection)) {
                    String dump = dump(connection, table);
                    rows += dump.length() - dump.replace("\n", "").length();
                    Canaries.in(dump).forEach(secret -> found.add(table + ": " + secret));
                }
            }
        }
        assertEquals(List.of(), found);
        assertTrue(rows > 10, "there is something in it");
    }

    /** Whoever reads a backup can neither log in nor try passwords at any speed. */
    @Test
    void passwordsAndKeysStandAsTheirHashesOnly(Evenstock.Running evenstock) throws SQLException {
        List<String> bad = new ArrayList<>();
        int seen = 0;
        for (String database : evenstock.databases()) {
            try (Connection connection = evenstock.connect(database)) {
                List<String> tables = tables(connection);
                if (tables.contains("public.console_user") && tables.contains("public.api_key")) {
                    List<String> passwords =
                            texts(connection, "select password from console_user where password is not null");
                    List<String> keys = texts(connection, "select encode(key_sha256, 'hex') from api_key");
                    passwords.stream().filter(each -> !slow(each)).forEach(bad::add);
                    keys.stream().filter(each -> !each.matches("[0-9a-f]{64}")).forEach(bad::add);
                    seen += Math.min(passwords.size(), keys.size());
                }
            }
        }
        assertEquals(List.of(), bad);
        assertTrue(seen > 0, "there is somebody");
    }

    /** PBKDF2 with HMAC-SHA-512, 32 bytes of salt and 64 of hash, as often as OWASP asks for. */
    private static boolean slow(String password) {
        Matcher hash = HASH.matcher(password);
        return hash.matches()
                && Integer.parseInt(hash.group("iterations")) >= 210_000
                && Base64.getDecoder().decode(hash.group("salt")).length >= 32
                && Base64.getDecoder().decode(hash.group("hash")).length == 64;
    }

    private static List<String> texts(Connection connection, String query) throws SQLException {
        List<String> texts = new ArrayList<>();
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(query)) {
            while (row.next()) {
                texts.add(row.getString(1));
            }
        }
        return texts;
    }

    private static List<String> tables(Connection connection) throws SQLException {
        return texts(connection, """
                select format('%I.%I', nspname, relname) from pg_class c
                join pg_namespace n on n.oid = c.relnamespace
                where relkind = 'r' and nspname not in ('pg_catalog', 'information_schema')
                  and nspname not like 'pg\\_%' and relname not like 'lines\\_%'
                """);
    }

    /** As a backup has it. */
    private static String dump(Connection connection, String table) throws SQLException, IOException {
        ByteArrayOutputStream text = new ByteArrayOutputStream();
        connection.unwrap(PGConnection.class).getCopyAPI().copyOut("copy " + table + " to stdout", text);
        return text.toString(StandardCharsets.UTF_8);
    }

    @Test
    void noSecretIsInAMetricNorInWhatIsSent(Evenstock.Running evenstock) throws IOException {
        assertEquals(List.of(), Canaries.in(evenstock.raw().get("/api/metrics").body()));
        assertEquals(List.of(), Canaries.in(evenstock.alerts().everything()));
    }
}
