package io.evenstock.system;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.evenstock.lab.ApiClient;
import io.evenstock.simulator.Figure;
import jakarta.json.JsonObject;
import java.io.IOException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What was published last, as whoever asks for changes from the first to the last knows it; and what the self-audit says. */
final class Published {
    private static final Duration LONGEST = Duration.ofMinutes(5);

    private Published() {}

    /** All that may have gone wrong is over: each figure is the sum of its facts, and was published as it is. */
    static void requireEven(OwnSite site, ApiClient node) throws IOException {
        Map<String, Figure> told = told(node, facilities(site));
        awaitPublished(node, told);
        awaitAudited(node);
        System.out.printf("[proof] %,d pairs even, and published as they are%n", told.size());
    }

    /** The figures of facilities, by pair. */
    static Map<String, Figure> told(ApiClient node, Collection<String> facilities) throws IOException {
        Map<String, Figure> told = new TreeMap<>();
        for (String facility : facilities) {
            for (JsonObject each : node.items("/api/inventory?limit=1000&facilityId=" + facility, "")) {
                told.put(pair(each), HttpStockSystem.figure(each));
            }
        }
        return told;
    }

    /** Each pair was published last with its figure, and no other pair was. */
    static void awaitPublished(ApiClient node, Map<String, Figure> told) {
        Map<String, String> expected = new TreeMap<>();
        told.forEach((pair, figure) -> expected.put(pair, words(figure.quantityOnHand(), figure.availableToPromise())));
        await("what is published").atMost(LONGEST).untilAsserted(() -> assertEquals(expected, published(node)));
    }

    private static Map<String, String> published(ApiClient node) throws IOException {
        Map<String, String> published = new TreeMap<>();
        for (JsonObject each : node.items("/api/inventory/changes?limit=1000", "")) {
            published.put(
                    pair(each),
                    words(
                            each.getJsonNumber("quantityOnHand").longValueExact(),
                            each.getJsonNumber("availableToPromise").longValueExact()));
        }
        return published;
    }

    private static String words(long onHand, long available) {
        return "QOH %d, ATP %d".formatted(onHand, available);
    }

    private static String pair(JsonObject figure) {
        return figure.getString("facilityId") + " " + figure.getString("productId");
    }

    /** A pass that began since says so. */
    private static void awaitAudited(ApiClient node) {
        Instant since = Clock.systemUTC().instant();
        JsonObject verdict = await("a pass of the self-audit")
                .atMost(LONGEST)
                .until(() -> node.get("/api/self-audit").asJsonObject(), now -> begunAfter(since, now));
        assertEquals("GREEN", verdict.getString("light"), verdict::toString);
    }

    private static boolean begunAfter(Instant since, JsonObject verdict) {
        return !verdict.isNull("lastPass")
                && Instant.parse(verdict.getJsonObject("lastPass").getString("startedAt"))
                        .isAfter(since);
    }

    private static List<String> facilities(OwnSite site) throws IOException {
        List<String> facilities = new ArrayList<>();
        try (Connection connection = site.database().connect();
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("select facility_id from facility")) {
            while (rows.next()) {
                facilities.add(rows.getString(1));
            }
        } catch (SQLException away) {
            throw new IOException(away);
        }
        return facilities;
    }
}
