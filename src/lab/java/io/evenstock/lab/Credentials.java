package io.evenstock.lab;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/**
 * The first API key: made up where the environment brings none.
 *
 * @param ownKey whether the key was made up; another is nobody's business and not shown
 */
record Credentials(Map<String, String> settings, boolean ownKey) {

    private static final String KEY = "EVENSTOCK_BOOTSTRAP_KEY";

    /** Adds to the settings what they lack. */
    static Credentials completing(Map<String, String> settings) {
        boolean ownKey = !settings.containsKey(KEY) && !settings.containsKey(KEY + "_FILE");
        if (ownKey) {
            settings.put(KEY, Secrets.apiKey());
        }
        return new Credentials(settings, ownKey);
    }

    String key() throws IOException {
        String file = settings.get(KEY + "_FILE");
        return file == null
                ? settings.getOrDefault(KEY, "")
                : Files.readString(Path.of(file)).strip();
    }

    /** The key, if it may be shown. */
    String shownKey() {
        return ownKey ? settings.getOrDefault(KEY, "") : "(yours)";
    }
}
