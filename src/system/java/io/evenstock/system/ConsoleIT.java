package io.evenstock.system;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.microsoft.playwright.Download;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Response;
import com.microsoft.playwright.options.AriaRole;
import com.microsoft.playwright.options.Cookie;
import com.microsoft.playwright.options.SameSiteAttribute;
import io.evenstock.lab.EvenstockServer;
import io.evenstock.lab.WebhookReceiver;
import jakarta.json.JsonObject;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The console as people see it: a real browser, on a node that holds what looks odd. */
@ExtendWith(Evenstock.class)
class ConsoleIT {
    /** The first user, of all nodes: whoever comes first takes it. */
    static final String ADMIN = "anna";

    static final String PASSWORD = "correct-horse-battery";
    private static final String STORE = "101";
    private static final List<String> PAGES = List.of(
            "tonight",
            "runs",
            "product",
            "variance",
            "drift",
            "timers",
            "downstream",
            "quarantine",
            "keys",
            "users",
            "audit");
    private static final int USUAL_NIGHTS = 3;
    private static final Duration SOON = Duration.ofSeconds(30);

    private static EvenstockServer node;
    private static Browser browser;

    @BeforeAll
    static void open(Evenstock.Running evenstock) throws IOException {
        Map<String, String> settings = new HashMap<>(Evenstock.Running.LONG_SESSIONS);
        settings.put("EVENSTOCK_PLAUSIBILITY_ENABLED", "true");
        node = evenstock.node("console", settings);
        browser = Browser.open(node.baseAddress());
    }

    @AfterAll
    static void close() throws IOException {
        if (browser != null) {
            browser.close();
        }
        node.close();
    }

    @Test
    void nobodySeesAPageWithoutLoggingIn(Evenstock.Running evenstock) throws IOException, InterruptedException {
        for (String page : new String[] {
            "tonight",
            "runs",
            "run?id=1",
            "product",
            "audit",
            "timers",
            "downstream",
            "keys",
            "quarantine",
            "variance",
            "drift",
            "users",
            "rejects?run=1",
            "tonight.xhtml"
        }) {
            HttpResponse<String> answer = page(evenstock, "/console/" + page);
            assertEquals(302, answer.statusCode(), page);
            assertTrue(answer.headers().firstValue("Location").orElse("").endsWith("/console/login"), page);
        }
        assertEquals(401, page(evenstock, "/console/pulse").statusCode());
        try (Browser.Visit visit = browser.visit()) {
            visit.login(ADMIN, "wrong-horse-battery");
            assertThat(visit.page().getByText("Name or password is wrong.")).isVisible();
            visit.inspect("login");
            visit.login("nobody", PASSWORD);
            assertThat(visit.page().getByText("Name or password is wrong.")).isVisible();
            visit.assertQuiet();
        }
    }

    @Test
    void aLoginLeadsToThePageThatWasWanted() {
        try (Browser.Visit visit = browser.visit()) {
            Page page = visit.go("/console/runs?state=APPLIED");
            assertThat(page).hasTitle("Log in – Evenstock");
            page.getByLabel("Name").fill(ADMIN);
            page.getByLabel("Password").fill("wrong-horse-battery");
            page.getByText("Log in", new Page.GetByTextOptions().setExact(true)).click();
            assertThat(page.getByText("Name or password is wrong.")).isVisible();
            page.getByLabel("Password").fill(PASSWORD);
            page.getByText("Log in", new Page.GetByTextOptions().setExact(true)).click();
            assertThat(page).hasTitle("Runs – Evenstock");
            assertTrue(page.url().endsWith("/console/runs?state=APPLIED"), page.url());
            visit.assertQuiet();
        }
    }

    @Test
    void aLoginThatNoPageWasWantedBeforeLeadsToTonight() {
        try (Browser.Visit visit = browser.visit()) {
            Page page = visit.go("/console/login");
            page.getByLabel("Name").fill(ADMIN);
            page.getByLabel("Password").fill(PASSWORD);
            page.getByText("Log in", new Page.GetByTextOptions().setExact(true)).click();
            assertThat(page).hasTitle("Tonight – Evenstock");
            visit.assertQuiet();
        }
    }

    /** Payara loses the groups of some people who ask at once. */
    @Test
    void peopleAtWorkAtOnceAreShownEveryPage() {
        try (Browser.Visit visit = browser.visit()) {
            visit.login(ADMIN, PASSWORD);
            assertThat(visit.page()).hasTitle("Tonight – Evenstock");
            HttpRequest page = HttpRequest.newBuilder(node.baseAddress().resolve("/console/timers"))
                    .header("Cookie", "evenstock-session=" + visit.session())
                    .build();
            HttpClient people = HttpClient.newHttpClient();
            for (int round = 0; round < 50; round++) {
                List<CompletableFuture<Integer>> asked = Stream.generate(
                                () -> people.sendAsync(page, HttpResponse.BodyHandlers.discarding())
                                        .thenApply(HttpResponse::statusCode))
                        .limit(8)
                        .toList();
                asked.forEach(answer -> assertEquals(200, answer.join()));
            }
        }
    }

    @Test
    void aSessionHasANewIdItsCookieIsForThisSiteOnlyAndLogoutEndsIt() {
        try (Browser.Visit visit = browser.visit()) {
            visit.go("/console");
            Cookie before = visit.cookie();
            visit.login(ADMIN, PASSWORD);
            assertThat(visit.page()).hasTitle("Tonight – Evenstock");
            Cookie after = visit.cookie();
            assertFalse(before.value.equals(after.value));
            assertTrue(after.httpOnly);
            assertEquals(SameSiteAttribute.LAX, after.sameSite);
            visit.page().getByText("Log out").click();
            assertThat(visit.page()).hasTitle("Log in – Evenstock");
            visit.go("/console/audit");
            assertThat(visit.page()).hasTitle("Log in – Evenstock");
            visit.assertQuiet();
        }
    }

    @Test
    void aHeldRunIsApprovedByKeyboardAloneAndUndone(Evenstock.Running evenstock) throws IOException {
        Shop shop = heldRun(evenstock, 55);
        try (Browser.Visit visit = browser.visit()) {
            Page page = visit.login(ADMIN, PASSWORD).page();
            assertThat(page.getByText("is held for approval").first()).isVisible();
            int runId = shop.step("reset").getInt("runId");
            visit.go("/console/tonight?date=" + shop.date());
            visit.inspect("tonight-held");
            visit.go("/console/run?id=" + runId);
            visit.inspect("run-held");

            tabTo(page, "decision:reason");
            page.keyboard().type("the shop was closed");
            tabTo(page, "decision:approve");
            page.keyboard().press("Enter");

            assertThat(page.getByText("Run " + runId + " was approved.")).isVisible();
            ReviewIT.awaitState(shop, "reset", "DONE");
            shop.expect(STORE, 1, 0, 0, 0);
            visit.go("/console/run?id=" + runId);
            assertThat(page.locator("h1")).containsText("applied");
            visit.inspect("run-applied");
            page.getByText("Undo this run").click();
            page.locator("[id='undoing:reason']").fill("wrong file");
            page.locator("[id='undoing:undo']").click();
            assertThat(page.getByText("Run " + runId + " was undone.")).isVisible();
            shop.expect(STORE, 1, 10, 0, 10);
            visit.go("/console/audit");
            assertThat(page.getByText("the shop was closed")).isVisible();
            assertThat(page.getByText("wrong file")).isVisible();
            visit.inspect("audit");
            visit.assertQuiet();
        }
    }

    @Test
    void aViewerSeesButCannotDecideAndADemotedOperatorNeither(Evenstock.Running evenstock)
            throws IOException, SQLException {
        Shop shop = heldRun(evenstock, 40);
        int runId = shop.step("reset").getInt("runId");
        user(evenstock, "otto", "operator");
        try (Browser.Visit visit = browser.visit()) {
            Page page = visit.login("otto", PASSWORD).page();
            visit.go("/console/run?id=" + runId);
            page.locator("[id='decision:reason']").fill("because");
            user(evenstock, "otto", "viewer");
            page.locator("[id='decision:approve']").click();
            assertEquals("HELD", shop.step("reset").getString("state"));
            visit.go("/console/run?id=" + runId);
            assertThat(page.getByText("An operator decides; your role is viewer."))
                    .isVisible();
            assertThat(page.locator("[id='decision:approve']")).hasCount(0);
            disable(evenstock, "otto");
            visit.go("/console/runs");
            assertThat(page).hasTitle("Log in – Evenstock");
        }
    }

    @Test
    void theListOfRunsSortsFiltersAndPagesOnTheServer(Evenstock.Running evenstock) throws IOException {
        Shop shop = evenstock.newShop();
        shop.knowFacilities(STORE);
        shop.knowProducts(1, 2, 3, 4, 5);
        shop.upload(
                shop.row(STORE, 1, "7"),
                shop.row(STORE, 2, "7"),
                shop.row(STORE, 3, "7"),
                shop.row(STORE, 4, "7"),
                shop.row(STORE, 5, "=1+1"));
        shop.run("list", "filter", "reset", "variance");
        int runId = shop.step("reset").getInt("runId");
        try (Browser.Visit visit = browser.visit()) {
            Page page = visit.login(ADMIN, PASSWORD).page();
            visit.go("/console/runs?q=" + shop.date());
            assertThat(page.locator("tbody tr")).hasCount(1);
            page.getByRole(AriaRole.LINK, new Page.GetByRoleOptions().setName("As of"))
                    .click();
            assertThat(page.locator("th[aria-sort=descending]")).hasText("As of");
            visit.go("/console/runs?state=UNDONE&q=nothing-like-that");
            assertThat(page.getByText("No run is like that.")).isVisible();
            visit.go("/console/runs");
            visit.inspect("runs");
            visit.go("/console/run?id=" + runId);
            Download download =
                    page.waitForDownload(() -> page.getByText("All as CSV").click());
            String csv = Files.readString(download.path(), StandardCharsets.UTF_8);
            assertTrue(csv.startsWith("line,column,value,reason"), csv);
            assertTrue(csv.contains("'=1+1"), csv);
            visit.assertQuiet();
        }
    }

    @Test
    void aListOfManyRunsIsSortedAndCutByTheDatabase(Evenstock.Running evenstock) throws SQLException {
        update(evenstock, """
                insert into snapshot_run (kind, as_of, source_name, source_sha256, state, final, rejects)
                select 'FEED', now() - interval '500 days' + n * interval '1 minute', 'paged_' || lpad(n::text, 2, '0') || '.csv',
                       'paged' || n, 'REFUSED', false, (n * 7) % 30
                from generate_series(0, 29) n
                """);
        try (Browser.Visit visit = browser.visit()) {
            Page page = visit.login(ADMIN, PASSWORD).page();
            visit.go("/console/runs?q=paged_&state=REFUSED&sort=source_name&dir=asc");
            Locator rows = page.locator("tbody tr");
            assertThat(rows).hasCount(25);
            assertThat(rows.first()).containsText("paged_00.csv");
            assertThat(rows.last()).containsText("paged_24.csv");
            assertThat(page.getByText("1–25 of 30")).isVisible();
            page.getByText("Next").click();
            assertThat(rows).hasCount(5);
            assertThat(rows.first()).containsText("paged_25.csv");
            assertThat(rows.last()).containsText("paged_29.csv");
            page.getByText("Previous").click();
            page.getByRole(AriaRole.LINK, new Page.GetByRoleOptions().setName("Rejects"))
                    .click();
            assertThat(page.locator("th[aria-sort=descending]")).hasText("Rejects");
            // 17 * 7 = 119, of which 30 leaves 29.
            assertThat(rows.first()).containsText("paged_17.csv");
            visit.assertQuiet();
        }
    }

    @Test
    void aProductSaysWhyItsFigureIsWhatItIs(Evenstock.Running evenstock) throws IOException {
        Shop shop = evenstock.newShop();
        shop.knowFacilities(STORE, "102");
        shop.knowProducts(1);
        shop.upload(shop.row(STORE, 1, "10"), shop.row("102", 1, "4"));
        shop.ship("A", STORE, 1, 2, shop.at("00:10"));
        shop.run("list", "filter", "reset");
        shop.move(STORE, 1, -3, "late", shop.at("03:55"));
        try (Browser.Visit visit = browser.visit()) {
            Page page = visit.login(ADMIN, PASSWORD).page();
            visit.go("/console/product");
            page.getByLabel("Any identification").fill(shop.upc(1));
            page.keyboard().press("Enter");
            assertThat(page.locator("h1")).hasText("Product 1");
            page.getByText(shop.facility(STORE), new Page.GetByTextOptions().setExact(true))
                    .click();
            assertThat(page.locator("#why")).hasText("Why is it 7 at " + shop.facility(STORE) + "?");
            assertThat(page.getByText("withheld 2")).isVisible();
            page.getByText("Sales, returns, counts since: −3 in 1").click();
            assertThat(page.getByRole(
                            AriaRole.CELL,
                            new Page.GetByRoleOptions().setName("late").setExact(true)))
                    .isVisible();
            visit.inspect("product");
            visit.assertQuiet();
        }
    }

    @Test
    void tonightFollowsTheNightByItself(Evenstock.Running evenstock) throws IOException, SQLException {
        try (Browser.Visit visit = browser.visit();
                Connection database = evenstock.connect()) {
            Page page = visit.login(ADMIN, PASSWORD).page();
            String heading = page.locator("h1").innerText();
            String date = currentDate(page);
            Locator list = page.locator(".step").first();
            // Another test may have run it already: then it is refused.
            evenstock.api().send("POST", "/api/cycles/" + date + "/list", null);
            assertThat(list).containsText("done");
            remark(database, date, "'as another node would say'");
            assertThat(list).containsText("as another node would say");
            remark(database, date, "null");
            assertThat(list).not().containsText("as another node would say");
            assertTrue(page.locator("h1").innerText().startsWith(heading.split("\n", -1)[0]));
            visit.inspect("tonight");
            visit.assertQuiet();
        }
    }

    @Test
    void aFigureThatIsNotTheSumOfItsFactsIsTold(Evenstock.Running evenstock) throws IOException, SQLException {
        Shop shop = evenstock.newShop();
        shop.knowFacilities(STORE);
        shop.knowProducts(1);
        shop.move(STORE, 1, -3, "sale", shop.at("10:00"));
        tamper(evenstock, shop, 1);
        try (Browser.Visit visit = browser.visit()) {
            await().atMost(SOON.multipliedBy(4))
                    .until(() -> evenstock.raw().get("/api/self-audit").body().contains("RED"));
            Page page = visit.login(ADMIN, PASSWORD).page();
            Locator red = page.locator(".alerts li", new Page.LocatorOptions().setHasText("not the sum of its facts"));
            assertThat(red).containsText("on hand -2, its facts add up to -3");
            visit.inspect("tonight-red");
            red.getByText("See the pair").click();
            assertThat(page.locator("h1")).hasText("Product 1");
        } finally {
            tamper(evenstock, shop, -1);
        }
    }

    /** As no call can: changes an hour's sum in the database. */
    private static void tamper(Evenstock.Running evenstock, Shop shop, int by) throws SQLException {
        update(evenstock, """
                update movement_sum set quantity = quantity + ?::integer
                where facility_key = (select facility_key from facility where facility_id = ?)
                """, String.valueOf(by), shop.facility(STORE));
    }

    private static void remark(Connection database, String date, String reason) throws SQLException {
        try (Statement statement = database.createStatement()) {
            statement.execute("update cycle_step set reason = " + reason + " where business_date = '" + date
                    + "' and step = 'list'");
        }
    }

    @Test
    void theDriftTellsWhereTheFileDifferedAndWhy(Evenstock.Running evenstock) throws IOException {
        Shop shop = evenstock.newShop();
        shop.knowFacilities(STORE, "102");
        shop.knowProducts(1, 2, 3, 4);
        shop.upload(
                shop.row(STORE, 1, "10"), shop.row(STORE, 2, "10"), shop.row(STORE, 3, "10"), shop.row("102", 4, "5"));
        shop.run("list", "filter", "reset", "variance");
        shop.move(STORE, 1, -2, "told", shop.at("10:00"));
        Shop next = shop.nextDay();
        next.upload(
                next.row(STORE, 1, "8"), next.row(STORE, 2, "34"), next.row(STORE, 3, "9"), next.row("102", 4, "5"));
        next.run("list", "filter", "reset", "variance");
        String night = "/api/drift/" + next.date();
        await().atMost(SOON).until(() -> evenstock.raw().get(night).statusCode() == 200);
        next.move(STORE, 3, -1, "late", shop.at("11:00"));
        try (Browser.Visit visit = browser.visit()) {
            Page page = visit.login(ADMIN, PASSWORD).page();
            visit.go("/console/drift?date=" + next.date());
            assertThat(page.locator("canvas").first()).isVisible();
            visit.inspect("drift");
            page.getByText(next.facility(STORE), new Page.GetByTextOptions().setExact(true))
                    .first()
                    .click();
            assertThat(page.locator("main h1")).hasText("Drift of " + next.facility(STORE));
            Locator rows = page.locator("section[aria-labelledby=pairs-h] tbody tr");
            assertThat(rows).hasCount(2);
            assertThat(rows.nth(0)).containsText("receipt");
            assertThat(rows.nth(0)).containsText("+24");
            assertThat(rows.nth(1)).containsText("late sale");
            visit.inspect("drift-facility");
            visit.assertQuiet();
        }
    }

    @Test
    void anAdminMakesAUserWhoLogsInIsPromotedAndLosesTheSessionWithThePassword() {
        try (Browser.Visit admin = browser.visit();
                Browser.Visit visit = browser.visit()) {
            Page page = admin.login(ADMIN, PASSWORD).page();
            admin.go("/console/users");
            page.locator("[id='make:name']").fill("ulla");
            page.locator("[id='make:create']").click();
            assertThat(page.getByText("User ulla was made.")).isVisible();
            String password = password(page);
            admin.inspect("users");
            admin.go("/console/users");
            assertThat(page.locator("#password-text")).hasCount(0);

            Page hers = visit.login("ulla", password).page();
            assertThat(hers.locator(".who")).containsText("viewer");
            change(page, "ulla", "Change the role", "operator");
            assertThat(page.getByText("The role was changed.")).isVisible();
            visit.go("/console/timers");
            assertThat(hers.locator(".who")).containsText("operator");
            change(page, "ulla", "Reset the password", "operator");
            String newPassword = password(page);
            visit.go("/console/timers");
            assertThat(hers).hasTitle("Log in – Evenstock");
            visit.login("ulla", password);
            assertThat(hers.getByText("Name or password is wrong.")).isVisible();
            visit.login("ulla", newPassword);
            assertThat(hers).hasTitle("Tonight – Evenstock");
            change(page, "ulla", "Disable", "operator");
            visit.go("/console/tonight");
            assertThat(hers).hasTitle("Log in – Evenstock");
            change(page, "ulla", "Enable", "operator");
            assertThat(page.getByText("The user may log in again.")).isVisible();
            change(page, ADMIN, "Disable", "admin");
            assertThat(page.getByText("is the last admin who may log in")).isVisible();
            assertAudited(admin, "user's password reset", "ulla");
            admin.assertQuiet();
        }
    }

    private static String password(Page page) {
        String password = page.locator("#password-text").innerText().split("\\s+", -1)[1];
        Canaries.plant(password);
        return password;
    }

    private static void change(Page page, String user, String button, String role) {
        page.getByText("Change … " + user).click();
        Locator row = page.locator("tbody tr", new Page.LocatorOptions().setHasText("Change … " + user));
        row.locator("select").selectOption(role);
        row.getByText(button, new Locator.GetByTextOptions().setExact(true)).click();
    }

    @Test
    void aTimerIsPausedWithAReasonAndResumed() {
        try (Browser.Visit visit = browser.visit()) {
            Page page = visit.login(ADMIN, PASSWORD).page();
            visit.go("/console/timers");
            assertThat(page.locator("main ol li")).hasCount(4 * 5);
            page.getByText("Pause variance").click();
            page.locator("[id='pause-variance:reason']").fill("stock-taking");
            page.locator("[id='pause-variance:until']").fill("2000-01-01T00:00");
            page.locator("[id='pause-variance:pause']").click();
            assertThat(page.getByText("until must lie in the future")).isVisible();
            page.getByText("Pause variance").click();
            page.locator("[id='pause-variance:until']").fill("2090-01-01T00:00");
            page.locator("[id='pause-variance:pause']").click();
            assertThat(page.getByText("The timer of variance is paused.")).isVisible();
            assertThat(page.getByText("Paused by anna since")).containsText("stock-taking");
            assertThat(page.getByText("Paused by anna since")).containsText("until 1 Jan 2090");
            visit.inspect("timers");
            page.locator("[id='act-variance:resume']").click();
            assertThat(page.getByText("The timer of variance asks again.")).isVisible();
            assertThat(page.getByText("Paused by anna since")).hasCount(0);
            assertAudited(visit, "timer paused", "stock-taking");
            visit.assertQuiet();
        }
    }

    @Test
    void anEndpointIsPausedResumedAndToldEverythingAgain(Evenstock.Running evenstock) throws IOException {
        Shop shop = evenstock.newShop();
        shop.knowFacilities(STORE);
        shop.knowProducts(1);
        try (WebhookReceiver receiver = new WebhookReceiver();
                Browser.Visit visit = browser.visit()) {
            JsonObject webhook = shop.succeed("POST", "/api/webhooks", """
                            {"url":"%s","after":"now"}""".formatted(receiver.url("localhost")))
                    .asJsonObject();
            receiver.secret(webhook.getString("secret"));
            shop.succeed("PUT", "/api/channels", """
                    [{"name":"web-%s","facilities":["%s"],"safetyUnits":2}]""".formatted(shop.subsidiary(), shop.facility(STORE)));
            shop.move(STORE, 1, -2, "sale", shop.at("10:00"));
            await().atMost(SOON).until(() -> receiver.calls() > 0);
            Page page = visit.login(ADMIN, PASSWORD).page();
            visit.go("/console/downstream?id=" + webhook.getInt("id"));
            page.locator("[id='steer:pause']").click();
            assertThat(page.getByText("paused by anna")).isVisible();
            page.locator("[id='steer:resume']").click();
            assertThat(page.getByText("was resumed.")).isVisible();
            int calls = receiver.calls();
            page.locator("[id='steer:replay']").click();
            assertThat(page.getByText("was replayed.")).isVisible();
            await().atMost(SOON).until(() -> receiver.calls() > calls);
            visit.go("/console/downstream?id=" + webhook.getInt("id"));
            visit.inspect("downstream");
            assertAudited(visit, "webhook replayed", "webhook " + webhook.getInt("id"));
            shop.api().send("DELETE", "/api/webhooks/" + webhook.getInt("id"), null);
            visit.assertQuiet();
        }
    }

    @Test
    void aKeyIsShownOnceAndWorthNothingOnceRevoked(Evenstock.Running evenstock)
            throws IOException, InterruptedException {
        Shop shop = evenstock.newShop();
        shop.knowFacilities(STORE, "102");
        String bound = shop.facility(STORE) + ", " + shop.facility("102");
        try (Browser.Visit visit = browser.visit()) {
            Page page = visit.login(ADMIN, PASSWORD).page();
            visit.go("/console/keys");
            page.locator("[id='make:name']").fill("till-of-101");
            page.locator("[id='make:create']").click();
            assertThat(page.getByText("A key of role pos names its facilities")).isVisible();
            page.locator("[id='make:facilities']").fill(bound);
            page.locator("[id='make:create']").click();
            String key = page.locator("#key-text").innerText();
            assertEquals(200, status(evenstock, shop.facility(STORE), key));
            visit.inspect("keys");
            page.reload();
            assertThat(page.locator("#key-text")).hasCount(0);
            assertFalse(page.content().contains(key));
            Locator row = page.locator("tr", new Page.LocatorOptions().setHasText("till-of-101"));
            assertThat(row).containsText(bound);
            row.getByText("Revoke …").click();
            row.getByText("Revoke till-of-101").click();
            assertThat(page.getByText("was revoked.")).isVisible();
            assertEquals(401, status(evenstock, shop.facility(STORE), key));
            assertAudited(visit, "key made", "till-of-101");
            assertAudited(visit, "key revoked", "key ");
            visit.assertQuiet();
        }
    }

    @Test
    void whatIsNotKnownIsMappedAndCountsAtOnce(Evenstock.Running evenstock) throws IOException {
        Shop shop = evenstock.newShop();
        shop.knowFacilities(STORE);
        shop.knowProducts(1);
        shop.move(STORE, 2, -3, "sale of nobody's product", shop.at("10:00"));
        shop.move("777", 1, -1, "sale at nobody's store", shop.at("10:00"));
        try (Browser.Visit visit = browser.visit()) {
            Page page = visit.login(ADMIN, PASSWORD).page();
            visit.go("/console/quarantine");
            Locator row = page.locator("tr", new Page.LocatorOptions().setHasText(shop.upc(2)));
            assertThat(row).containsText("names no product");
            assertThat(page.locator("tr", new Page.LocatorOptions().setHasText(shop.facility("777"))))
                    .isVisible();
            visit.inspect("quarantine");
            row.getByText("Map …").click();
            row.getByLabel("Product id").fill(shop.productId(1));
            row.getByText("Map and release").click();
            assertThat(page.getByText("from now on.")).isVisible();
            shop.expect(STORE, 1, -3, 0, 0);
            assertThat(page.locator("tr", new Page.LocatorOptions().setHasText(shop.upc(2))))
                    .hasCount(0);
            row = page.locator("tr", new Page.LocatorOptions().setHasText(shop.facility("777")));
            row.getByText("Make known …").click();
            row.getByLabel("Name").fill("Pop-up");
            row.getByText("Make known and release").click();
            assertThat(page.getByText("is known from now on.")).isVisible();
            shop.expect("777", 1, -1, 0, 0);
            assertAudited(visit, "identification added", shop.upc(2));
            visit.assertQuiet();
        }
    }

    @Test
    void whatIsShippedAndNotAcknowledgedLeadsToItsShipment(Evenstock.Running evenstock) throws IOException {
        Shop shop = evenstock.newShop();
        shop.knowFacilities(STORE);
        shop.knowProducts(2);
        shop.price(1, "1249.90");
        shop.ship("A", STORE, 1, 2, shop.at("00:10"));
        shop.ship("B", STORE, 1, 5, shop.at("00:20"));
        shop.ship("C", STORE, 2, 3, shop.at("00:30"));
        shop.acknowledge("B", shop.at("01:00"));
        try (Browser.Visit visit = browser.visit()) {
            Page page = visit.login(ADMIN, PASSWORD).page();
            visit.go("/console/variance");
            Locator facility = page.locator("section[aria-labelledby=ages-h] tbody tr")
                    .filter(new Locator.FilterOptions().setHasText(shop.facility(STORE)));
            assertThat(facility.locator("td[data-label=Units]")).hasText("5");
            assertThat(facility.locator("td[data-label=Value]")).hasText("2,499.80without 3 of unknown price");
            facility.getByText(shop.facility(STORE)).click();
            Locator lines = page.locator("section[aria-labelledby=lines-h] tbody tr");
            assertThat(lines.locator("td[data-label=Open]")).hasText(new String[] {"2", "3"});
            assertThat(lines.locator("td[data-label=Value]")).hasText(new String[] {"2,499.80", "–"});
            visit.inspect("variance");
            lines.getByText(shop.shipment("A")).click();
            assertThat(page).hasTitle("Shipment – Evenstock");
            visit.inspect("shipment");
            visit.go("/console/variance?shipment=" + shop.shipment("B"));
            assertThat(lines.locator("td[data-label=Open]")).hasText("0");
            visit.assertQuiet();
        }
    }

    @Test
    void aViewerSeesEveryPageButKeysAndUsersAndNoButton(Evenstock.Running evenstock) throws IOException, SQLException {
        user(evenstock, "vera", "viewer");
        user(evenstock, "olga", "operator");
        Shop shop = evenstock.newShop();
        shop.move("888", 1, -1, "in quarantine", shop.at("10:00"));
        try (Browser.Visit visit = browser.visit()) {
            Page page = visit.login("vera", PASSWORD).page();
            for (String name : new String[] {"timers", "downstream", "quarantine", "variance", "drift"}) {
                visit.go("/console/" + name);
                assertThat(page.locator("main h1"))
                        .hasText(name.substring(0, 1).toUpperCase(Locale.ROOT) + name.substring(1));
                assertThat(page.locator("main input[type=submit]")).hasCount(0);
            }
            for (String name : new String[] {"keys", "users"}) {
                assertEquals(
                        403,
                        page.navigate(node.baseAddress()
                                        .resolve("/console/" + name)
                                        .toString())
                                .status());
                assertThat(page.getByText("it needs admin")).isVisible();
            }
        }
        try (Browser.Visit visit = browser.visit()) {
            Page page = visit.login("olga", PASSWORD).page();
            assertEquals(
                    403,
                    page.navigate(node.baseAddress().resolve("/console/keys").toString())
                            .status());
            visit.go("/console/timers");
            page.getByText("Pause list").click();
            page.locator("[id='pause-list:reason']").fill("because");
            user(evenstock, "olga", "viewer");
            page.locator("[id='pause-list:pause']").click();
            page.waitForLoadState();
            visit.go("/console/timers");
            assertThat(page.getByText("Paused by olga")).hasCount(0);
        }
    }

    /** The whole table: what each role may open, and whether it can steer there. */
    @Test
    void eachRoleOpensItsPagesAndHasItsButtonsOnly(Evenstock.Running evenstock) throws SQLException {
        user(evenstock, "role-viewer", "viewer");
        user(evenstock, "role-operator", "operator");
        Map<String, String> names = Map.of("viewer", "role-viewer", "operator", "role-operator", "admin", ADMIN);
        for (String role : names.keySet()) {
            try (Browser.Visit visit = browser.visit()) {
                Page page =
                        visit.login(String.valueOf(names.get(role)), PASSWORD).page();
                assertThat(page.locator(".who")).containsText(role);
                for (String name : PAGES) {
                    boolean admins = name.equals("keys") || name.equals("users");
                    Response answer = page.navigate(
                            node.baseAddress().resolve("/console/" + name).toString());
                    assertEquals(admins && !role.equals("admin") ? 403 : 200, answer.status(), role + " at " + name);
                    assertEquals(
                            role.equals("admin"),
                            page.locator("nav a[href$='/console/users']").count() == 1
                                    && page.locator("nav a[href$='/console/keys']")
                                                    .count()
                                            == 1,
                            role + " at " + name);
                }
                visit.go("/console/timers");
                assertThat(page.locator("main input[type=submit]")).hasCount(role.equals("viewer") ? 0 : 2 * 4);
                visit.assertNoComplaintBut("403");
            }
        }
    }

    @Test
    void wrongAddressesAndFailuresShowNoStackTrace() {
        try (Browser.Visit visit = browser.visit()) {
            visit.login(ADMIN, PASSWORD);
            for (String path :
                    new String[] {"/console/nothing", "/console/run?id=999999", "/console/run?id=x", "/nothing"}) {
                Response answer =
                        visit.page().navigate(node.baseAddress().resolve(path).toString());
                assertTrue(answer.status() == 404 || answer.status() == 200, path + " " + answer.status());
                assertFalse(answer.text().contains("io.evenstock"), path);
                assertFalse(answer.text().contains("Exception"), path);
            }
        }
    }

    @Test
    void pagesRunNoScriptButTheirOwnAndStandInNoFrame() {
        try (Browser.Visit visit = browser.visit()) {
            visit.login(ADMIN, PASSWORD);
            Response answer = visit.page()
                    .navigate(node.baseAddress().resolve("/console/tonight").toString());
            String policy = answer.headerValue("Content-Security-Policy");
            assertTrue(policy.contains("frame-ancestors 'none'"), policy);
            assertFalse(policy.contains("unsafe"), policy);
            assertTrue(policy.matches(".*script-src 'self' 'nonce-[^']+'.*"), policy);
            assertEquals("nosniff", answer.headerValue("X-Content-Type-Options"));
            assertEquals("same-origin", answer.headerValue("Referrer-Policy"));
            assertTrue(answer.headerValue("Cache-Control").contains("no-store"));
        }
    }

    @Test
    void whatNamesAndCommentsHoldIsShownAsTextOnEveryPage(Evenstock.Running evenstock) throws IOException {
        Shop shop = evenstock.newShop();
        String script = "<script>window.pwned=1</script><img src=x onerror=\\\"window.pwned=1\\\">'#{1+1}";
        shop.succeed(
                "PUT",
                "/api/facilities",
                "[{\"facilityId\":\"%s\",\"name\":\"%s\"}]".formatted(shop.facility("101"), script));
        shop.succeed("PUT", "/api/products", """
                [{"productId":"%1$s","name":"%2$s","active":true,"identifications":[
                  {"idType":"UPCA","idValue":"%3$s"},{"idType":"SKU","idValue":"%2$s"}]}]
                """.formatted(shop.productId(1), script, shop.upc(1)));
        for (String value : new String[] {shop.upc(1), script}) {
            shop.succeed("POST", "/api/UpdateInventory", """
                    {"facilityId":"%1$s","idType":"UPCA","idValue":"%2$s","availableDelta":-1,
                     "varianceReasonId":"<script>window.pwned=1</script>","eventId":"%2$s","comments":"%3$s"}
                    """.formatted(shop.facility("101"), value, script));
        }
        evenstock.raw().make("<script>window.pwned=1</script>", "operator", "");
        String reason = "{\"reason\":\"" + script + "\"}";
        assertEquals(
                200,
                evenstock
                        .raw()
                        .call("POST", "/api/timers/variance/pause", reason)
                        .statusCode());
        try (Browser.Visit visit = browser.visit()) {
            visit.login(ADMIN, PASSWORD);
            for (String address : new String[] {
                "product?q=" + shop.upc(1),
                "product?q=pwned",
                "product?id=" + shop.productId(1),
                "quarantine",
                "keys",
                "timers",
                "audit",
                "runs?q=%3Cscript%3Ewindow.pwned=1%3C/script%3E",
                "variance",
                "downstream",
                "tonight"
            }) {
                visit.go("/console/" + address);
                assertEquals(true, visit.page().evaluate("window.pwned === undefined"), address);
                assertEquals(0, visit.page().locator("img[onerror]").count(), address);
                assertEquals(List.of(), Canaries.in(visit.page().content()), address);
            }
            visit.go("/console/keys");
            assertThat(visit.page().getByText("<script>window.pwned=1</script>").first())
                    .isVisible();
            visit.assertQuiet();
        } finally {
            evenstock.raw().call("POST", "/api/timers/variance/resume", (String) null);
        }
    }

    /** Only a page that we made ourselves can be sent back. */
    @Test
    void aFormThatSomebodyElseMadeChangesNothing(Evenstock.Running evenstock) throws IOException, InterruptedException {
        try (Browser.Visit visit = browser.visit()) {
            visit.login(ADMIN, PASSWORD);
            assertThat(visit.page()).hasTitle("Tonight – Evenstock");
            String cookie = "evenstock-session=" + visit.session();
            for (String state : new String[] {
                "",
                "&jakarta.faces.ViewState=stateless",
                "&jakarta.faces.ViewState=1:1",
                "&jakarta.faces.ViewState=-4711:4711",
                "&jakarta.faces.ViewState=rO0ABXNyABFqYXZhLnV0aWwuSGFzaE1hcA=="
            }) {
                String form = "pause-list=pause-list&step=list&pause-list:reason=forged&reason=forged"
                        + "&pause-list:pause=Pause" + state;
                HttpResponse<String> answer = evenstock.raw(
                        node.baseAddress(),
                        "POST",
                        "/console/timers",
                        form,
                        Map.of(
                                "Content-Type", "application/x-www-form-urlencoded",
                                "Cookie", cookie,
                                "Origin", "https://evil.example.org",
                                "Referer", "https://evil.example.org/"));
                assertFalse(answer.body().contains("Exception"), answer::body);
                assertFalse(
                        evenstock.raw().get("/api/timers").body().contains("forged"),
                        () -> state + ": " + answer.statusCode());
            }
        }
    }

    private static void assertAudited(Browser.Visit visit, String action, String told) {
        visit.go("/console/audit");
        Locator rows = visit.page().locator("tbody tr", new Page.LocatorOptions().setHasText(action));
        assertThat(rows.first()).containsText(told);
    }

    private static int status(Evenstock.Running evenstock, String facility, String key)
            throws IOException, InterruptedException {
        return evenstock
                .raw(
                        node.baseAddress(),
                        "GET",
                        "/api/inventory?facilityId=" + facility,
                        null,
                        Map.of("Authorization", "Bearer " + key))
                .statusCode();
    }

    static String currentDate(Page page) {
        String before = page.getByText("Night before").getAttribute("href");
        return java.time.LocalDate.parse(before.substring(before.indexOf('=') + 1))
                .plusDays(1)
                .toString();
    }

    /** A night that looks unlike the ones before it. */
    private static Shop heldRun(Evenstock.Running evenstock, int daysAgo) throws IOException {
        Shop shop = evenstock.shop(Shop.today().minusDays(daysAgo));
        shop.knowFacilities(STORE, "102");
        shop.knowProducts(1, 2, 3);
        for (int night = 0; night < USUAL_NIGHTS; night++) {
            shop.upload(shop.row(STORE, 1, "10"), shop.row(STORE, 2, "10"), shop.row("102", 1, "10"));
            shop.run("list", "filter", "reset", "variance");
            shop = shop.nextDay();
        }
        shop.upload(shop.row(STORE, 1, "0"));
        shop.run("list", "filter");
        assertEquals("HELD", shop.end(evenstock.apiOf(node), "reset").getString("state"));
        return shop;
    }

    private static void tabTo(Page page, String id) {
        for (int presses = 0; presses < 60; presses++) {
            if (id.equals(page.evaluate("document.activeElement.id"))) {
                return;
            }
            page.keyboard().press("Tab");
        }
        throw new AssertionError(id + " is not reached by Tab");
    }

    private static HttpResponse<String> page(Evenstock.Running evenstock, String path)
            throws IOException, InterruptedException {
        return evenstock.raw(node.baseAddress(), "GET", path, null, Map.of());
    }

    /** With the first user's password. */
    private static void user(Evenstock.Running evenstock, String name, String role) throws SQLException {
        update(evenstock, """
                insert into console_user (name, password, role, created_by)
                select ?, password, ?, 'test' from console_user where name = 'anna'
                on conflict (lower(name)) do update set role = excluded.role
                """, name, role);
    }

    private static void disable(Evenstock.Running evenstock, String name) throws SQLException {
        update(evenstock, "update console_user set disabled_at = now() where name = ?", name);
    }

    private static void update(Evenstock.Running evenstock, String sql, String... arguments) throws SQLException {
        try (Connection connection = evenstock.connect();
                PreparedStatement statement = connection.prepareStatement(sql)) {
            for (int i = 0; i < arguments.length; i++) {
                statement.setString(i + 1, arguments[i]);
            }
            statement.executeUpdate();
        }
    }
}
