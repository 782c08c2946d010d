package io.evenstock.docs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Disabled;
import org.junit.jupiter.api.Test;
import org.junit.platform.commons.annotation.Testable;
import org.junit.platform.commons.support.AnnotationSupport;

/** Every test that docs/promises.md names is there, is a test, and runs. */
class PromisesTest {
    private static final Path PROMISES = Path.of("..", "docs", "promises.md");
    private static final Pattern NAMED = Pattern.compile("`(\\w+(?:Test|IT))\\.(\\w+)`");

    @Test
    void everyTestIsThere() throws Exception {
        List<MatchResult> named =
                NAMED.matcher(Files.readString(PROMISES)).results().toList();
        assertTrue(named.size() > 40, () -> "only " + named.size());
        TreeSet<String> missing = new TreeSet<>();
        for (MatchResult test : named) {
            if (!isTest(test.group(1), test.group(2))) {
                missing.add(test.group());
            }
        }
        assertEquals(new TreeSet<>(), missing);
    }

    @Test
    void whatHelpsATestIsNone() throws Exception {
        assertTrue(isTest("PromisesTest", "whatHelpsATestIsNone"));
        assertFalse(isTest("PromisesTest", "isTest"));
        assertFalse(isTest("PromisesTest", "gone"));
        assertFalse(isTest("GoneTest", "gone"));
    }

    private static boolean isTest(String type, String method) throws Exception {
        Optional<String> name = className(type);
        return name.isPresent()
                && Arrays.stream(Class.forName(name.get()).getDeclaredMethods())
                        .filter(each -> each.getName().equals(method))
                        .anyMatch(each -> AnnotationSupport.isAnnotated(each, Testable.class)
                                && !AnnotationSupport.isAnnotated(each, Disabled.class));
    }

    private static Optional<String> className(String type) throws IOException {
        for (String set : List.of("test", "system", "container")) {
            Path root = Path.of(set, "java");
            try (Stream<Path> files = Files.find(
                    root,
                    20,
                    (file, attributes) -> file.getFileName().toString().equals(type + ".java"))) {
                Optional<Path> found = files.findFirst();
                if (found.isPresent()) {
                    String path = root.relativize(found.get()).toString();
                    return Optional.of(path.replace(".java", "").replace('/', '.'));
                }
            }
        }
        return Optional.empty();
    }
}
