package io.evenstock.system;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;

import com.microsoft.playwright.Page;
import io.evenstock.http.OpenApiDocument;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The page of the HTTP API as its readers see it, in a real browser. */
@ExtendWith(Evenstock.class)
class ApiDocsIT {
    @Test
    void everyCallIsShownAndCanBeTriedWithAKey(Evenstock.Running evenstock) {
        try (Browser browser = Browser.open(evenstock.address());
                Browser.Visit visit = browser.visit()) {
            Page page = visit.go("/api-docs/");
            assertThat(page.locator(".opblock"))
                    .hasCount(OpenApiDocument.read().operations().size());
            visit.picture("api-docs");

            page.locator(".auth-wrapper .btn.authorize").click();
            page.locator(".auth-container input").fill(evenstock.key());
            page.locator(".auth-container .btn.authorize").click();
            page.locator(".auth-container .btn-done").click();
            page.locator("#operations-Nights-cycles .opblock-summary-control").click();
            page.locator("#operations-Nights-cycles .try-out__btn").click();
            page.locator("#operations-Nights-cycles .execute").click();

            assertThat(page.locator(
                            "#operations-Nights-cycles .live-responses-table td.response-col_status:not(.col_header)"))
                    .containsText("200");
            visit.picture("api-docs-tried");
            visit.assertQuiet();
        }
    }
}
