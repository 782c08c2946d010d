package io.evenstock.system;

import static io.evenstock.system.TimersIT.timer;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.evenstock.lab.Answer;
import jakarta.json.JsonObject;
import java.io.IOException;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZonedDateTime;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What the timers' calls tell, and what they refuse. Runs alone, unlike {@link TimersIT}: others pause these timers, too. */
@ExtendWith(Evenstock.class)
class PausesIT {
    @Test
    void timersTellWhenTheyFireNextAndWhoPausedThem(Evenstock.Running evenstock) throws IOException {
        JsonObject timers = evenstock.api().get("/api/timers").asJsonObject();
        assertEquals(Shop.ZONE.getId(), timers.getString("zone"));
        assertEquals(4, timers.getJsonArray("items").size());
        JsonObject list = timer(timers, "list");
        assertEquals("01:00", list.getString("time"));
        ZonedDateTime next = Instant.parse(list.getString("next")).atZone(Shop.ZONE);
        assertEquals(LocalTime.of(1, 0), next.toLocalTime());
        assertTrue(next.toInstant().isAfter(Instant.parse(timers.getString("now"))));
        assertFalse(list.getBoolean("paused"));
        JsonObject reset = timer(timers, "reset");
        assertTrue(reset.getJsonArray("notes").toString().contains("does not exist"), "New York's March: " + reset);
        JsonObject filter = timer(timers, "filter");
        assertTrue(filter.getJsonArray("notes").toString().contains("comes twice"), "New York's November: " + filter);

        Instant until = Instant.now(Clock.systemUTC()).plusSeconds(3_600).truncatedTo(ChronoUnit.SECONDS);
        JsonObject paused =
                post(evenstock, "filter/pause", "{\"reason\":\"Retail Pro is down\",\"until\":\"" + until + "\"}");
        assertTrue(paused.getBoolean("paused"));
        JsonObject seen = timer(evenstock.api().get("/api/timers").asJsonObject(), "filter");
        assertEquals("Retail Pro is down", seen.getString("reason"));
        assertEquals(until, Instant.parse(seen.getString("pausedUntil")));
        assertFalse(seen.getString("pausedBy").isBlank());

        assertFalse(post(evenstock, "filter/resume", null).getBoolean("paused"));
        assertFalse(post(evenstock, "filter/resume", null).getBoolean("paused"), "twice does no harm");
    }

    @Test
    void whatCannotBePausedIsRefused(Evenstock.Running evenstock) throws IOException {
        assertEquals(
                404,
                evenstock.api().send("POST", "/api/timers/lunch/pause", null).status());
        Answer past = evenstock
                .api()
                .send("POST", "/api/timers/list/pause", Shop.json("{\"until\":\"2020-01-01T00:00:00Z\"}"));
        assertEquals(400, past.status(), past::problem);
        assertFalse(
                timer(evenstock.api().get("/api/timers").asJsonObject(), "list").getBoolean("paused"));
    }

    private static JsonObject post(Evenstock.Running evenstock, String call, @Nullable String body) throws IOException {
        Answer answer = evenstock.api().send("POST", "/api/timers/" + call, body == null ? null : Shop.json(body));
        assertEquals(200, answer.status(), answer::problem);
        return answer.body().asJsonObject();
    }
}
