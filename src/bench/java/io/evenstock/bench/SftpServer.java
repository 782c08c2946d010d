package io.evenstock.bench;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.evenstock.exchange.Exchange;
import io.evenstock.exchange.SftpConnection;
import io.evenstock.settings.SettingsReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The real OpenSSH server that {@code .ci/real-parts} names; without one, a benchmark that needs it is skipped and says so. */
final class SftpServer {
    private static final String TEST = "EVENSTOCK_TEST_SFTP_";

    private SftpServer() {}

    static void require() {
        assumeTrue(variable("ROOT") != null, "needs an OpenSSH server: .ci/real-parts mvn -Pbench verify -Dbench=…");
    }

    static int port() {
        return Integer.parseInt(required("PORT"));
    }

    /** The local folder that is {@code /} to SFTP clients. */
    static Path root() {
        return Path.of(required("ROOT"));
    }

    /** Connects as the application does, at this port, which may be a proxy's. */
    static SftpConnection connect(int port, int requestsInFlight) throws IOException {
        Path knownHosts = Files.createTempFile("known", "hosts");
        Files.writeString(
                knownHosts,
                Files.readString(Path.of(required("KNOWN_HOSTS"))).replace(":" + port() + " ", ":" + port + " "));
        Map<String, String> settings = new HashMap<>(Map.of(
                "evenstock.sftp.host", required("HOST"),
                "evenstock.sftp.port", String.valueOf(port),
                "evenstock.sftp.user", required("USER"),
                "evenstock.sftp.key-file", required("KEY_FILE"),
                "evenstock.sftp.known-hosts", knownHosts.toString(),
                "evenstock.sftp.requests-in-flight", String.valueOf(requestsInFlight)));
        try {
            return new Exchange(new SettingsReader(name -> Optional.ofNullable(settings.get(name))).read()).connect();
        } finally {
            Files.delete(knownHosts);
        }
    }

    /** OpenSSH's own client downloads a file; milliseconds, connecting included. */
    static double download(String remote, Path local) throws IOException, InterruptedException {
        long start = System.nanoTime();
        Process sftp = new ProcessBuilder(
                        "sftp",
                        "-q",
                        "-b",
                        "-",
                        "-c",
                        "aes128-gcm@openssh.com",
                        "-i",
                        required("KEY_FILE"),
                        "-o",
                        "UserKnownHostsFile=" + required("KNOWN_HOSTS"),
                        "-P",
                        required("PORT"),
                        required("USER") + "@" + required("HOST"))
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        try (var commands = sftp.outputWriter()) {
            commands.write("get %s %s\n".formatted(remote, local));
        }
        int code = sftp.waitFor();
        double millis = (System.nanoTime() - start) / 1e6;
        if (code != 0) {
            throw new IOException("sftp ended with " + code);
        }
        return millis;
    }

    static String required(String name) {
        String value = variable(name);
        if (value == null) {
            throw new IllegalStateException(TEST + name + " is not set");
        }
        return value;
    }

    private static @Nullable String variable(String name) {
        return System.getenv(TEST + name.toUpperCase(Locale.ROOT));
    }
}
