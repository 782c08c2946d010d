package io.evenstock.lab;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/**
 * The first API key and the console's first login: made up where the environment brings none.
 *
 * @param ownKey whether the key was made up; another is nobody's business and not shown
 * @param ownLogin likewise the login
 */
record Credentials(Map<String, String> settings, boolean ownKey, boolean ownLogin) {

    private static final String KEY = "EVENSTOCK_BOOTSTRAP_KEY";
    private static final String USER = "EVENSTOCK_BOOTSTRAP_USER";
    private static final String PASSWORD = "EVENSTOCK_BOOTSTRAP_PASSWORD";

    /** Adds to the settings what they lack. */
    static Credentials completing(Map<String, String> settings) {
        boolean ownKey = !settings.containsKey(KEY) && !settings.containsKey(KEY + "_FILE");
        if (ownKey) {
            settings.put(KEY, Secrets.apiKey());
        }
        boolean ownLogin = !settings.containsKey(USER);
        if (ownLogin) {
            settings.put(USER, "admin");
            settings.put(PASSWORD, Secrets.password());
        }
        return new Credentials(settings, ownKey, ownLogin);
    }

    String key() throws IOException {
        String file = settings.get(KEY + "_FILE");
        return file == null
                ? settings.getOrDefault(KEY, "")
                : Files.readString(Path.of(file)).strip();
    }

    /** Name and password, if they may be shown. */
    String shownLogin() {
        return ownLogin ? settings.getOrDefault(USER, "") + " / " + settings.getOrDefault(PASSWORD, "") : "(yours)";
    }

    /** The key, if it may be shown. */
    String shownKey() {
        return ownKey ? settings.getOrDefault(KEY, "") : "(yours)";
    }
}
