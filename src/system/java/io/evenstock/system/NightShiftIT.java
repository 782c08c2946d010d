package io.evenstock.system;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.microsoft.playwright.APIResponse;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Response;
import com.microsoft.playwright.Route;
import io.evenstock.lab.EvenstockServer;
import io.evenstock.lab.Product;
import io.evenstock.lab.ResetInventoryGenerator;
import io.evenstock.lab.Store;
import java.io.IOException;
import java.io.OutputStream;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * The console of a node with a database of its own: how people get in and how long they stay, with a real provider of OpenID
 * Connect; what they see of a night while it runs; and that nothing is done that cannot be written down.
 */
@ExtendWith(Evenstock.class)
class NightShiftIT {
    /** 300 MB: so long that the page is told several times. */
    private static final int ROWS = 3_500_000;

    private static final int ACTIVE = 34;

    /** A minute: one more after twenty seconds. */
    private static final int WRONG_PASSWORDS = 3;

    /** Keeps each text that stands under the bar, and the document, which a reload would replace. */
    private static final String WATCH = """
            () => {
              window.told = [];
              new MutationObserver(() => {
                const text = document.querySelector('.step progress')?.nextElementSibling?.textContent;
                if (text && text !== window.told.at(-1)) {
                  window.told.push(text);
                }
              }).observe(document.body, { subtree: true, childList: true, characterData: true });
            }
            """;

    /** Whatever this user does is not written down. */
    private static final String UNRECORDED = "ulf";

    private static final Pattern TOLD =
            Pattern.compile("[0-9]+ % · (?<rows>[0-9,]+) rows · [0-9,]+ rows/s( · done about [0-9:]+)?");

    private static final AtomicInteger REFUSED = new AtomicInteger();

    private static IdentityProvider provider;
    private static OwnSite site;
    private static EvenstockServer node;
    private static Browser browser;

    @BeforeAll
    static void open(Evenstock.Running evenstock) throws IOException {
        provider = new IdentityProvider();
        site = OwnSite.open(evenstock, "shift");
        Map<String, String> settings = new HashMap<>(provider.settings());
        settings.putAll(Evenstock.Running.LONG_SESSIONS);
        settings.put("EVENSTOCK_RATE_LIMIT_WRONG_PASSWORDS", Integer.toString(WRONG_PASSWORDS));
        node = site.launch("shift", settings).awaitReady(EvenstockServer.BOOT_LIMIT);
        browser = Browser.open(node.baseAddress());
    }

    @AfterAll
    static void close() throws IOException {
        if (browser != null) {
            browser.close();
        }
        node.close();
        site.close();
        provider.close();
    }

    @Test
    void whoTheProviderKnowsLandsInTheRoleThatTheGroupsMake() {
        try (Browser.Visit visit = browser.visit()) {
            Page page = visit.go("/console/audit");
            visit.inspect("login-openid");
            String before = visit.session();
            openId(visit, "4711", claims("olga.corp", "lunch", "stock-operators"));
            assertThat(page).hasTitle("Audit – Evenstock");
            assertFalse(before.equals(visit.session()));
            assertThat(page.locator(".who")).hasText("olga.corp operator");
            assertThat(row(page, "login", "olga.corp")).containsText("/corp 4711");
            assertThat(row(page, "user made", "olga.corp")).containsText("operator");
            visit.go("/console/timers");
            assertThat(page.getByText("Pause list")).isVisible();
            assertEquals(
                    403,
                    Objects.requireNonNull(page.navigate(address("/console/users")))
                            .status());
            visit.assertNoComplaintBut("403");
        }
        try (Browser.Visit visit = browser.visit()) {
            Page page = visit.go("/console");
            openId(visit, "4711", claims("another.name", "stock-viewers", "stock-admins"));
            assertThat(page.locator(".who")).hasText("olga.corp admin");
            visit.go("/console/audit");
            assertThat(row(page, "user's role changed", "olga.corp")).containsText("admin");
            assertThat(page.getByText("another.name")).hasCount(0);
            visit.go("/console/users");
            Locator user = page.locator("tbody tr", new Page.LocatorOptions().setHasText("olga.corp"));
            assertThat(user).containsText("OpenID Connect");
            user.getByText("Change …").click();
            visit.inspect("users-openid");
            user.getByText("Disable").click();
            assertThat(page).hasTitle("Log in – Evenstock");
            visit.assertQuiet();
        }
        assertRefused("4711", claims("olga.corp", "stock-operators"), 403, "may not log in any more");
    }

    @Test
    void whoHasNoRoleOrAnotherPersonsNameIsToldSo() throws SQLException {
        assertRefused("1", claims("lena.corp", "lunch"), 403, "none of your groups may use Evenstock");
        assertRefused(
                "2", claims(ConsoleIT.ADMIN, "stock-admins"), 403, "Here the name anna is somebody else's already");
        assertRefused("3", claims("<b>x</b>", "stock-admins"), 403, "a name that no user can have here");
        assertEquals("2", query("""
                        select count(distinct detail) from audit
                        where action = 'login refused' and who ~ '/corp [12]$'
                        """));
        assertEquals("0", query("select count(*) from console_user where subject ~ '/corp [123]$'"));
    }

    @Test
    void whatIsForgedIsNotBelieved() {
        String groups = claims("mallory", "stock-admins").replace("}}", "},");
        assertRefused("4", groups + "\"nonce\":\"forged\"}", 403, "cannot be believed");
        assertRefused("4", groups + "\"aud\":\"another-client\"}", 403, "cannot be believed");
        assertRefused("4", groups + "\"iss\":\"https://evil.example.org\"}", 403, "cannot be believed");
        assertRefused("4", groups + "\"exp\":1}", 403, "cannot be believed");
        provider.signingWithAnotherKey(
                () -> assertRefused("4", claims("mallory", "stock-admins"), 403, "cannot be believed"));
    }

    @Test
    void anAnswerThatSomebodyElseHasAskedForLetsNobodyIn() {
        AtomicReference<String> answer = new AtomicReference<>("");
        try (Browser.Visit attacker = fromElsewhere()) {
            attacker.page().route("**/authorize*", route -> {
                if (route.request().method().equals("POST")) {
                    APIResponse redirect = route.fetch(new Route.FetchOptions().setMaxRedirects(0));
                    answer.set(redirect.headers().get("location"));
                    route.abort();
                } else {
                    route.resume();
                }
            });
            attacker.go("/console");
            openId(attacker, "5", claims("mallory", "stock-admins"));
            attacker.page().waitForCondition(() -> String.valueOf(answer.get()).contains("code="));
        }
        try (Browser.Visit victim = fromElsewhere()) {
            victim.go("/console");
            IdentityProvider.keepOffline(victim.page());
            victim.page().getByText("Log in with " + IdentityProvider.TITLE).click();
            victim.page().waitForURL("**/authorize*");
            Response refused = Objects.requireNonNull(victim.page().navigate(answer.get()));
            assertEquals(403, refused.status());
            assertThat(victim.page().getByText("Log in once more")).isVisible();
            victim.go("/console/tonight");
            assertThat(victim.page()).hasTitle("Log in – Evenstock");
        }
    }

    @Test
    void whereNoProviderIsNamedThereIsNone(Evenstock.Running evenstock) throws IOException, InterruptedException {
        HttpResponse<String> login = evenstock.raw("GET", "/console/login", null, Map.of());
        assertEquals(200, login.statusCode());
        assertFalse(login.body().contains("openid"), login::body);
        assertEquals(
                404, evenstock.raw("GET", "/console/openid", null, Map.of()).statusCode());
    }

    @Test
    void tooManyWrongPasswordsOfAnAddressMakeThatAddressWait() {
        try (Browser.Visit visit = browser.visit(Map.of("X-Forwarded-For", "203.0.113.9"))) {
            Page page = visit.page();
            for (int tries = 0; tries <= WRONG_PASSWORDS; tries++) {
                visit.login(ConsoleIT.ADMIN, "wrong-horse-" + tries);
                assertThat(page.locator("[role=alert] li")).isVisible();
            }
            assertThat(page.getByText("Too many wrong passwords came from your address"))
                    .isVisible();
            // The right one is not even looked at.
            visit.login(ConsoleIT.ADMIN, ConsoleIT.PASSWORD);
            assertThat(page.getByText("Too many wrong passwords came from your address"))
                    .isVisible();
            visit.inspect("login-throttled");
            visit.assertQuiet();
        }
        try (Browser.Visit visit = browser.visit(Map.of("X-Forwarded-For", "203.0.113.10"))) {
            visit.login(ConsoleIT.ADMIN, ConsoleIT.PASSWORD);
            assertThat(visit.page()).hasTitle("Tonight – Evenstock");
        }
    }

    @Test
    void aSessionEndsWhenItIsNotUsedAndAfterAWhileHoweverMuchItIs(Evenstock.Running evenstock) {
        String product = evenstock.address().resolve("/console/product").toString();
        try (Browser.Visit used = browser.visit();
                Browser.Visit idle = browser.visit()) {
            used.login(evenstock.address(), ConsoleIT.ADMIN, ConsoleIT.PASSWORD);
            assertThat(used.page()).hasTitle("Tonight – Evenstock");
            idle.login(evenstock.address(), ConsoleIT.ADMIN, ConsoleIT.PASSWORD);
            assertThat(idle.page()).hasTitle("Tonight – Evenstock");
            used.page().navigate(product);
            // The page that is open looks for changes all the time: that is no use.
            await().atMost(Duration.ofSeconds(30)).until(() -> {
                used.page().navigate(product);
                return idle.page().title().equals("Log in – Evenstock");
            });
            assertThat(used.page()).hasTitle("Products – Evenstock");
            await().atMost(Duration.ofSeconds(30)).until(() -> {
                used.page().navigate(product);
                return used.page().title().equals("Log in – Evenstock");
            });
        }
    }

    @Test
    void aRealFilterIsFollowedWithoutLoadingThePageAgain(Evenstock.Running evenstock) throws IOException {
        ResetInventoryGenerator file = new ResetInventoryGenerator(ROWS, 7, ACTIVE);
        try (Browser.Visit visit = browser.visit();
                Browser.Visit other = browser.visit()) {
            Page page = visit.login(ConsoleIT.ADMIN, ConsoleIT.PASSWORD).page();
            assertThat(page).hasTitle("Tonight – Evenstock");
            Shop shop = site.shop(evenstock.apiOf(node), LocalDate.parse(ConsoleIT.currentDate(page)));
            sellOnline(shop, file);
            other.login(ConsoleIT.ADMIN, ConsoleIT.PASSWORD);
            runNow(other, "list");
            assertThat(page.locator(".step").first()).containsText("done");
            upload(shop, file);
            page.evaluate(WATCH);
            runNow(other, "filter");
            Locator filter = page.locator(".step").nth(1);
            assertThat(filter.locator("progress")).isVisible();
            visit.picture("tonight-running");
            assertThat(filter).containsText(String.format(Locale.ROOT, "%,d rows, %,d kept", ROWS, kept(file)));
            assertFollowed(page);
            assertThat(row(other.go("/console/audit"), "step run now", "filter of " + shop.date()))
                    .containsText(ConsoleIT.ADMIN);
            visit.inspect("tonight-filtered");
            visit.assertQuiet();
        }
    }

    private static void sellOnline(Shop shop, ResetInventoryGenerator file) throws IOException {
        for (int number : file.activeProducts()) {
            Product product = file.product(number);
            shop.succeed(
                    "PUT", "/api/products", """
                    [{"productId":"%s","name":"%s","active":true,"identifications":[{"idType":"UPCA","idValue":"%s"}]}]
                    """.formatted(product.productId(), product.productId(), product.upc()));
        }
    }

    private static long kept(ResetInventoryGenerator file) {
        return Arrays.stream(file.activeProducts())
                .mapToLong(product -> IntStream.range(0, Store.ALL.size())
                        .filter(store -> file.contains(product, store))
                        .count())
                .sum();
    }

    private static void upload(Shop shop, ResetInventoryGenerator file) throws IOException {
        Path part = shop.inbox().resolve("uploading");
        try (OutputStream out = Files.newOutputStream(part)) {
            file.writeTo(out, shop.asOf().atOffset(ZoneOffset.UTC));
        }
        Files.move(part, shop.inbox().resolve(shop.resetFileName()), StandardCopyOption.ATOMIC_MOVE);
    }

    private static void runNow(Browser.Visit visit, String step) {
        Page page = visit.go("/console/timers");
        page.locator("[id='act-" + step + ":run']").click();
        assertThat(page.getByText("The " + step + " of")).isVisible();
    }

    /** The same document has shown ever more rows, how fast, and until when. */
    private static void assertFollowed(Page page) {
        List<?> told = (List<?>) page.evaluate("window.told");
        assertTrue(told.size() > 1, told::toString);
        long before = -1;
        for (Object each : told) {
            Matcher rows = TOLD.matcher(String.valueOf(each).strip());
            assertTrue(rows.matches(), told::toString);
            long now = Long.parseLong(rows.group("rows").replace(",", ""));
            assertTrue(now >= before && now <= ROWS, told::toString);
            before = now;
        }
        assertTrue(String.valueOf(told.get(told.size() - 1)).contains("done about"), told::toString);
        Proof.say(told.size() + " times told how far the filter of " + ROWS + " rows was, at last: "
                + told.get(told.size() - 1));
    }

    @Test
    void whatCannotBeWrittenDownIsNotDone(Evenstock.Running evenstock) throws Exception {
        RawClient admin = new RawClient(node.baseAddress(), evenstock.key());
        RawClient unrecorded = new RawClient(
                node.baseAddress(), admin.make(UNRECORDED, "admin", "").key());
        int webhook = Shop.json(
                        admin.call("POST", "/api/webhooks", "{\"url\":\"http://localhost:9/\",\"after\":\"now\"}")
                                .body())
                .asJsonObject()
                .getInt("id");
        admin.call("PUT", "/api/facilities", "[{\"facilityId\":\"101-1\",\"name\":\"Store\"}]");
        admin.call("PUT", "/api/channels", "[{\"name\":\"web\",\"facilities\":[\"101-1\"]}]");
        int user = Shop.json(admin.call("POST", "/api/users", "{\"name\":\"one\",\"role\":\"viewer\"}")
                        .body())
                .asJsonObject()
                .getInt("userId");
        admin.call("POST", "/api/timers/variance/pause", "{\"reason\":\"because\"}");
        failToRecord();
        String before = state();
        for (String[] deed : new String[][] {
            {"POST", "/api/keys", "{\"name\":\"one-more\",\"role\":\"operator\"}"},
            {"DELETE", "/api/keys/1", null},
            {"POST", "/api/users", "{\"name\":\"one-more\",\"role\":\"viewer\"}"},
            {"POST", "/api/users/" + user + "/role", "{\"role\":\"operator\"}"},
            {"POST", "/api/users/" + user + "/password", null},
            {"POST", "/api/users/" + user + "/disable", null},
            {"POST", "/api/timers/reset/pause", "{\"reason\":\"because\"}"},
            {"POST", "/api/timers/variance/resume", null},
            {"POST", "/api/cycles/2026-01-05/list", null},
            {"POST", "/api/webhooks", "{\"url\":\"http://localhost:9/more\",\"after\":\"now\"}"},
            {"POST", "/api/webhooks/" + webhook + "/pause", null},
            {"POST", "/api/webhooks/" + webhook + "/replay", null},
            {"POST", "/api/webhooks/" + webhook + "/rotation", null},
            {"DELETE", "/api/webhooks/" + webhook, null},
            {"PUT", "/api/channels", "[{\"name\":\"more\",\"facilities\":[\"101-1\"]}]"},
            {"DELETE", "/api/channels/web", null}
        }) {
            HttpResponse<String> answer = unrecorded.call(deed[0], deed[1], deed[2]);
            assertEquals(5, answer.statusCode() / 100, () -> deed[0] + " " + deed[1] + ": " + answer.body());
            assertEquals(before, state(), () -> deed[0] + " " + deed[1]);
        }
        List<String> told = node.allLines().stream()
                .filter(line -> line.contains("audit who="))
                .toList();
        assertTrue(told.stream().anyMatch(line -> line.contains("\"timer paused\"")), told::toString);
        assertEquals(
                List.of(),
                told.stream()
                        .filter(line -> line.contains("audit who=" + UNRECORDED))
                        .toList());
    }

    /** Lines of the audit trail that tell of the one whom nobody sees cannot be kept: that shows at the commit only. */
    private static void failToRecord() throws SQLException {
        try (Connection connection = site.database().connect();
                Statement statement = connection.createStatement()) {
            statement.execute("""
                    create function refuse() returns trigger language plpgsql as
                    'begin raise exception ''this line is refused''; end'
                    """);
            statement.execute("""
                    create constraint trigger refuse after insert on audit deferrable initially deferred
                    for each row when (new.who like '%s%%') execute function refuse()
                    """.formatted(UNRECORDED));
        }
    }

    /** All that steering changes. */
    private static String state() throws SQLException {
        return query("""
                select (select json_agg((key_id, revoked_at) order by key_id) from api_key)
                    || (select json_agg((name, role, password, disabled_at) order by name) from console_user)::text
                    || (select coalesce(json_agg(step), '[]') from timer_pause)::text
                    || (select count(*) from cycle_step where business_date = '2026-01-05' and state <> 'PLANNED')
                    || (select json_agg((webhook_id, state, secret, urgent, bulk) order by webhook_id) from webhook)::text
                    || (select json_agg(name) from channel)::text
                """);
    }

    private static String query(String query) throws SQLException {
        try (Connection connection = site.database().connect();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(query)) {
            row.next();
            return row.getString(1);
        }
    }

    /** Each from an address of its own, so that none is kept out because of the others. */
    private static Browser.Visit fromElsewhere() {
        return browser.visit(Map.of("X-Forwarded-For", "198.51.100." + REFUSED.incrementAndGet()));
    }

    private static void assertRefused(String subject, String claims, int status, String words) {
        try (Browser.Visit visit = fromElsewhere()) {
            AtomicReference<Integer> answered = new AtomicReference<>(0);
            visit.page().onResponse(response -> {
                if (response.url().contains("/console/openid?")) {
                    answered.set(response.status());
                }
            });
            visit.go("/console");
            openId(visit, subject, claims);
            assertThat(visit.page().getByText(words)).isVisible();
            assertEquals(status, answered.get());
            if (words.startsWith("Here the name")) {
                visit.inspect("login-refused");
            }
            visit.page().getByText("Go to Tonight").click();
            assertThat(visit.page()).hasTitle("Log in – Evenstock");
        }
    }

    private static void openId(Browser.Visit visit, String subject, String claims) {
        IdentityProvider.keepOffline(visit.page());
        visit.page().getByText("Log in with " + IdentityProvider.TITLE).click();
        IdentityProvider.login(visit.page(), subject, claims);
    }

    private static String claims(String name, String... groups) {
        return "{\"preferred_username\":\"%s\",\"realm_access\":{\"roles\":[\"%s\"]}}"
                .formatted(name, String.join("\",\"", groups));
    }

    private static Locator row(Page page, String action, String who) {
        return page.locator("tbody tr")
                .filter(new Locator.FilterOptions().setHasText(action))
                .filter(new Locator.FilterOptions().setHasText(who))
                .first();
    }

    private static String address(String path) {
        return node.baseAddress().resolve(path).toString();
    }
}
