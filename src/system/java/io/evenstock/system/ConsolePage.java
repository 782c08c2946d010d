package io.evenstock.system;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A page of the console as an attacker has it, by its sources: a new page, and all that one reads, is attacked as soon as it
 * stands there.
 *
 * @param name below {@code /console/}
 * @param parameters what its beans read from its address or a form by name
 * @param forms what the ids of its own forms that are sent by POST begin with
 */
record ConsolePage(String name, Set<String> parameters, Set<String> forms) {
    private static final Path PAGES = Path.of("main", "webapp", "console");
    private static final Path BEANS = Path.of("main", "java", "io", "evenstock", "console");
    private static final String PAGE = ".xhtml";
    private static final Pattern FORM = Pattern.compile("<h:form id=\"([a-z]+)");
    private static final Pattern READ =
            Pattern.compile("\\basked\\.(?:(?<page>page)\\(|\\w+\\(\"(?<name>\\w+)\"\\)|\\w+\\()");
    private static final Pattern SERVLET = Pattern.compile("urlPatterns = \"/console/(\\w+)\"");

    private static final Pattern BY_ITSELF = Pattern.compile("getParameter(Values)?\\(");

    /** They read by themselves: for all pages, NightShiftIT's, and where a form comes from. */
    private static final Set<String> READERS = Set.of("Asked", "OpenIdLogin", "ConsoleFilter");

    /** All pages, and what else is told by an address. @throws IllegalStateException naming a source that is not understood */
    static List<ConsolePage> all() throws IOException {
        List<ConsolePage> all = new ArrayList<>();
        for (Path file : files(PAGES, PAGE)) {
            String page = Files.readString(file);
            Set<String> parameters = new TreeSet<>();
            for (Path bean : files(BEANS, ".java")) {
                if (page.contains("{" + beanName(bean) + ".") || page.contains(" " + beanName(bean) + ".")) {
                    parameters.addAll(parameters(bean));
                }
            }
            all.add(new ConsolePage(name(file), parameters, forms(page)));
        }
        for (Path servlet : files(BEANS, ".java")) {
            Matcher address = SERVLET.matcher(Files.readString(servlet));
            if (address.find() && !parameters(servlet).isEmpty()) {
                all.add(new ConsolePage(address.group(1), parameters(servlet), Set.of()));
            }
        }
        requireAll(all);
        return all;
    }

    private static List<Path> files(Path folder, String end) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> file.toString().endsWith(end)).sorted().toList();
        }
    }

    private static String name(Path file) {
        String name = file.getFileName().toString();
        return name.substring(0, name.indexOf('.'));
    }

    private static String beanName(Path bean) {
        String name = name(bean);
        return name.substring(0, 1).toLowerCase(Locale.ROOT) + name.substring(1);
    }

    private static Set<String> forms(String page) {
        return FORM.matcher(page).results().map(form -> form.group(1)).collect(Collectors.toCollection(TreeSet::new));
    }

    private static Set<String> parameters(Path source) throws IOException {
        String text = Files.readString(source);
        if (BY_ITSELF.matcher(text).find() && !READERS.contains(name(source))) {
            throw new IllegalStateException(source + " does not read by Asked");
        }
        Set<String> parameters = new TreeSet<>();
        if (text.contains("Asked asked;")) {
            Matcher read = READ.matcher(text);
            while (read.find()) {
                if (read.group("page") == null && read.group("name") == null) {
                    throw new IllegalStateException(source + " does not read by name: " + read.group());
                }
                parameters.add(read.group("page") == null ? read.group("name") : "page");
            }
        }
        return parameters;
    }

    private static void requireAll(List<ConsolePage> pages) throws IOException {
        Set<String> known =
                pages.stream().flatMap(page -> page.parameters.stream()).collect(Collectors.toSet());
        for (Path bean : files(BEANS, ".java")) {
            if (!known.containsAll(parameters(bean))) {
                throw new IllegalStateException(bean + " reads what no page does");
            }
        }
    }
}
