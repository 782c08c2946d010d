package io.evenstock.inventory;

import io.evenstock.http.PageLimit;
import io.evenstock.http.ProblemException;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.json.Json;
import jakarta.json.JsonArrayBuilder;
import jakarta.json.JsonObjectBuilder;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import java.time.DateTimeException;
import java.time.LocalDate;
import org.jspecify.annotations.Nullable;

/** {@code /api/drift}: what the nights' files told that the facts did not; by night, by facility, pair by pair. */
@Path("drift")
@ApplicationScoped
@Produces(MediaType.APPLICATION_JSON)
public class DriftResource {
    private static final int MAX_NIGHTS = 400;
    private static final int MAX_FACILITIES = 10_000;

    @Inject
    Drift drift;

    /** The newest nights, the newest first. */
    @GET
    public String nights(
            @QueryParam("facilityId") @Nullable String facilityId, @QueryParam("limit") @DefaultValue("30") int limit) {
        PageLimit.require(limit, MAX_NIGHTS);
        JsonArrayBuilder items = Json.createArrayBuilder();
        drift.nights(facilityId, limit).forEach(night -> items.add(json(night)));
        return Json.createObjectBuilder().add("items", items).build().toString();
    }

    /** A night by facility; of one facility pair by pair. */
    @GET
    @Path("{businessDate}")
    public String night(
            @PathParam("businessDate") String businessDate, @QueryParam("facilityId") @Nullable String facilityId) {
        LocalDate date = date(businessDate);
        Drift.Night night = drift.night(date)
                .orElseThrow(() -> ProblemException.notFound("The night of " + date + " was not compared"));
        JsonObjectBuilder answer = json(night);
        if (facilityId == null) {
            JsonArrayBuilder facilities = Json.createArrayBuilder();
            drift.facilities(night.runId(), MAX_FACILITIES)
                    .forEach(each -> facilities.add(
                            sums(Json.createObjectBuilder().add("facilityId", each.facilityId()), each.sums())));
            return answer.add("byFacility", facilities).build().toString();
        }
        JsonArrayBuilder differences = Json.createArrayBuilder();
        drift.differences(night.runId(), facilityId, Drift.PAIRS_KEPT).forEach(each -> differences.add(json(each)));
        return answer.add("differences", differences).build().toString();
    }

    private static LocalDate date(String text) {
        try {
            return LocalDate.parse(text);
        } catch (DateTimeException noDate) {
            throw ProblemException.invalid(null, "A business date is like 2026-11-22");
        }
    }

    private static JsonObjectBuilder json(Drift.Night night) {
        return sums(
                Json.createObjectBuilder()
                        .add("businessDate", night.businessDate().toString())
                        .add("runId", night.runId())
                        .add("asOf", night.asOf().toString())
                        .add("facilities", night.facilities()),
                night.sums());
    }

    private static JsonObjectBuilder sums(JsonObjectBuilder of, Drift.Sums sums) {
        return of.add("pairs", sums.pairs())
                .add("firstPairs", sums.firstPairs())
                .add("pairsDiffering", sums.differing())
                .add("unitsMore", sums.more())
                .add("unitsLess", sums.less());
    }

    private static JsonObjectBuilder json(Drift.Difference difference) {
        return Json.createObjectBuilder()
                .add("productId", difference.productId())
                .add("quantity", difference.quantity())
                .add("expected", difference.expected())
                .add("difference", difference.difference())
                .add("lateMovements", difference.lateMoved())
                .add("lateShipments", difference.lateShipped())
                .add("unexplained", difference.rest())
                .add("cause", difference.cause().name())
                .add("certain", difference.cause().certain());
    }
}
