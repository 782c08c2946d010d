package io.evenstock.downstream;

import io.evenstock.database.Sql;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.json.Json;
import jakarta.json.JsonObjectBuilder;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;

/** {@code GET /api/downstream}: how far the publisher is behind, and the endpoints together. */
@Path("downstream")
@ApplicationScoped
@Produces(MediaType.APPLICATION_JSON)
public class DownstreamStatus {
    @Inject
    Sql sql;

    /**
     * What waits, of all nodes together.
     *
     * @param markedPairs pairs marked for publishing, a pair as often as it was marked
     * @param bulks runs, products and channels whose pairs wait
     * @param lagSeconds age of the oldest mark of a pair
     * @param bulkLagSeconds age of the oldest bulk
     */
    public record Waiting(int markedPairs, int bulks, double lagSeconds, double bulkLagSeconds) {}

    @GET
    public String status() {
        Waiting waiting = waiting();
        JsonObjectBuilder json = Json.createObjectBuilder()
                .add("markedPairs", waiting.markedPairs())
                .add("bulks", waiting.bulks())
                .add("lagSeconds", waiting.lagSeconds())
                .add("bulkLagSeconds", waiting.bulkLagSeconds());
        return sql.one(
                """
                select (select count(*) from published_inventory) as pairs,
                       count(*) filter (where state = 'ACTIVE') as active,
                       count(*) filter (where state = 'ACTIVE' and failures > 0) as failing,
                       count(*) filter (where state = 'DISABLED') as disabled
                from webhook
                """,
                row -> json.add("pairs", row.getLong("pairs"))
                        .add("activeWebhooks", row.getLong("active"))
                        .add("failingWebhooks", row.getLong("failing"))
                        .add("disabledWebhooks", row.getLong("disabled"))
                        .build()
                        .toString());
    }

    public Waiting waiting() {
        return sql.one(
                """
                select coalesce(sum(cardinality(facility_keys)), 0) as pairs,
                       coalesce(extract(epoch from clock_timestamp() - min(marked_at)), 0) as lag,
                       (select count(*) from dirty_bulk) as bulks,
                       (select coalesce(extract(epoch from clock_timestamp() - min(marked_at)), 0)
                        from dirty_bulk) as bulk_lag
                from dirty_pair
                """,
                row -> new Waiting(
                        row.getInt("pairs"), row.getInt("bulks"), row.getDouble("lag"), row.getDouble("bulk_lag")));
    }
}
