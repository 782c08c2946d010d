package io.evenstock.system;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.evenstock.lab.EvenstockServer;
import jakarta.json.JsonObject;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** The timers ask for the steps, at the times and in the zone of the settings. Runs beside the others: it mostly waits. */
@ExtendWith(Evenstock.class)
@Execution(ExecutionMode.CONCURRENT)
class TimersIT {
    private static final ZoneId FAR_EAST = ZoneId.of("Pacific/Kiritimati");
    private static final Duration AHEAD = Duration.ofSeconds(75);

    @Test
    void theTimersAskForTheStepsOfTheBusinessDate(Evenstock.Running evenstock) throws IOException {
        ZonedDateTime due =
                ZonedDateTime.now(Clock.system(FAR_EAST)).plus(AHEAD).truncatedTo(ChronoUnit.SECONDS);
        Map<String, String> settings = new HashMap<>();
        settings.put("EVENSTOCK_ZONE", FAR_EAST.getId());
        settings.put("EVENSTOCK_SCHEDULE_ENABLED", "true");
        for (String step : new String[] {"LIST", "FILTER", "RESET", "VARIANCE"}) {
            settings.put("EVENSTOCK_SCHEDULE_" + step, due.toLocalTime().toString());
        }
        try (EvenstockServer node = evenstock.node("timers", settings)) {
            String cycle = "/api/cycles/" + due.toLocalDate();
            JsonObject night = await().atMost(Duration.ofMinutes(4))
                    .pollInterval(Duration.ofMillis(500))
                    .until(
                            () -> evenstock.apiOf(node).get(cycle).asJsonObject(),
                            found -> state(found, 0).equals("DONE")
                                    && state(found, 1).equals("FAILED")
                                    && state(found, 3).equals("WAITING"));

            assertEquals("WAITING", state(night, 2), night::toString);
            assertTrue(reason(night, 1).contains("No Reset Inventory File"), night::toString);
            assertTrue(reason(night, 3).contains("its reset is"), night::toString);
        }
    }

    private static String state(JsonObject night, int step) {
        return night.getJsonArray("steps").getJsonObject(step).getString("state");
    }

    private static String reason(JsonObject night, int step) {
        return night.getJsonArray("steps").getJsonObject(step).getString("reason");
    }
}
