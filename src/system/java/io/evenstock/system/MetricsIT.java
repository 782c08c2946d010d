package io.evenstock.system;

import static io.evenstock.system.RawClient.header;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the server tells of itself, and to whom. */
@ExtendWith(Evenstock.class)
class MetricsIT {
    private static final String FROM = "X-Forwarded-For";
    private static final Pattern NAME = Pattern.compile("\\b(?:evenstock|jvm)_[a-z0-9_]+");

    @ParameterizedTest
    @ValueSource(strings = {"/api/metrics", "/api/health/live", "/api/health/ready"})
    void nearbyNobodyNeedsAKey(String path, Evenstock.Running evenstock) throws IOException {
        RawClient nobody = evenstock.raw().withKey(null);
        assertEquals(200, nobody.get(path).statusCode());
        assertEquals(200, nobody.get(path, FROM, "192.168.7.8").statusCode());
        assertEquals(401, nobody.get(path, FROM, "203.0.113.9").statusCode());
        assertEquals(
                401,
                nobody.get(path, FROM, "127.0.0.1, 203.0.113.9").statusCode(),
                "what a caller adds is not believed");
        assertEquals(200, evenstock.raw().get(path, FROM, "203.0.113.9").statusCode(), "with a key");
    }

    @Test
    void callsAreCountedByTheirTemplate(Evenstock.Running evenstock) throws IOException {
        double before =
                value(evenstock, "evenstock_http_requests_total{method=\"GET\",route=\"runs/{id}\",status=\"404\"}");
        evenstock.raw().get("/api/runs/999998");
        evenstock.raw().get("/api/runs/999999");
        double after =
                value(evenstock, "evenstock_http_requests_total{method=\"GET\",route=\"runs/{id}\",status=\"404\"}");
        assertEquals(2, after - before);
        assertTrue(value(evenstock, "evenstock_http_request_seconds_count{route=\"runs/{id}\"}") >= 2);
    }

    @Test
    void pathsThatAreNotThereAreOne(Evenstock.Running evenstock) throws IOException {
        evenstock.raw().get("/api/some/nonsense-17");
        evenstock.raw().call("BREW", "/api/tea", (String) null);
        String metrics = metrics(evenstock).body();
        assertTrue(metrics.contains("route=\"none\""));
        assertTrue(!metrics.contains("nonsense") && !metrics.contains("BREW"), "no label of the caller's making");
    }

    @Test
    void theDashboardAsksForWhatThereIs(Evenstock.Running evenstock) throws IOException {
        HttpResponse<String> metrics = metrics(evenstock);
        assertTrue(header(metrics, "Content-Type").startsWith("text/plain"));
        Set<String> there = names(metrics.body());
        Set<String> asked = names(Files.readString(Path.of("../docs/grafana/evenstock.json")));
        assertTrue(asked.size() >= 10, asked::toString);
        asked.removeAll(there);
        assertEquals(Set.of(), asked);
    }

    @Test
    void theServersOwnHealthHasTheSameChecks(Evenstock.Running evenstock) throws IOException {
        HttpResponse<String> health = evenstock.raw().withKey(null).get("/health");
        assertEquals(200, health.statusCode());
        assertTrue(health.body().contains("evenstock-database"), health::body);
        assertTrue(evenstock.raw().withKey(null).get("/health/live").body().contains("evenstock"));
    }

    private static HttpResponse<String> metrics(Evenstock.Running evenstock) throws IOException {
        return evenstock.raw().withKey(null).get("/api/metrics");
    }

    private static double value(Evenstock.Running evenstock, String sample) throws IOException {
        return metrics(evenstock)
                .body()
                .lines()
                .filter(line -> line.startsWith(sample + " "))
                .mapToDouble(line -> Double.parseDouble(line.substring(sample.length() + 1)))
                .findFirst()
                .orElse(0);
    }

    private static Set<String> names(String text) {
        Set<String> names = new TreeSet<>();
        Matcher name = NAME.matcher(text);
        while (name.find()) {
            names.add(name.group());
        }
        return names;
    }
}
