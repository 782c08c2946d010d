package io.evenstock.database;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Clock;

/** The one clock that everything here goes by. */
@ApplicationScoped
class Clocks {
    @Inject
    Sql sql;

    @Inject
    Looks looks;

    @Produces
    @Singleton
    Clock clock() {
        return new DatabaseClock(
                sql,
                Clock.systemUTC(),
                comparison -> looks.take(DatabaseClock.class, () -> {
                    comparison.run();
                    return true;
                }));
    }
}
