package io.evenstock.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** A problem's type is the address of its page: each type in the code has one, and each page its type. */
class ProblemPagesTest {
    private static final Path SOURCES = Path.of("main/java");
    private static final Path PAGES = Path.of("../docs/problems");
    private static final Pattern PROBLEM = Pattern.compile("new Problem\\(\\s*[^,]+,\\s*\"([a-z0-9-]+)\"");
    private static final Pattern OF_THE_SERVER = Pattern.compile("http-(404|405|406|415)");

    @Test
    void everyTypeHasAPageAndEveryPageAType() throws IOException {
        Set<String> types = types();
        Set<String> pages = pages();
        assertTrue(types.size() >= 10, types::toString);
        assertEquals(Set.of(), without(types, pages), "types without a page");
        Set<String> idle = without(pages, types);
        idle.removeIf(page -> OF_THE_SERVER.matcher(page).matches());
        assertEquals(Set.of(), idle, "pages without a type");
    }

    @Test
    void aPageNamesItsTypeAndSaysWhatToDo() throws IOException {
        for (String page : pages()) {
            String text = Files.readString(PAGES.resolve(page + ".md"));
            assertTrue(text.startsWith("# "), page);
            assertTrue(text.contains("`/problems/" + page + "`, HTTP "), page);
            assertTrue(text.contains("## What to do"), page);
        }
    }

    private static Set<String> types() throws IOException {
        Set<String> types = new TreeSet<>();
        try (Stream<Path> sources = Files.walk(SOURCES)) {
            for (Path source :
                    sources.filter(file -> file.toString().endsWith(".java")).toList()) {
                Matcher problem = PROBLEM.matcher(Files.readString(source));
                while (problem.find()) {
                    types.add(problem.group(1));
                }
            }
        }
        return types;
    }

    private static Set<String> pages() throws IOException {
        try (Stream<Path> pages = Files.list(PAGES)) {
            return pages.map(page -> page.getFileName().toString().replace(".md", ""))
                    .collect(Collectors.toCollection(TreeSet::new));
        }
    }

    private static Set<String> without(Set<String> all, Set<String> others) {
        Set<String> rest = new TreeSet<>(all);
        rest.removeAll(others);
        return rest;
    }
}
