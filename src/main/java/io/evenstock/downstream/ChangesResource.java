package io.evenstock.downstream;

import io.evenstock.http.PageLimit;
import io.evenstock.http.ProblemException;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.json.Json;
import jakarta.json.JsonArrayBuilder;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import org.jspecify.annotations.Nullable;

/** {@code GET /api/inventory/changes}: what was published after a cursor, of pairs or of a channel's products. */
@Path("inventory/changes")
@ApplicationScoped
@Produces(MediaType.APPLICATION_JSON)
public class ChangesResource {
    private static final int MAX_LIMIT = 10_000;

    @Inject
    Changes changes;

    @Inject
    Channels channels;

    @GET
    public String changes(
            @QueryParam("after") @Nullable String after,
            @QueryParam("channel") @Nullable String channel,
            @QueryParam("limit") @DefaultValue("1000") int limit) {
        PageLimit.require(limit, MAX_LIMIT);
        Integer key = channel == null ? null : channels.key(channel);
        Changes.Page page = changes.after(cursor(after), limit, key);
        JsonArrayBuilder items = Json.createArrayBuilder();
        page.items().forEach(change -> items.add(change.json()));
        return Json.createObjectBuilder()
                .add("items", items)
                .add("next", page.next().toString())
                .build()
                .toString();
    }

    static Cursor cursor(@Nullable String text) {
        if (text == null || text.isBlank()) {
            return Cursor.START;
        }
        return Cursor.of(text)
                .orElseThrow(
                        () -> ProblemException.invalid(null, "after must be a cursor as next tells it, not " + text));
    }
}
