package io.evenstock.lab;

import java.net.URI;
import java.nio.file.Path;

/** Where everything is, and what to try first. */
final class Directions {

    private static final String ASK = "  curl -H \"Authorization: Bearer $EVENSTOCK_KEY\" ";

    private final Report report;
    private final URI base;

    Directions(Report report, URI base) {
        this.report = report;
        this.base = base;
    }

    void tell(Surroundings around, Credentials credentials, Path log) {
        boolean off = "false".equals(around.settings().get("EVENSTOCK_SCHEDULE_ENABLED"));
        report.heading("Serving until Ctrl-C, the schedule is " + (off ? "off" : "on"));
        report.item("console", base + "/console");
        report.item("login", credentials.shownLogin());
        report.item("OpenAPI", base + "/openapi");
        report.item("API key", credentials.shownKey());
        if (around.external()) {
            report.item("", "(a made-up key is taken only by a database that has none)");
        }
        around.addresses().forEach(report::line);
        report.item("log", log.toString());
        report.heading("Try");
        report.line("  export EVENSTOCK_KEY=" + credentials.shownKey());
        report.line(ASK + base + "/api/cycles");
        report.line(ASK + base + "/api/runs");
        report.line(ASK + "'" + base + "/api/inventory?facilityId=001-101&limit=5'");
    }
}
