package io.evenstock.system;

import io.evenstock.lab.EmbeddedDatabase;
import io.evenstock.lab.EmbeddedSftp;
import io.evenstock.lab.Undertaker;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/**
 * Database and SFTP server for the tests: those that {@code EVENSTOCK_TEST_…} names, else embedded ones. With
 * {@code EVENSTOCK_TEST_REQUIRED=true} missing ones are an error: nothing is quietly tested elsewhere.
 *
 * @param settings Evenstock's settings for them, as environment variables
 * @param sftpRoot the local folder that is {@code /} to SFTP clients
 */
record Parts(Map<String, String> settings, Path sftpRoot) {
    private static final String TEST = "EVENSTOCK_TEST_";

    Parts {
        settings = Map.copyOf(settings);
    }

    static Parts start(Path folder, Undertaker undertaker) throws IOException {
        Map<String, String> settings = new HashMap<>();
        Path root;
        if (named("DB_URL")) {
            copyNamed(settings, "DB_");
        } else {
            EmbeddedDatabase database = EmbeddedDatabase.start(folder, undertaker);
            settings.put("EVENSTOCK_DB_URL", database.url());
            settings.put("EVENSTOCK_DB_USER", database.user());
            settings.put("EVENSTOCK_DB_PASSWORD", database.password());
        }
        if (named("SFTP_HOST")) {
            copyNamed(settings, "SFTP_");
            root = Path.of(settings.remove("EVENSTOCK_SFTP_ROOT"));
        } else {
            EmbeddedSftp sftp = EmbeddedSftp.start(folder.resolve("sftp"));
            settings.put("EVENSTOCK_SFTP_HOST", sftp.host());
            settings.put("EVENSTOCK_SFTP_PORT", String.valueOf(sftp.port()));
            settings.put("EVENSTOCK_SFTP_USER", sftp.user());
            settings.put("EVENSTOCK_SFTP_PASSWORD", sftp.password());
            settings.put("EVENSTOCK_SFTP_KNOWN_HOSTS", sftp.knownHosts().toString());
            root = sftp.root();
        }
        return new Parts(settings, root);
    }

    private static boolean named(String part) {
        boolean named = System.getenv(TEST + part) != null;
        if (!named && Boolean.parseBoolean(System.getenv(TEST + "REQUIRED"))) {
            throw new IllegalStateException(TEST + part + " is required, but not set");
        }
        return named;
    }

    private static void copyNamed(Map<String, String> settings, String group) {
        System.getenv().forEach((name, value) -> {
            if (name.startsWith(TEST + group)) {
                settings.put("EVENSTOCK_" + name.substring(TEST.length()), value);
            }
        });
    }
}
