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
        Settings settings = new SettingsReader(Environment::configured).read();
        WorkFolder.claim(settings.workDir());
        return settings;
    }
}
