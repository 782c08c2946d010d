package io.evenstock.settings;

import java.util.Locale;
import java.util.Optional;
import org.eclipse.microprofile.config.ConfigProvider;

/** Where settings come from: system properties and the environment, and all else that MicroProfile Config knows. */
public final class Environment {
    private Environment() {}

    /** A setting by its full name, from wherever MicroProfile Config finds it. */
    public static Optional<String> configured(String name) {
        return direct(name).or(() -> ConfigProvider.getConfig().getOptionalValue(name, String.class));
    }

    /** A setting by its full name, from system properties or environment: also before the application has started. */
    public static Optional<String> direct(String name) {
        return Optional.ofNullable(System.getProperty(name))
                .or(() -> Optional.ofNullable(System.getenv(variable(name))));
    }

    private static String variable(String name) {
        return name.replaceAll("[^A-Za-z0-9]", "_").toUpperCase(Locale.ROOT);
    }
}
