package io.evenstock.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * {@link AttackIT}'s catalogue, run against every page of the console, whoever looks at it: in each parameter that one reads, in
 * each field of each form, and in the login; and forms that are none of the session's own. Without a browser, which would not
 * send most of it; what a browser makes of the pages is ConsoleIT's.
 */
@ExtendWith(Evenstock.class)
class ConsoleAttackIT {
    private static final List<String> ROLES = List.of("viewer", "operator", "admin");
    private static final Set<String> FOR_ADMINS = Set.of("keys", "users");
    private static final String LOGIN = "login";

    /** Of all texts, for roles that see no more than an admin does. */
    private static final int SAMPLE = 4;

    /** A run is decided on where the nights are plausible or not, see ConsoleIT. */
    private static final Set<String> NOT_SHOWN = Set.of("run decision");

    private static final List<String> HOSTILE = Stream.concat(
                    AttackIT.HOSTILE.stream(),
                    Stream.of(
                            "\"><img src=x onerror=alert(1)>",
                            "x\" onfocus=\"alert(1)\" y=\"",
                            "</script><script>alert(1)</script>",
                            "#{1234567*7}${1234567*7}"))
            .toList();

    /** What a page holds if one of the texts is more than text. */
    private static final Pattern MORE_THAN_TEXT =
            Pattern.compile("<script>alert\\(1\\)|<img src=x|<[a-z][^<>]*\\sonfocus=\"alert|8641969");

    /** Names in each page; a stack trace of Faces would have more of them. */
    private static final Pattern OF_FACES = Pattern.compile("jakarta\\.faces\\.(ViewState|resource)");

    private static final Map<String, Person> PEOPLE = new LinkedHashMap<>();

    private static List<ConsolePage> pages = List.of();

    /** What leads to something, by page. */
    private final Map<String, Map<String, String>> good = new LinkedHashMap<>();

    private Shop shop;
    private int runId;
    private int webhook;
    private final List<String> faults = new ArrayList<>();

    @BeforeAll
    static void letIn(Evenstock.Running evenstock) throws IOException {
        pages = ConsolePage.all();
        assertTrue(pages.size() >= 14, pages::toString);
        for (String role : ROLES) {
            PEOPLE.put(role, Person.made(evenstock.raw(), "attacked-" + role, role));
        }
    }

    /** Another test takes its admin for the last one. */
    @AfterAll
    static void letOut(Evenstock.Running evenstock) throws SQLException {
        try (Connection connection = evenstock.connect();
                Statement statement = connection.createStatement()) {
            statement.execute(
                    "update console_user set disabled_at = clock_timestamp() where role = 'admin' and name <> '"
                            + ConsoleIT.ADMIN + "'");
        }
    }

    @BeforeEach
    void look(Evenstock.Running evenstock) throws IOException {
        shop = evenstock.newShop();
        shop.knowFacilities("101");
        shop.knowProducts(1);
        shop.upload(shop.row("101", 1, "7"));
        shop.run("list", "filter", "reset", "variance");
        shop.ship("S", "101", 1, 2, shop.at("10:00"));
        shop.move("101", 2, -1, "of nobody's product", shop.at("10:00"));
        shop.move("777", 1, -1, "at nobody's store", shop.at("10:00"));
        runId = shop.step("reset").getInt("runId");
        webhook = shop.succeed("POST", "/api/webhooks", "{\"url\":\"http://localhost:9/\",\"after\":\"now\"}")
                .asJsonObject()
                .getInt("id");
        String facility = shop.facility("101");
        good.put("product", Map.of("id", shop.productId(1), "facility", facility));
        good.put("drift", Map.of("date", shop.date().toString(), "facility", facility));
        good.put("variance", Map.of("facility", facility));
        good.put("run", Map.of("id", Integer.toString(runId)));
        good.put("rejects", Map.of("run", Integer.toString(runId)));
        good.put("downstream", Map.of("id", Integer.toString(webhook)));
    }

    @AfterEach
    void leave(Evenstock.Running evenstock) throws IOException {
        evenstock.raw().delete("/api/webhooks/" + webhook);
        for (String step : List.of("list", "filter", "reset", "variance")) {
            evenstock.raw().call("POST", "/api/timers/" + step + "/resume", (String) null);
        }
    }

    @AfterEach
    void nothingHasHappened(Evenstock.Running evenstock) throws IOException {
        assertTrue(faults.isEmpty(), () -> String.join("\n", faults));
        assertEquals(200, evenstock.raw().get("/api/health/ready").statusCode());
        assertFalse(
                Files.readAllLines(evenstock.log()).stream().anyMatch(line -> line.startsWith(AttackIT.MARK)),
                "no line of the log is begun from outside");
    }

    @Test
    void eachPageAsksWhoIsThere(Evenstock.Running evenstock) throws IOException {
        for (ConsolePage page : pages) {
            HttpResponse<String> answer = Person.stranger(evenstock.raw()).go(address(page.name(), Map.of()));
            if (Person.leadsToLogin(answer) == page.name().equals(LOGIN)) {
                faults.add(page.name() + " to nobody: " + answer.statusCode());
            }
            for (String role : ROLES) {
                shown(page, role, Map.of());
                shown(page, role, good(page));
            }
        }
    }

    @Test
    void noTextInAnAddressIsMoreThanText() throws IOException {
        int asked = 0;
        for (String role : ROLES) {
            for (ConsolePage page : pages) {
                for (String parameter : page.parameters()) {
                    for (String text : texts(role, page.name() + " " + parameter)) {
                        String hostile = text.substring(0, Math.min(text.length(), AttackIT.MOST_IN_AN_ADDRESS));
                        shown(page, role, Map.of(parameter, hostile));
                        asked++;
                        if (!Set.of(parameter).containsAll(good(page).keySet())) {
                            Map<String, String> besides = new LinkedHashMap<>(good(page));
                            besides.put(parameter, hostile);
                            shown(page, role, besides);
                        }
                    }
                }
            }
        }
        assertTrue(asked > 25 * HOSTILE.size(), "each parameter of each page");
    }

    /** As they stand in the page, sent back with what only the page can know. */
    @Test
    void noTextInAFormIsMoreThanText() throws IOException {
        Person admin = person("admin");
        Set<String> typed = new TreeSet<>();
        for (ConsolePage page : pages) {
            String address = address(page.name(), good(page));
            for (String text : HOSTILE) {
                for (ConsoleForm form : ours(page, admin.forms(address))) {
                    for (String field : form.texts()) {
                        ConsoleForm typedInto = filled(form).typed(field, text);
                        harmless(
                                page.name() + " " + form.id() + " " + field,
                                text,
                                admin.send(typedInto, form.buttons().get(0)));
                        typed.add(page.name() + " " + form.kind());
                    }
                }
            }
        }
        assertTrue(
                typed.containsAll(Set.of("keys make", "users make", "timers pause", "run undoing")), typed::toString);
        for (ConsolePage page : pages) {
            harmless(page.name(), "after all", admin.go(address(page.name(), good(page))));
        }
    }

    /** One form of each kind but for the login's; of what waits in quarantine only what this test has put there. */
    private List<ConsoleForm> ours(ConsolePage page, List<ConsoleForm> forms) {
        Set<String> kinds = new TreeSet<>();
        return forms.stream()
                .filter(form -> !page.name().equals(LOGIN))
                .filter(form -> !page.name().equals("quarantine")
                        || form.fields().containsValue(shop.facility("777"))
                        || form.fields().containsValue(shop.upc(2)))
                .filter(form -> kinds.add(form.kind()))
                .toList();
    }

    /** So that it would do something. A pause has no end unless somebody types one. */
    private static ConsoleForm filled(ConsoleForm form) {
        ConsoleForm filled = form;
        for (String field : form.texts()) {
            filled = field.endsWith(":until") ? filled : filled.typed(field, "forged");
        }
        return filled;
    }

    @Test
    void noTextInTheLoginIsMoreThanText(Evenstock.Running evenstock) throws IOException {
        for (int i = 0; i < HOSTILE.size(); i++) {
            refused(evenstock, i, HOSTILE.get(i), HOSTILE.get((i + 1) % HOSTILE.size()));
        }
        for (String hostile : Proof.chosen("password", HOSTILE, SAMPLE)) {
            refused(evenstock, HOSTILE.indexOf(hostile), person("admin").name(), hostile);
        }
        harmless("audit", "logins", person("admin").go("/console/audit"));
    }

    private void refused(Evenstock.Running evenstock, int number, String name, String password) throws IOException {
        Person somebody = Person.stranger(evenstock.raw());
        HttpResponse<String> answer =
                somebody.tryLogin(name, password, "X-Forwarded-For", "198.51.100." + (number + 100));
        harmless("login as " + beginning(name), password, answer);
        if (somebody.isIn()) {
            faults.add(beginning(name) + " was let in by " + beginning(password));
        }
    }

    /** Whoever is logged in under somebody else's name does his work under it. */
    @Test
    void aLoginThatAnotherSiteSendsIsRefused(Evenstock.Running evenstock) throws IOException {
        Person somebody = Person.stranger(evenstock.raw());
        for (String site : List.of("cross-site", "same-site")) {
            assertEquals(409, login(somebody, site));
            assertFalse(somebody.isIn(), site);
        }
        assertEquals(302, login(somebody, "same-origin"));
        assertTrue(somebody.isIn());
    }

    private static int login(Person somebody, String site) throws IOException {
        return somebody.tryLogin(ConsoleIT.ADMIN, ConsoleIT.PASSWORD, "Sec-Fetch-Site", site)
                .statusCode();
    }

    /** Whether the session's cookie comes with it or not: a page is sent back by the one whom it was shown to. */
    @Test
    void aFormOfNoPageOfThisSessionChangesNothing(Evenstock.Running evenstock) throws IOException {
        Person admin = person("admin");
        String before = state(evenstock);
        Set<String> forged = new TreeSet<>();
        for (ConsolePage page : pages) {
            String address = address(page.name(), good(page));
            for (ConsoleForm form : admin.forms(address)) {
                boolean ours = page.forms().contains(form.kind());
                if (forged.add((ours ? page.name() : "every") + " " + form.kind())) {
                    forge(page, form);
                }
            }
        }
        assertTrue(admin.isIn(), "nobody was logged out");
        assertEquals(before, state(evenstock));
        assertEquals(shown(), forged);
    }

    /** All forms that the sources have. */
    private static Set<String> shown() {
        Set<String> all = pages.stream()
                .flatMap(page -> page.forms().stream().map(form -> page.name() + " " + form))
                .filter(form -> !NOT_SHOWN.contains(form))
                .collect(Collectors.toCollection(TreeSet::new));
        all.add("every session");
        return all;
    }

    private void forge(ConsolePage page, ConsoleForm form) throws IOException {
        ConsoleForm filled = filled(form);
        String others = ownState(person("operator"), page);
        for (String button : form.buttons()) {
            for (String state :
                    List.of("", "stateless", "1:1", "-4711:4711", "rO0ABXNyABFqYXZhLnV0aWwuSGFzaE1hcA==", others)) {
                harmless(page.name() + " " + form.id(), state, person("admin").send(filled.withState(state), button));
            }
            if (!form.kind().equals("session") && !form.kind().equals(LOGIN)) {
                String own = ownState(person("viewer"), page);
                harmless(page.name() + " " + form.id(), own, person("viewer").send(filled.withState(own), button));
            }
        }
    }

    /** Of the page as somebody else sees it, or of another one where he may not see it. */
    private String ownState(Person person, ConsolePage page) throws IOException {
        List<ConsoleForm> forms = person.forms(address(page.name(), good(page)));
        return (forms.isEmpty() ? person.forms("/console/tonight") : forms)
                .get(0)
                .state();
    }

    /** That the forms above are refused for what they are, and not for how they are sent. */
    @Test
    void theSameFormOfOnesOwnPageDoesIt(Evenstock.Running evenstock) throws IOException {
        Person admin = person("admin");
        ConsoleForm pause = admin.forms("/console/timers").stream()
                .filter(form -> form.id().equals("pause-variance"))
                .findFirst()
                .orElseThrow();
        assertEquals(
                302,
                admin.send(pause.typed("pause-variance:reason", "Inventur, Größe €"), "pause-variance:pause")
                        .statusCode());
        assertEquals("Inventur, Größe €", evenstock.query("select reason from timer_pause where step = 'variance'"));
    }

    /** All that the attacked could have done. */
    private String state(Evenstock.Running evenstock) {
        return evenstock.query("""
                select concat_ws(' ',
                    (select json_agg((who, action, target) order by audit_id) from audit where who like 'attacked-%%' and action <> 'login'),
                    (select md5(string_agg(concat(name, role, password, disabled_at), '|' order by name)) from console_user),
                    (select json_agg((step, reason) order by step) from timer_pause),
                    (select count(*) from api_key where revoked_at is null),
                    (select state from snapshot_run where run_id = %d),
                    (select state from webhook where webhook_id = %d))
                """.formatted(runId, webhook));
    }

    /** All for an admin; else a few, and others in each run. */
    private static List<String> texts(String role, String where) {
        return role.equals("admin") ? HOSTILE : Proof.chosen(role + " " + where, HOSTILE, SAMPLE);
    }

    private static Person person(String role) {
        return Objects.requireNonNull(PEOPLE.get(role));
    }

    private Map<String, String> good(ConsolePage page) {
        return good.getOrDefault(page.name(), Map.of());
    }

    private static String address(String page, Map<String, String> parameters) {
        return "/console/" + page
                + parameters.entrySet().stream()
                        .map(each -> each.getKey() + "=" + ConsoleForm.encoded(each.getValue()))
                        .collect(Collectors.joining("&", parameters.isEmpty() ? "" : "?", ""));
    }

    private void shown(ConsolePage page, String role, Map<String, String> parameters) throws IOException {
        String address = address(page.name(), parameters);
        HttpResponse<String> answer = person(role).go(address);
        boolean forbidden = FOR_ADMINS.contains(page.name()) && !role.equals("admin");
        // What leads nowhere, or is no text at all, may be refused before anybody asks for the role.
        if (forbidden ? answer.statusCode() / 100 != 4 : answer.statusCode() == 403) {
            faults.add(address + " to " + role + ": " + answer.statusCode());
        }
        harmless(role, beginning(address), answer);
    }

    private void harmless(String where, String hostile, HttpResponse<String> answer) {
        String body = OF_FACES.matcher(answer.body()).replaceAll("");
        boolean good = answer.statusCode() < 500
                && !AttackIT.INSIDE.matcher(body).find()
                && !MORE_THAN_TEXT.matcher(body).find()
                && answer.headers().map().keySet().stream().noneMatch(name -> name.contains(AttackIT.MARK));
        if (!good) {
            faults.add(where + " with " + beginning(hostile) + ": " + answer.statusCode() + " " + beginning(body));
        }
    }

    private static String beginning(String text) {
        return text.substring(0, Math.min(300, text.length()));
    }
}
