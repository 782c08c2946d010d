package io.evenstock.http;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Readiness;

/** At the server's own {@code /health}, where it has one: the database answers. */
@Readiness
@ApplicationScoped
public class ReadinessCheck implements HealthCheck {
    @Inject
    HealthResource health;

    @Override
    public HealthCheckResponse call() {
        return HealthCheckResponse.builder()
                .name("evenstock-database")
                .status(health.databaseAnswers())
                .build();
    }
}
