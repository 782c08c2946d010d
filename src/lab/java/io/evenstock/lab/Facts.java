package io.evenstock.lab;

import jakarta.json.Json;
import jakarta.json.JsonArray;
import jakarta.json.JsonArrayBuilder;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import jakarta.json.JsonValue;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/** Tells Evenstock over HTTP what a shop's other systems would: the catalogue, sales, shipments, acknowledgements. */
final class Facts {

    private static final int BATCH = 1_000;
    private static final Duration OPENED = Duration.ofHours(-20);
    private static final Duration ACKNOWLEDGED = Duration.ofHours(-5);
    private static final Duration ACKNOWLEDGED_SINCE = Duration.ofMinutes(20);

    private final ApiClient api;
    private final Instant asOf;
    /** Event ids hold for ever: a second demo on the same database must not repeat the first one's. */
    private final String run;

    Facts(ApiClient api, Instant asOf, String run) {
        this.api = api;
        this.asOf = asOf;
        this.run = run;
    }

    int putFacilities() throws IOException {
        return send(
                "PUT",
                "/api/facilities",
                Store.ALL.stream()
                        .map(store -> Json.createObjectBuilder()
                                .add("facilityId", store.facilityId())
                                .add("name", store.name())
                                .build())
                        .toList());
    }

    int putProducts(ResetInventoryGenerator generator) throws IOException {
        for (int from = 0; from < generator.products(); from += BATCH) {
            send(
                    "PUT",
                    "/api/products",
                    IntStream.range(from, Math.min(from + BATCH, generator.products()))
                            .mapToObj(i -> json(generator.product(i)))
                            .toList());
        }
        return generator.products();
    }

    private static JsonObject json(Product product) {
        return Json.createObjectBuilder()
                .add("productId", product.productId())
                .add("name", product.name())
                .add("active", product.active())
                .add("safetyStock", 0)
                .add(
                        "identifications",
                        Json.createArrayBuilder()
                                .add(identified(Json.createObjectBuilder(), product))
                                .add(Json.createObjectBuilder()
                                        .add("idType", "RETAILPRO_SID")
                                        .add("idValue", product.itemSid()))
                                .add(Json.createObjectBuilder()
                                        .add("idType", "ALU")
                                        .add("idValue", product.alu())))
                .build();
    }

    private static JsonObjectBuilder identified(JsonObjectBuilder object, Product product) {
        return object.add("idType", "UPCA").add("idValue", product.upc());
    }

    /** The count with which each pair starts, the day before. */
    int postOpenings(List<Story> stories) throws IOException {
        return adjust(stories.stream()
                .filter(story -> story.opening() != 0)
                .map(story -> adjustment(story, "opening", story.opening(), "CYCLE_COUNT", asOf.plus(OPENED)))
                .toList());
    }

    /** All sales of one kind. */
    int postSales(List<Story> stories, Happening happening) throws IOException {
        return adjust(stories.stream()
                .filter(story -> story.units(happening) > 0)
                .map(story -> adjustment(
                        story, happening.name(), -story.units(happening), "POS_SALE", asOf.plus(happening.sinceAsOf())))
                .toList());
    }

    /** A single sale, as a till sends it; answers its status. */
    String postSale(Story story, Happening happening) throws IOException {
        JsonObject sale = adjustment(
                story, happening.name(), -story.units(happening), "POS_SALE", asOf.plus(happening.sinceAsOf()));
        return api.call("POST", "/api/UpdateInventory", sale).asJsonObject().getString("status");
    }

    private JsonObject adjustment(Story story, String kind, int delta, String reason, Instant occurredAt) {
        return identified(
                        Json.createObjectBuilder()
                                .add("facilityId", story.store().facilityId()),
                        story.product())
                .add("availableDelta", delta)
                .add("varianceReasonId", reason)
                .add("eventId", id(story, kind))
                .add("occurredAt", occurredAt.toString())
                .add("comments", "demo")
                .build();
    }

    private String id(Story story, String kind) {
        return String.join(
                "-",
                "demo",
                run,
                kind,
                story.store().facilityId(),
                story.product().productId());
    }

    private int adjust(List<JsonObject> adjustments) throws IOException {
        for (List<JsonObject> batch : batches(adjustments)) {
            JsonArray answers =
                    api.call("POST", "/api/UpdateInventory", array(batch)).asJsonArray();
            for (JsonValue answer : answers) {
                requireApplied(answer.asJsonObject());
            }
        }
        return adjustments.size();
    }

    private static void requireApplied(JsonObject answer) {
        if (!"APPLIED".equals(answer.getString("status"))) {
            JsonValue problem = answer.getOrDefault("problem", answer);
            throw new ApiRefusal("POST /api/UpdateInventory", new Answer(200, problem));
        }
    }

    int postShipments(List<Story> stories) throws IOException {
        List<JsonObject> shipments = new ArrayList<>();
        for (Happening happening : Happening.values()) {
            stories.stream()
                    .filter(story -> happening.isShipment() && story.units(happening) > 0)
                    .map(story -> shipment(story, happening))
                    .forEach(shipments::add);
        }
        return send("POST", "/api/shipments", shipments);
    }

    private JsonObject shipment(Story story, Happening happening) {
        return Json.createObjectBuilder()
                .add("shipmentId", id(story, happening.name()))
                .add("facilityId", story.store().facilityId())
                .add("shippedAt", asOf.plus(happening.sinceAsOf()).toString())
                .add(
                        "items",
                        Json.createArrayBuilder()
                                .add(identified(Json.createObjectBuilder(), story.product())
                                        .add("shipmentItemSeqId", "00001")
                                        .add("quantity", story.units(happening))))
                .build();
    }

    int postAcknowledgements(List<Story> stories, Happening happening) throws IOException {
        Duration when = happening == Happening.SHIPPED_ACKNOWLEDGED ? ACKNOWLEDGED : ACKNOWLEDGED_SINCE;
        return send(
                "POST",
                "/api/acknowledgements",
                stories.stream()
                        .filter(story -> story.units(happening) > 0)
                        .map(story -> Json.createObjectBuilder()
                                .add("shipmentId", id(story, happening.name()))
                                .add("shipmentItemSeqId", "00001")
                                .add("acknowledgedAt", asOf.plus(when).toString())
                                .add("facilityId", story.store().facilityId())
                                .build())
                        .toList());
    }

    private int send(String method, String path, List<JsonObject> all) throws IOException {
        for (List<JsonObject> batch : batches(all)) {
            api.call(method, path, array(batch));
        }
        return all.size();
    }

    private static List<List<JsonObject>> batches(List<JsonObject> all) {
        return IntStream.iterate(0, from -> from < all.size(), from -> from + BATCH)
                .mapToObj(from -> all.subList(from, Math.min(from + BATCH, all.size())))
                .toList();
    }

    private static JsonArray array(List<JsonObject> objects) {
        JsonArrayBuilder array = Json.createArrayBuilder();
        objects.forEach(array::add);
        return array.build();
    }
}
