package io.evenstock.docs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Every test that docs/promises.md names is there. */
class PromisesTest {
    private static final Path PROMISES = Path.of("..", "docs", "promises.md");
    private static final Pattern NAMED = Pattern.compile("`(\\w+(?:Test|IT))\\.(\\w+)`");

    @Test
    void everyTestIsThere() throws IOException {
        List<MatchResult> named =
                NAMED.matcher(Files.readString(PROMISES)).results().toList();
        assertTrue(named.size() > 40, () -> "only " + named.size());
        TreeSet<String> missing = new TreeSet<>();
        for (MatchResult test : named) {
            if (!source(test.group(1)).contains("void " + test.group(2) + "(")) {
                missing.add(test.group());
            }
        }
        assertEquals(new TreeSet<>(), missing);
    }

    private static String source(String name) throws IOException {
        for (Path folder : List.of(Path.of("test", "java"), Path.of("system", "java"), Path.of("container", "java"))) {
            try (Stream<Path> files = Files.find(
                    folder,
                    20,
                    (file, attributes) -> file.getFileName().toString().equals(name + ".java"))) {
                List<Path> found = files.toList();
                if (!found.isEmpty()) {
                    return Files.readString(found.get(0));
                }
            }
        }
        return "";
    }
}
