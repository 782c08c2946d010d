package io.evenstock.settings;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;

/** Gives the application its settings and its clock; both can be exchanged in tests. */
@ApplicationScoped
public class Configuration {

    /** @throws IllegalArgumentException naming every faulty setting */
    @Produces
    @Singleton
    Settings settings() {
        return new SettingsReader(Environment::configured).read();
    }
}
