package io.evenstock.console;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaCodeUnit;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Whatever a page lets somebody do asks for his role itself, by {@link Me#require}: that a button is not shown keeps nobody
 * from its deed. Browsers cannot tell, for the servers take no click of what is not shown.
 */
class GuardsTest {
    private static final Path PAGES = Path.of("main", "webapp");
    private static final Pattern ACTION = Pattern.compile("(?:action|listener)=\"#\\{(\\w+)\\.(\\w+)(?:\\(\\))?}\"");
    /** Open to whoever is there. */
    private static final Set<String> FREE = Set.of("login.login", "me.logout", "request.contextPath");

    private final JavaClasses console = new ClassFileImporter().importPackages("io.evenstock.console");

    @Test
    void eachDeedAsksForTheRole() throws IOException {
        Set<String> deeds = deeds();
        assertTrue(deeds.size() >= 18, deeds::toString);
        Set<String> open = deeds.stream().filter(deed -> !guarded(deed)).collect(Collectors.toCollection(TreeSet::new));
        assertEquals(Set.of(), open);
    }

    /** A page that only admins may see says so before it looks anything up. */
    @Test
    void pagesForAdminsAskForTheRole() {
        for (String page : List.of("KeysPage", "UsersPage")) {
            assertTrue(asks(page(page).getMethod("look"), new HashSet<>()), page);
        }
    }

    @Test
    void whatAsksForNoRoleIsSeen() {
        assertFalse(guarded("runPage.getFacilities"));
    }

    private static Set<String> deeds() throws IOException {
        try (Stream<Path> files = Files.walk(PAGES)) {
            Set<String> deeds = new TreeSet<>();
            for (Path page :
                    files.filter(file -> file.toString().endsWith(".xhtml")).toList()) {
                ACTION.matcher(Files.readString(page))
                        .results()
                        .map(action -> action.group(1) + "." + action.group(2))
                        .filter(action -> !FREE.contains(action))
                        .forEach(deeds::add);
            }
            return deeds;
        }
    }

    private boolean guarded(String deed) {
        String bean = deed.substring(0, deed.indexOf('.'));
        JavaClass page = page(Character.toUpperCase(bean.charAt(0)) + bean.substring(1));
        return asks(page.getMethod(deed.substring(deed.indexOf('.') + 1)), new HashSet<>());
    }

    private JavaClass page(String name) {
        return console.get("io.evenstock.console." + name);
    }

    /** Itself, or by another method of its page. */
    private static boolean asks(JavaCodeUnit method, Set<JavaCodeUnit> seen) {
        if (!seen.add(method)) {
            return false;
        }
        boolean itself = method.getMethodCallsFromSelf().stream()
                .anyMatch(call -> call.getTargetOwner().isEquivalentTo(Me.class)
                        && call.getName().equals("require"));
        return itself
                || method.getMethodCallsFromSelf().stream()
                        .filter(call -> call.getTargetOwner().equals(method.getOwner()))
                        .flatMap(call -> call.getTarget().resolveMember().stream())
                        .anyMatch(next -> asks(next, seen));
    }
}
