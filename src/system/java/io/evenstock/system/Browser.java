package io.evenstock.system;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.microsoft.playwright.Browser.NewContextOptions;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.BrowserType;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Playwright;
import com.microsoft.playwright.assertions.PlaywrightAssertions;
import com.microsoft.playwright.options.ColorScheme;
import com.microsoft.playwright.options.Cookie;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.Assumptions;

/** A real browser: the Chromium of the system. What its console complains of fails the test that looks at it. */
final class Browser implements AutoCloseable {
    private static final List<Path> PLACES =
            List.of(Path.of("/usr/bin/chromium"), Path.of("/usr/bin/chromium-browser"));
    private static final Path SCREENSHOTS = Path.of("target", "screenshots");
    private static final int WIDE = 1280;
    private static final int NARROW = 360;
    /** A busy machine is slow; a page that never comes is another thing. */
    private static final double PATIENCE_MILLIS = 60_000;

    private static final String AXE = "META-INF/resources/webjars/axe-core/4.6.3/axe.min.js";
    private static final String SERIOUS = """
            async () => (await axe.run()).violations
                .filter(each => ['serious', 'critical'].includes(each.impact))
                .map(each => each.id + ': ' + each.nodes.map(node => node.html).join(' | ').slice(0, 600))
            """;

    private final Playwright playwright;
    private final com.microsoft.playwright.Browser chromium;
    private final URI base;

    private Browser(Path executable, URI base) {
        this.base = base;
        PlaywrightAssertions.setDefaultAssertionTimeout(PATIENCE_MILLIS);
        this.playwright = Playwright.create(
                new Playwright.CreateOptions().setEnv(Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")));
        this.chromium = playwright
                .chromium()
                .launch(new BrowserType.LaunchOptions()
                        .setExecutablePath(executable)
                        .setArgs(List.of("--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu")));
    }

    /** Skips the test where there is no Chromium, unless {@code EVENSTOCK_TEST_REQUIRED} says it must be there. */
    static Browser open(URI base) {
        Optional<Path> executable = PLACES.stream().filter(Files::isExecutable).findFirst();
        if (executable.isEmpty() && Boolean.parseBoolean(System.getenv("EVENSTOCK_TEST_REQUIRED"))) {
            throw new IllegalStateException("Chromium is required, but is none of " + PLACES);
        }
        Assumptions.assumeTrue(
                executable.isPresent(), "The console is not tested: there is no Chromium (apt-get install chromium)");
        return new Browser(executable.orElseThrow(), base);
    }

    /** A person with a browser of her own. */
    Visit visit() {
        return visit(Map.of());
    }

    /** As the other, with headers that go with whatever it asks for. */
    Visit visit(Map<String, String> headers) {
        return new Visit(chromium.newContext(
                new NewContextOptions().setViewportSize(WIDE, 900).setExtraHTTPHeaders(headers)));
    }

    @Override
    public void close() {
        chromium.close();
        playwright.close();
    }

    /** What one person does. */
    final class Visit implements AutoCloseable {
        private final BrowserContext context;
        private final Page page;
        private final List<String> complaints = new ArrayList<>();

        private Visit(BrowserContext context) {
            this.context = context;
            this.page = context.newPage();
            page.setDefaultTimeout(PATIENCE_MILLIS);
            page.onConsoleMessage(message -> {
                if (message.type().equals("error")) {
                    complaints.add(message.text());
                }
            });
            page.onPageError(complaints::add);
        }

        Page page() {
            return page;
        }

        BrowserContext context() {
            return context;
        }

        Page go(String path) {
            page.navigate(base.resolve(path).toString());
            return page;
        }

        Visit login(String user, String password) {
            return login(base, user, password);
        }

        /** At another node. */
        Visit login(URI node, String user, String password) {
            page.navigate(node.resolve("/console").toString());
            page.getByLabel("Name").fill(user);
            page.getByLabel("Password").fill(password);
            page.getByText("Log in", new Page.GetByTextOptions().setExact(true)).click();
            return this;
        }

        /** Looks at the page on a desk and on a phone, in light and dark: readable for all, and a picture of each. */
        void inspect(String name) {
            for (ColorScheme scheme : List.of(ColorScheme.LIGHT, ColorScheme.DARK)) {
                page.emulateMedia(new Page.EmulateMediaOptions().setColorScheme(scheme));
                for (int width : new int[] {NARROW, WIDE}) {
                    page.setViewportSize(width, 900);
                    String where = name + "-" + (width == NARROW ? "phone" : "desk") + "-"
                            + scheme.name().toLowerCase(Locale.ROOT);
                    picture(where);
                    assertEquals(0, page.evaluate("document.documentElement.scrollWidth - innerWidth"), where);
                    if (width == WIDE || scheme == ColorScheme.LIGHT) {
                        assertAccessible(where);
                    }
                }
            }
            page.emulateMedia(new Page.EmulateMediaOptions().setColorScheme(ColorScheme.LIGHT));
        }

        /** The whole page, as it is. */
        void picture(String name) {
            page.screenshot(new Page.ScreenshotOptions()
                    .setPath(SCREENSHOTS.resolve(name + ".png"))
                    .setFullPage(true));
        }

        private void assertAccessible(String where) {
            page.evaluate(axe() + ";1");
            assertEquals(List.of(), page.evaluate(SERIOUS), where);
        }

        /** The session's id, as the browser has it. */
        String session() {
            return cookie().value;
        }

        Cookie cookie() {
            return context.cookies().stream()
                    .filter(cookie -> cookie.name.equals("evenstock-session"))
                    .findFirst()
                    .orElseThrow();
        }

        /** The browser's console has said nothing but of refusals with that status. */
        void assertNoComplaintBut(String status) {
            complaints.removeIf(complaint -> complaint.contains(status));
            assertQuiet();
        }

        /** The browser's console has said nothing. */
        void assertQuiet() {
            assertEquals(List.of(), complaints);
        }

        @Override
        public void close() {
            context.close();
        }
    }

    private static String axe() {
        try (InputStream script = Browser.class.getClassLoader().getResourceAsStream(AXE)) {
            return new String(Objects.requireNonNull(script).readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}
