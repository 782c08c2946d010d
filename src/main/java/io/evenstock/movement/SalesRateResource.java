package io.evenstock.movement;

import io.evenstock.http.PageLimit;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.json.Json;
import jakarta.json.JsonArrayBuilder;
import jakarta.json.JsonObjectBuilder;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;

/** {@code GET /api/sales-rates}: each facility's sales of the last hour against the usual. */
@Path("sales-rates")
@ApplicationScoped
@Produces(MediaType.APPLICATION_JSON)
public class SalesRateResource {
    private static final int MAX_LIMIT = 10_000;

    @Inject
    SalesRates rates;

    @GET
    public String rates(@QueryParam("limit") @DefaultValue("1000") int limit) {
        PageLimit.require(limit, MAX_LIMIT);
        JsonArrayBuilder items = Json.createArrayBuilder();
        rates.now(limit).forEach(rate -> items.add(json(rate)));
        return Json.createObjectBuilder()
                .add("windowMinutes", SalesRates.WINDOW_MINUTES)
                .add("items", items)
                .build()
                .toString();
    }

    private static JsonObjectBuilder json(SalesRate rate) {
        return Json.createObjectBuilder()
                .add("facilityId", rate.facilityId())
                .add("state", rate.state().name())
                .add("sales", rate.sales())
                .add("usual", rate.usual())
                .add("weeks", rate.weeks())
                .add("perMinute", rate.perMinute())
                .add("usualPerMinute", rate.usualPerMinute());
    }
}
