package io.evenstock.docs;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.evenstock.alert.Cause;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Whoever is called at 6 in the morning finds what to do. */
class AlertPagesTest {
    @ParameterizedTest
    @EnumSource(Cause.class)
    void everyCauseHasItsRow(Cause cause) throws IOException {
        String operations = Files.readString(Path.of("..", "docs", "operations.md"));
        assertTrue(operations.contains("`" + cause + "`"), cause::name);
        String calls = Files.readString(Path.of("main", "resources", "META-INF", "openapi.yaml"));
        assertTrue(calls.contains(cause.name()), cause::name);
    }
}
