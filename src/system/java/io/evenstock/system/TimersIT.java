package io.evenstock.system;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.evenstock.database.Schema;
import io.evenstock.lab.ApiClient;
import io.evenstock.lab.EvenstockServer;
import jakarta.json.JsonObject;
import jakarta.json.JsonValue;
import java.io.IOException;
import java.nio.file.Files;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.api.parallel.ResourceLock;

/**
 * The timers ask for the steps, at the times and in the zone of the settings, and on as many nodes as there are. Runs beside
 * the others: it mostly waits.
 */
@ExtendWith(Evenstock.class)
@Execution(ExecutionMode.CONCURRENT)
@ResourceLock("timers")
class TimersIT {
    private static final ZoneId FAR_EAST = ZoneId.of("Pacific/Kiritimati");
    private static final ZoneId FAR_WEST = ZoneId.of("Pacific/Pago_Pago");
    /** The tick that puts the timers right comes ten seconds after the start. */
    private static final Duration FIRST_TICK = Duration.ofSeconds(20);

    /** Two nodes that boot at a time take twice as long as one, and more on a busy machine. */
    private static final int BOOTS_AHEAD = 4;

    @Test
    void theTimersOfTwoNodesAskForTheStepsAndOneCarriesThemOut(Evenstock.Running evenstock) throws IOException {
        ZonedDateTime due =
                in(FAR_EAST, evenstock.bootTime().multipliedBy(BOOTS_AHEAD).plus(FIRST_TICK));
        String cycle = "/api/cycles/" + due.toLocalDate();
        try (EvenstockServer one = evenstock.launch("timers", at(due));
                EvenstockServer other = evenstock.launch("timers", at(due))) {
            one.awaitReady(EvenstockServer.BOOT_LIMIT);
            other.awaitReady(EvenstockServer.BOOT_LIMIT);
            JsonObject night = awaitNight(
                    evenstock.apiOf(one),
                    cycle,
                    found -> state(found, 0).equals("DONE")
                            && state(found, 1).equals("FAILED")
                            // A timer may ring a moment early by the database's clock; then the tick asks again.
                            && state(found, 3).equals("WAITING")
                            && reason(found, 3).contains("its reset is"));

            assertEquals(1, step(night, 0).getInt("attempt"), night::toString);
            assertEquals(1, step(night, 1).getInt("attempt"), night::toString);
            assertEquals("WAITING", state(night, 2), night::toString);
            assertTrue(reason(night, 1).contains("No Reset Inventory File"), night::toString);
        }
    }

    /** No node was up when the steps were due; the pause of one of them is respected. */
    @Test
    void aNodeCatchesUpWithWhatWasMissedButForWhatIsPaused(Evenstock.Running evenstock)
            throws IOException, SQLException {
        String database = databaseWithAPause(evenstock);
        // After the database was set up, and long before a node can be up.
        ZonedDateTime due = in(FAR_WEST, Duration.ofSeconds(1));
        Map<String, String> settings = at(due);
        settings.put("EVENSTOCK_SCHEDULE_CATCH_UP", "LAST");
        settings.put("EVENSTOCK_DB_URL", database);
        settings.put("EVENSTOCK_WORK_DIR", evenstock.newFolder("late-work").toString());
        settings.put("EVENSTOCK_FEED_ENABLED", "false");
        try (EvenstockServer node = evenstock.node("late", settings)) {
            JsonObject night = awaitNight(
                    evenstock.apiOf(node),
                    "/api/cycles/" + due.toLocalDate(),
                    found -> state(found, 0).equals("DONE") && state(found, 3).equals("WAITING"));

            assertEquals("PLANNED", state(night, 1), "paused on all nodes");
            assertEquals("its filter is PLANNED", reason(night, 2));
            assertEquals(
                    due.toLocalTime(),
                    LocalTime.parse(
                            timer(evenstock.apiOf(node).get("/api/timers").asJsonObject(), "reset")
                                    .getString("time")));
        }
    }

    /** The timers ring while the database is away; they themselves ring again a day later only. */
    @Test
    void aRingThatTheDatabaseDidNotHearIsToldAgain(Evenstock.Running evenstock) throws IOException {
        ZonedDateTime due =
                in(FAR_WEST, evenstock.bootTime().multipliedBy(BOOTS_AHEAD).plus(FIRST_TICK));
        try (FaultyLink link = new FaultyLink(evenstock.newDatabase("deaf"))) {
            Map<String, String> settings = at(due);
            settings.put("EVENSTOCK_DB_URL", link.url());
            settings.put("EVENSTOCK_WORK_DIR", evenstock.newFolder("deaf-work").toString());
            settings.put("EVENSTOCK_FEED_ENABLED", "false");
            try (EvenstockServer node = evenstock.node("deaf", settings)) {
                link.down();
                assertTrue(Instant.now(Clock.systemUTC()).isBefore(due.toInstant()), "no timer has rung yet");
                for (String step : new String[] {"list", "filter", "reset", "variance"}) {
                    await(step)
                            .atMost(Duration.ofMinutes(4))
                            .until(() -> Files.readString(node.log()).contains("The timer '" + step + "' failed"));
                }
                link.up();
                node.awaitReady(EvenstockServer.BOOT_LIMIT);
                JsonObject night = awaitNight(
                        evenstock.apiOf(node),
                        "/api/cycles/" + due.toLocalDate(),
                        found -> state(found, 0).equals("DONE")
                                && state(found, 1).equals("FAILED")
                                && state(found, 2).equals("WAITING")
                                && state(found, 3).equals("WAITING"));

                assertEquals(1, step(night, 0).getInt("attempt"), night::toString);
            }
        }
    }

    private static ZonedDateTime in(ZoneId zone, Duration ahead) {
        return ZonedDateTime.now(Clock.system(zone)).plus(ahead).truncatedTo(ChronoUnit.SECONDS);
    }

    /** @return its JDBC address */
    private static String databaseWithAPause(Evenstock.Running evenstock) throws SQLException {
        String url = evenstock.newDatabase("late");
        Schema.migrate(url, evenstock.setting("EVENSTOCK_DB_USER"), evenstock.setting("EVENSTOCK_DB_PASSWORD"));
        try (Connection connection = evenstock.connect(url);
                Statement statement = connection.createStatement()) {
            statement.execute(
                    "insert into timer_pause (step, paused_by, reason) values ('filter', 'anna', 'stocktaking')");
        }
        return url;
    }

    private static Map<String, String> at(ZonedDateTime due) {
        Map<String, String> settings = new HashMap<>();
        settings.put("EVENSTOCK_ZONE", due.getZone().getId());
        settings.put("EVENSTOCK_SCHEDULE_ENABLED", "true");
        for (String step : new String[] {"LIST", "FILTER", "RESET", "VARIANCE"}) {
            settings.put("EVENSTOCK_SCHEDULE_" + step, due.toLocalTime().toString());
        }
        return settings;
    }

    private static JsonObject awaitNight(ApiClient node, String cycle, Predicate<JsonObject> wanted) {
        return await().atMost(Duration.ofMinutes(4))
                .pollInterval(Duration.ofMillis(500))
                .until(() -> node.get(cycle).asJsonObject(), wanted);
    }

    static JsonObject timer(JsonObject timers, String step) {
        return timers.getJsonArray("items").stream()
                .map(JsonValue::asJsonObject)
                .filter(each -> each.getString("step").equals(step))
                .findFirst()
                .orElseThrow();
    }

    private static JsonObject step(JsonObject night, int step) {
        return night.getJsonArray("steps").getJsonObject(step);
    }

    private static String state(JsonObject night, int step) {
        return step(night, step).getString("state");
    }

    private static String reason(JsonObject night, int step) {
        return step(night, step).getString("reason");
    }
}
