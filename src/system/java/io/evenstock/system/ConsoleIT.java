package io.evenstock.system;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
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
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The console as people see it: a real browser, on a node that holds what looks odd. */
@ExtendWith(Evenstock.class)
class ConsoleIT {
    private static final String ADMIN = "anna";
    private static final String PASSWORD = "correct-horse-battery";
    private static final String STORE = "101";
    private static final int USUAL_NIGHTS = 3;

    private static EvenstockServer node;
    private static Browser browser;

    @BeforeAll
    static void open(Evenstock.Running evenstock) throws IOException {
        node = evenstock.node(
                "console",
                Map.of(
                        "EVENSTOCK_PLAUSIBILITY_ENABLED", "true",
                        "EVENSTOCK_BOOTSTRAP_USER", ADMIN,
                        "EVENSTOCK_BOOTSTRAP_PASSWORD", PASSWORD));
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
        for (String page :
                new String[] {"tonight", "runs", "run?id=1", "product", "audit", "rejects?run=1", "tonight.xhtml"}) {
            HttpResponse<String> answer = page(evenstock, "/console/" + page);
            assertEquals(302, answer.statusCode(), page);
            assertTrue(answer.headers().firstValue("Location").orElse("").endsWith("/console/login"), page);
        }
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
    void aSessionHasANewIdItsCookieIsForThisSiteOnlyAndLogoutEndsIt() {
        try (Browser.Visit visit = browser.visit()) {
            visit.go("/console");
            Cookie before = session(visit);
            visit.login(ADMIN, PASSWORD);
            assertThat(visit.page()).hasTitle("Tonight – Evenstock");
            Cookie after = session(visit);
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

    private static void remark(Connection database, String date, String reason) throws SQLException {
        try (Statement statement = database.createStatement()) {
            statement.execute("update cycle_step set reason = " + reason + " where business_date = '" + date
                    + "' and step = 'list'");
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

    private static String currentDate(Page page) {
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

    private static Cookie session(Browser.Visit visit) {
        return visit.context().cookies().stream()
                .filter(cookie -> cookie.name.equals("evenstock-session"))
                .findFirst()
                .orElseThrow();
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
