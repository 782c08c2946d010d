package io.evenstock.movement;

import io.evenstock.http.PageLimit;
import io.evenstock.http.ProblemException;
import io.evenstock.movement.TillReport.Position;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.json.Json;
import jakarta.json.JsonArray;
import jakarta.json.JsonArrayBuilder;
import jakarta.json.JsonObjectBuilder;
import jakarta.json.JsonReader;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** {@code GET /api/tills}: each till's own count of its events, and which numbers never came. */
@Path("tills")
@ApplicationScoped
@Produces(MediaType.APPLICATION_JSON)
public class TillResource {
    private static final int MAX_LIMIT = 1_000;
    private static final int LISTED_RANGES = 100;

    @Inject
    Tills tills;

    @GET
    public String tills(
            @QueryParam("facilityId") @Nullable String facilityId,
            @QueryParam("after") @Nullable String after,
            @QueryParam("limit") @DefaultValue("100") int limit) {
        PageLimit.require(limit, MAX_LIMIT);
        Position start = after == null ? Position.START : position(after);
        List<TillReport> page = tills.list(facilityId, start, LISTED_RANGES, limit);
        JsonArrayBuilder items = Json.createArrayBuilder();
        page.forEach(till -> items.add(json(till)));
        JsonObjectBuilder answer = Json.createObjectBuilder().add("items", items);
        if (page.size() == limit) {
            answer.add("next", cursor(page.get(limit - 1).position()));
        } else {
            answer.addNull("next");
        }
        return answer.build().toString();
    }

    private static JsonObjectBuilder json(TillReport till) {
        return Json.createObjectBuilder()
                .add("facilityId", till.position().facilityId())
                .add("tillId", till.position().tillId())
                .add("firstSequence", till.first())
                .add("lastSequence", till.last())
                .add("watchedFrom", till.watchedFrom())
                .add("toldAt", till.toldAt().toString())
                .add("missing", till.missing())
                .add("missingRanges", ranges(till.missingRanges()));
    }

    private static JsonArray ranges(String text) {
        try (JsonReader reader = Json.createReader(new StringReader(text))) {
            return reader.readArray();
        }
    }

    private static String cursor(Position position) {
        String text = position.facilityId() + "\n" + position.tillId();
        return Base64.getUrlEncoder().withoutPadding().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    private static Position position(String cursor) {
        try {
            String[] parts = new String(Base64.getUrlDecoder().decode(cursor), StandardCharsets.UTF_8).split("\n", -1);
            if (parts.length == 2 && cursor.length() <= 1_000) {
                return new Position(parts[0], parts[1]);
            }
        } catch (IllegalArgumentException notBase64) {
            // told below
        }
        throw ProblemException.invalid(null, "after is no cursor of tills: " + cursor);
    }
}
