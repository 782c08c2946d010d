package io.evenstock.lab;

import jakarta.json.JsonArray;
import jakarta.json.JsonNumber;
import jakarta.json.JsonObject;
import jakarta.json.JsonString;
import jakarta.json.JsonValue;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Locale;
import java.util.Set;

/** Runs the steps of one business date by hand and shows how they go. */
final class Cycle {

    private static final Set<String> ENDS = Set.of("DONE", "FAILED", "HELD", "DROPPED");
    private static final Duration LONGEST_STEP = Duration.ofMinutes(15);
    private static final long LOOK_EVERY_MS = 150;

    private final ApiClient api;
    private final String path;
    private final Report report;

    Cycle(ApiClient api, LocalDate date, Report report) {
        this.api = api;
        this.path = "/api/cycles/" + date;
        this.report = report;
    }

    /** Asks for a step and waits for its end; true if it is DONE. */
    boolean run(String name) throws IOException {
        report.begin("  %-11s ".formatted(name));
        try {
            api.call("POST", path + "/" + name, null);
            return told(await(name));
        } catch (ApiRefusal refused) {
            report.line("refused");
            throw refused;
        }
    }

    private JsonObject await(String name) throws IOException {
        long deadline = System.nanoTime() + LONGEST_STEP.toNanos();
        int shown = 0;
        String last = "";
        while (System.nanoTime() < deadline) {
            JsonObject step = step(name);
            String state = step.getString("state");
            if (!state.equals(last)) {
                report.begin(state + " ");
                shown += state.length() + 1;
                last = state;
            }
            if (ENDS.contains(state)) {
                report.begin(" ".repeat(Math.max(0, 22 - shown)));
                return step;
            }
            pause();
        }
        report.line("");
        throw new IOException("The step %s is still %s after %d min".formatted(name, last, LONGEST_STEP.toMinutes()));
    }

    private JsonObject step(String name) throws IOException {
        for (JsonValue step : api.get(path).asJsonObject().getJsonArray("steps")) {
            if (name.equals(step.asJsonObject().getString("step"))) {
                return step.asJsonObject();
            }
        }
        throw new IOException("GET " + path + " knows no step " + name);
    }

    private static void pause() throws InterruptedIOException {
        try {
            Thread.sleep(LOOK_EVERY_MS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while waiting for a step");
        }
    }

    private boolean told(JsonObject step) {
        long bytes = number(step, "bytes");
        double seconds = seconds(step);
        report.line(String.format(
                        Locale.ROOT,
                        "%9s rows %8s kept %9s %7.2f s%s",
                        Report.grouped(number(step, "rows")),
                        Report.grouped(number(step, "kept")),
                        Report.size(bytes),
                        seconds,
                        "filter".equals(step.getString("step")) ? rate(bytes, seconds) : "")
                .stripTrailing());
        tellFiles(step);
        if (step.get("reason") instanceof JsonString reason) {
            report.item("", "reason: " + reason.getString());
        }
        return "DONE".equals(step.getString("state"));
    }

    private static String rate(long bytes, double seconds) {
        return seconds > 0 ? String.format(Locale.ROOT, " %6.1f MB/s", bytes / 1e6 / seconds) : "";
    }

    private void tellFiles(JsonObject step) {
        if (step.get("files") instanceof JsonArray files) {
            for (JsonObject file : files.getValuesAs(JsonObject.class)) {
                String sha256 = file.getString("sha256", "");
                report.item(
                        "",
                        "-> %-46s sha256 %s"
                                .formatted(
                                        file.getString("name", "?"),
                                        sha256.substring(0, Math.min(12, sha256.length()))));
            }
        }
    }

    private static long number(JsonObject step, String name) {
        return step.get(name) instanceof JsonNumber number ? number.longValue() : 0;
    }

    private static double seconds(JsonObject step) {
        if (step.get("startedAt") instanceof JsonString from && step.get("finishedAt") instanceof JsonString to) {
            return Duration.between(Instant.parse(from.getString()), Instant.parse(to.getString()))
                            .toNanos()
                    / 1e9;
        }
        return 0;
    }
}
