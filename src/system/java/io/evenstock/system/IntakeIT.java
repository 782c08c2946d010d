package io.evenstock.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.evenstock.lab.Answer;
import jakarta.json.JsonArray;
import jakarta.json.JsonObject;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Sales, shipments, acknowledgements: once, in any order, and never without a key. */
@ExtendWith(Evenstock.class)
class IntakeIT {
    private static final String STORE = "101";

    @ParameterizedTest
    @CsvSource({
        "GET,/api/cycles",
        "GET,/api/cycles/2026-01-01",
        "POST,/api/cycles/2026-01-01/list",
        "GET,/api/inventory?facilityId=1",
        "PUT,/api/products",
        "PUT,/api/facilities",
        "POST,/api/shipments",
        "POST,/api/acknowledgements",
        "POST,/api/UpdateInventory",
        "POST,/api/service/updateInventoryByIdentification",
        "GET,/api/no/such/path"
    })
    void noCallWithoutAKey(String method, String path, Evenstock.Running evenstock) throws IOException {
        for (String key : new String[] {null, "", "evs_" + "A".repeat(43)}) {
            Answer answer =
                    evenstock.api().withKey(key).send(method, path, method.equals("GET") ? null : Shop.json("[]"));
            assertEquals(401, answer.status(), () -> method + " " + path + " with " + key);
            assertEquals("/problems/unauthorized", answer.body().asJsonObject().getString("type"));
        }
    }

    @Test
    void aRepeatChangesNothingAndOtherContentIsRefused(Evenstock.Running evenstock) throws IOException {
        Shop shop = openShop(evenstock);
        JsonObject first = shop.move(STORE, 1, -1, "sale-1", shop.at("10:00"));
        JsonObject again = shop.move(STORE, 1, -1, "sale-1", shop.at("10:00"));
        Answer other = shop.api()
                .post("/api/UpdateInventory", Shop.json(shop.movement(STORE, 1, -2, "sale-1", shop.at("10:00"))));

        assertEquals("APPLIED", first.getString("status"));
        assertEquals("REPEATED", again.getString("status"));
        assertEquals("APPLIED", again.getString("firstStatus"));
        assertEquals(first.getInt("entryId"), again.getInt("entryId"));
        assertEquals(409, other.status());
        shop.expect(STORE, 1, -1, 0, 0);
    }

    @Test
    void theIdempotencyKeyServesInPlaceOfTheEventId(Evenstock.Running evenstock) throws IOException {
        Shop shop = openShop(evenstock);
        String sale = """
                {"facilityId":"%s","idType":"UPCA","idValue":"%s","availableDelta":%d}""";
        String path = "/api/service/updateInventoryByIdentification";
        Map<String, String> key = Map.of("Idempotency-Key", "key-" + shop.subsidiary());
        String one = sale.formatted(shop.facility(STORE), shop.upc(1), -1);
        shop.api().send("POST", path, one, key);
        Answer again = shop.api().send("POST", path, one, key);
        Answer other = shop.api().send("POST", path, sale.formatted(shop.facility(STORE), shop.upc(1), -3), key);

        assertEquals("REPEATED", again.body().asJsonObject().getString("status"));
        assertEquals(422, other.status());
        shop.expect(STORE, 1, -1, 0, 0);
    }

    @ParameterizedTest
    @ValueSource(strings = {"%1$s%2$s", "%1$s %2$s", "[%1$s][%2$s]", "%1$s garbage", "[%1$s],", "%1$s\f", "%1$s}"})
    void nothingOfABodyIsDropped(String body, Evenstock.Running evenstock) throws IOException {
        Shop shop = openShop(evenstock);
        String one = shop.movement(STORE, 1, -1, "one", shop.at("10:00")).strip();
        String two = shop.movement(STORE, 1, -2, "two", shop.at("10:00")).strip();

        HttpResponse<String> answer = evenstock.raw().call("POST", "/api/UpdateInventory", body.formatted(one, two));

        assertEquals(400, answer.statusCode(), answer::body);
        assertEquals("Something follows the JSON", RawClient.json(answer).getString("detail"));
        shop.expect(STORE, 1, 0, 0, 0);
        assertEquals(
                200,
                evenstock
                        .raw()
                        .call("POST", "/api/UpdateInventory", " \t\r\n" + one + " \t\r\n")
                        .statusCode());
        shop.expect(STORE, 1, -1, 0, 0);
    }

    @Test
    void anEventIdGoesBeforeTheIdempotencyKey(Evenstock.Running evenstock) throws IOException {
        Shop shop = openShop(evenstock);
        RawClient raw = evenstock.raw();
        String[] key = {"Idempotency-Key", "k"};
        String withoutId = shop.movement(STORE, 1, -3, "x", shop.at("10:00")).replace("\"eventId\":\"x\",", "");
        raw.call("POST", "/api/UpdateInventory", shop.movement(STORE, 1, -1, "e", shop.at("10:00")), key);

        HttpResponse<String> one =
                raw.call("POST", "/api/UpdateInventory", shop.movement(STORE, 1, -2, "e", shop.at("10:00")), key);
        assertEquals(409, one.statusCode(), one::body);
        assertEquals("/eventId", RawClient.json(one).getString("pointer"));
        String array = "[" + withoutId + "," + shop.movement(STORE, 1, -2, "e", shop.at("10:00")) + "]";
        Answer many = shop.api().send("POST", "/api/UpdateInventory", array, Map.of(key[0], key[1]));
        assertEquals("APPLIED", many.body().asJsonArray().getJsonObject(0).getString("status"));
        assertEquals(
                409,
                many.body()
                        .asJsonArray()
                        .getJsonObject(1)
                        .getJsonObject("problem")
                        .getInt("status"));
        Answer again =
                shop.api().send("POST", "/api/UpdateInventory", array.replace("-3", "-4"), Map.of(key[0], key[1]));
        JsonObject other = again.body().asJsonArray().getJsonObject(0).getJsonObject("problem");
        assertEquals(422, other.getInt("status"));
        assertTrue(!other.containsKey("pointer"), other::toString);
        shop.expect(STORE, 1, -4, 0, 0);
    }

    @Test
    void idempotencyKeysAndEventIdsNeverMeet(Evenstock.Running evenstock) throws IOException {
        Shop shop = openShop(evenstock);
        String sale = shop.movement(STORE, 1, -1, "x", shop.at("10:00")).replace("\"eventId\":\"x\",", "");
        String path = "/api/UpdateInventory";
        shop.move(STORE, 1, -1, "k", shop.at("10:00"));
        shop.move(STORE, 1, -1, "k-0", shop.at("10:00"));

        for (String key : new String[] {"k", "k-0", "k#0", "#0:k", "0:k"}) {
            HttpResponse<String> answer = evenstock.raw().call("POST", path, sale, "Idempotency-Key", key);
            assertEquals("APPLIED", RawClient.json(answer).getString("status"), key);
        }
        for (String status : new String[] {"APPLIED", "REPEATED"}) {
            Answer array = shop.api().send("POST", path, "[" + sale + "," + sale + "]", Map.of("Idempotency-Key", "k"));
            for (int i = 0; i < 2; i++) {
                assertEquals(status, array.body().asJsonArray().getJsonObject(i).getString("status"));
            }
        }
        shop.expect(STORE, 1, -9, 0, 0);
        for (String made : new String[] {"idempotency-key:k", "idempotency-key#0:k", "unrepeatable-1"}) {
            HttpResponse<String> answer =
                    evenstock.raw().call("POST", path, shop.movement(STORE, 1, -1, made, shop.at("10:00")));
            assertEquals(400, answer.statusCode(), made);
            assertEquals("/eventId", RawClient.json(answer).getString("pointer"));
        }
    }

    @Test
    void whatIsShippedOfTheUnknownWaitsAndSaysSo(Evenstock.Running evenstock) throws IOException {
        Shop shop = openShop(evenstock);
        String shipment =
                """
                [{"shipmentId":"%s","facilityId":"%s","shippedAt":"%s","items":[
                  {"shipmentItemSeqId":"1","idType":"UPCA","idValue":"%s","quantity":1},
                  {"shipmentItemSeqId":"2","idType":"UPCA","idValue":"%s","quantity":1}]}]""".formatted(shop.shipment("q"), shop.facility(STORE), shop.at("00:10"), shop.upc(1), shop.upc(9));
        Answer shipped = shop.api().send("POST", "/api/shipments", shipment, Map.of());
        assertEquals(202, shipped.status());
        assertEquals("[RECORDED, QUARANTINED]", statuses(shipped));
        Answer repeated = shop.api().send("POST", "/api/shipments", shipment, Map.of());
        assertEquals(200, repeated.status());
        assertEquals("[REPEATED, REPEATED]", statuses(repeated));

        String acknowledgement = """
                [{"shipmentId":"%s","shipmentItemSeqId":"%s","acknowledgedAt":"%s","facilityId":"%s","transferSlipAt":%s}]""";
        Answer elsewhere = shop.api()
                .send(
                        "POST",
                        "/api/acknowledgements",
                        acknowledgement.formatted(
                                shop.shipment("q"),
                                "1",
                                shop.at("00:30"),
                                shop.facility("999"),
                                "\"" + shop.at("00:40") + "\""),
                        Map.of());
        assertEquals(202, elsewhere.status());
        assertEquals("[QUARANTINED]", statuses(elsewhere));
        Answer here = shop.api()
                .send(
                        "POST",
                        "/api/acknowledgements",
                        acknowledgement.formatted(
                                shop.shipment("q"), "2", shop.at("00:30"), shop.facility(STORE), "null"),
                        Map.of());
        assertEquals(200, here.status());
        assertEquals("[RECORDED]", statuses(here));
    }

    @Test
    void aTransferSlipIsNotOfTheFuture(Evenstock.Running evenstock) throws IOException {
        Shop shop = openShop(evenstock);
        HttpResponse<String> answer = evenstock.raw().call("POST", "/api/acknowledgements", """
                [{"shipmentId":"%s","shipmentItemSeqId":"1","acknowledgedAt":"%s","transferSlipAt":"2999-01-01T00:00:00Z"}]""".formatted(
                        shop.shipment("f"), shop.at("00:30")));
        assertEquals(400, answer.statusCode(), answer::body);
        assertEquals("/0/transferSlipAt", RawClient.json(answer).getString("pointer"));
    }

    @Test
    void importsMayBeLongerThanCallsOfATill(Evenstock.Running evenstock) throws IOException {
        Shop shop = openShop(evenstock);
        String product =
                "{\"productId\":\"bulk-%1$s-%2$d\",\"identifications\":[{\"idType\":\"SKU\",\"idValue\":\"bulk-%1$s-%2$d\"}]}";
        String acknowledgement = "{\"shipmentId\":\"bulk-%s\",\"shipmentItemSeqId\":\"%d\",\"acknowledgedAt\":\""
                + shop.at("00:30") + "\"}";
        String shipment = "{\"shipmentId\":\"bulk-%1$s-%2$d\",\"facilityId\":\"" + shop.facility(STORE)
                + "\",\"shippedAt\":\"" + shop.at("00:10")
                + "\",\"items\":[{\"shipmentItemSeqId\":\"1\",\"idType\":\"SKU\",\"idValue\":\"bulk-%1$s-1\",\"quantity\":1}]}";
        shop.succeed("PUT", "/api/products", many(product, shop, 10_000));
        shop.succeed("POST", "/api/acknowledgements", many(acknowledgement, shop, 10_000));
        shop.succeed("POST", "/api/shipments", many(shipment, shop, 10_000));

        for (String path : new String[] {"/api/products", "/api/facilities"}) {
            Answer tooMany = shop.api().send("PUT", path, many("{}", shop, 10_001), Map.of());
            assertEquals(400, tooMany.status(), path);
            assertTrue(tooMany.problem().contains("1 to 10000 elements"), tooMany::problem);
        }
        Answer page = shop.api().send("GET", "/api/inventory?limit=10000&facilityId=" + shop.facility(STORE), null);
        assertEquals(200, page.status());
        Answer beyond = shop.api().send("GET", "/api/inventory?limit=10001&facilityId=" + shop.facility(STORE), null);
        assertEquals(400, beyond.status());
    }

    private static String many(String element, Shop shop, int count) {
        return IntStream.rangeClosed(1, count)
                .mapToObj(i -> element.formatted(shop.subsidiary(), i))
                .collect(Collectors.joining(",", "[", "]"));
    }

    private static String statuses(Answer answer) {
        return answer.body().asJsonObject().getJsonArray("results").stream()
                .map(result -> result.asJsonObject().getString("status"))
                .toList()
                .toString();
    }

    @Test
    void aBadElementDoesNotSpoilTheOthers(Evenstock.Running evenstock) throws IOException {
        Shop shop = openShop(evenstock);
        String array = "[%s,%s,%s,%s]"
                .formatted(
                        shop.movement(STORE, 1, 5, "a", shop.at("10:00")),
                        shop.movement(STORE, 1, 0, "b", shop.at("10:00")),
                        shop.movement(STORE, 1, 7, "a", shop.at("10:00")),
                        shop.movement(STORE, 1, 2, "c", shop.at("10:00")));

        JsonArray answers = shop.succeed("POST", "/api/UpdateInventory", array).asJsonArray();

        assertEquals("APPLIED", answers.getJsonObject(0).getString("status"));
        assertEquals("REFUSED", answers.getJsonObject(1).getString("status"));
        assertEquals(
                "/1/availableDelta",
                answers.getJsonObject(1).getJsonObject("problem").getString("pointer"));
        assertEquals("REFUSED", answers.getJsonObject(2).getString("status"));
        assertEquals(409, answers.getJsonObject(2).getJsonObject("problem").getInt("status"));
        assertEquals("APPLIED", answers.getJsonObject(3).getString("status"));
        shop.expect(STORE, 1, 7, 0, 7);
    }

    @Test
    void whatIsUnknownWaitsAndTakesEffectWhenKnown(Evenstock.Running evenstock) throws IOException {
        Shop shop = evenstock.newShop();
        Answer kept = shop.api()
                .post("/api/UpdateInventory", Shop.json(shop.movement(STORE, 1, -1, "early", shop.at("10:00"))));
        assertEquals(202, kept.status());
        assertEquals("QUARANTINED", kept.body().asJsonObject().getString("status"));
        shop.ship("early", STORE, 1, 2, shop.at("10:00"));

        shop.knowFacilities(STORE);
        shop.knowProducts(1);

        shop.expect(STORE, 1, -3, 0, 0);
        assertEquals(
                "REPEATED", shop.move(STORE, 1, -1, "early", shop.at("10:00")).getString("status"));
    }

    @Test
    void anAmbiguousValueIsNeverGuessed(Evenstock.Running evenstock) throws IOException {
        Shop shop = openShop(evenstock);
        shop.succeed("PUT", "/api/products", """
                [{"productId":"twin-%s","identifications":[{"idType":"UPCA","idValue":"%s"}]}]""".formatted(shop.subsidiary(), shop.upc(1)));

        Answer answer = shop.api()
                .post("/api/UpdateInventory", Shop.json(shop.movement(STORE, 1, -1, "sale", shop.at("10:00"))));

        assertEquals(422, answer.status());
        assertTrue(answer.problem().contains("names several products"), answer::problem);
        Answer read = shop.api()
                .send(
                        "GET",
                        "/api/inventory?facilityId=%s&idType=UPCA&idValue=%s"
                                .formatted(shop.facility(STORE), shop.upc(1)),
                        null);
        assertEquals(400, read.status());
        assertTrue(read.problem().contains("names several products"), read::problem);
    }

    @Test
    void acknowledgementsMayComeEarlyTwiceAndLate(Evenstock.Running evenstock) throws IOException {
        Shop shop = openShop(evenstock);
        shop.acknowledge("1", shop.at("00:30"));
        shop.ship("1", STORE, 1, 2, shop.at("00:10"));
        shop.ship("2", STORE, 1, 3, shop.at("00:20"));
        shop.upload(shop.row(STORE, 1, "10"));
        shop.run("list", "filter", "reset");
        shop.expect(STORE, 1, 10, 3, 7);

        shop.acknowledge("2", shop.at("00:40"));
        shop.acknowledge("2", shop.at("00:40"));
        shop.expect(STORE, 1, 10, 0, 10);
        shop.ship("3", STORE, 1, 4, shop.at("00:15"));
        shop.expect(STORE, 1, 6, 0, 6);
        shop.run("variance");
        shop.expect(STORE, 1, 6, 0, 6);
    }

    @Test
    void aCorrectionInQuarantineDoesNotEndWhatItCorrects(Evenstock.Running evenstock) throws IOException {
        Shop shop = openShop(evenstock);
        shop.ship("1", STORE, 1, 2, shop.at("00:10"));
        shop.acknowledge("1", shop.at("00:30"));
        shop.upload(shop.row(STORE, 1, "10"));
        shop.run("list", "filter", "reset");
        shop.expect(STORE, 1, 10, 0, 10);

        shop.succeed("POST", "/api/acknowledgements", """
                [{"shipmentId":"%s","shipmentItemSeqId":"00001","revision":1,"acknowledgedAt":"%s","facilityId":"%s"}]
                """.formatted(
                        shop.shipment("1"), shop.at("00:30"), shop.facility("102")));
        shop.expect(STORE, 1, 10, 0, 10);
        assertEquals(10, ledgersEnd(shop));

        shop.knowFacilities("102");
        shop.expect(STORE, 1, 8, 0, 8);
        assertEquals(8, ledgersEnd(shop));
    }

    private static int ledgersEnd(Shop shop) throws IOException {
        JsonArray entries = shop.api()
                .get("/api/inventory/ledger?facilityId=%s&idType=UPCA&idValue=%s"
                        .formatted(shop.facility(STORE), shop.upc(1)))
                .asJsonObject()
                .getJsonArray("items");
        return entries.getJsonObject(entries.size() - 1).getInt("quantityOnHand");
    }

    @Test
    void whatWasShippedStaysWhatItWasThoughItsIdentificationNowNamesAnotherProduct(Evenstock.Running evenstock)
            throws IOException {
        Shop shop = evenstock.newShop();
        shop.knowFacilities("101");
        shop.knowProducts(1);
        shop.ship("1", "101", 1, 2, shop.at("00:10"));
        shop.expect("101", 1, -2, 0, 0);
        shop.succeed("PUT", "/api/products", """
                [{"productId":"%1$s","identifications":[{"idType":"SKU","idValue":"%2$s"}]},
                 {"productId":"%3$s","identifications":[{"idType":"UPCA","idValue":"%2$s"}]}]""".formatted(shop.productId(1), shop.upc(1), shop.productId(2)));

        shop.ship("1", "101", 1, 2, shop.at("00:10"));
        shop.acknowledge("1", shop.at("00:30"));

        String onHand = "/api/inventory?facilityId=" + shop.facility("101") + "&idType=%s&idValue=" + shop.upc(1);
        assertEquals(-2, shop.api().get(onHand.formatted("SKU")).asJsonObject().getInt("quantityOnHand"));
        assertEquals(0, shop.api().get(onHand.formatted("UPCA")).asJsonObject().getInt("quantityOnHand"));
    }

    @Test
    void aShipmentLeavesOneFacility(Evenstock.Running evenstock) throws IOException {
        Shop shop = openShop(evenstock);
        shop.knowFacilities("102");
        shop.ship("1", STORE, 1, 2, shop.at("00:10"));

        Answer answer = shop.api().post("/api/shipments", Shop.json("""
                [{"shipmentId":"%s","facilityId":"%s","shippedAt":"%s","items":[
                  {"shipmentItemSeqId":"00002","idType":"UPCA","idValue":"%s","quantity":2}]}]
                """.formatted(
                        shop.shipment("1"), shop.facility("102"), shop.at("00:10"), shop.upc(1))));

        assertEquals(409, answer.status());
        assertTrue(answer.problem().contains("was recorded from facility " + shop.facility(STORE)), answer::problem);
        shop.expect(STORE, 1, -2, 0, 0);
    }

    @Test
    void anInvoiceElsewhereCountsAtBothFacilities(Evenstock.Running evenstock) throws IOException {
        Shop shop = openShop(evenstock);
        shop.knowFacilities("102");
        shop.ship("1", STORE, 1, 2, shop.at("00:10"));
        String acknowledgement = """
                [{"shipmentId":"%s","shipmentItemSeqId":"00001","acknowledgedAt":"%s","facilityId":"%s"%s}]""";
        shop.succeed(
                "POST",
                "/api/acknowledgements",
                acknowledgement.formatted(shop.shipment("1"), shop.at("00:30"), shop.facility("102"), ""));
        shop.upload(shop.row(STORE, 1, "10"), shop.row("102", 1, "5"));
        shop.run("list", "filter", "reset");
        shop.expect(STORE, 1, 10, 2, 8);
        shop.expect("102", 1, 5, 0, 5);
        shop.run("variance");
        shop.expect(STORE, 1, 8, 0, 8);
        shop.expect("102", 1, 7, 0, 7);

        shop.succeed(
                "POST",
                "/api/acknowledgements",
                acknowledgement.formatted(
                        shop.shipment("1"),
                        shop.at("00:30"),
                        shop.facility("102"),
                        ",\"transferSlipAt\":\"" + shop.at("00:50") + "\""));
        shop.expect(STORE, 1, 10, 0, 10);
        shop.expect("102", 1, 5, 0, 5);
    }

    @Test
    void aSnapshotThatIsNotNewerChangesNothing(Evenstock.Running evenstock) throws IOException {
        Shop shop = openShop(evenstock);
        shop.upload(shop.row(STORE, 1, "10"));
        shop.run("list", "filter", "reset", "variance");
        Shop next = shop.nextDay();
        next.uploadFile(shop.resetFileName(), Shop.HEADER + "\n" + shop.row(STORE, 1, "99") + "\n");
        next.run("list");

        JsonObject filter = next.end("filter");

        assertEquals("FAILED", filter.getString("state"), filter::toString);
        shop.expect(STORE, 1, 10, 0, 10);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            /facilityId     | {"idType":"UPCA","idValue":"1","availableDelta":-1}
            /availableDelta | {"facilityId":"a","idType":"UPCA","idValue":"1","availableDelta":1.5}
            /availableDelta | {"facilityId":"a","idType":"UPCA","idValue":"1","availableDelta":2147483648}
            /availableDelta | {"facilityId":"a","idType":"UPCA","idValue":"1","availableDelta":1e400}
            /availableDelta | {"facilityId":"a","idType":"UPCA","idValue":"1","availableDelta":"-1"}
            /idValue        | {"facilityId":"a","idType":"UPCA","idValue":7,"availableDelta":-1}
            /occurredAt     | {"facilityId":"a","idType":"UPCA","idValue":"1","availableDelta":-1,"occurredAt":"today"}
            /occurredAt     | {"facilityId":"a","idType":"UPCA","idValue":"1","availableDelta":-1,"occurredAt":"2999-01-01T00:00:00Z"}
            ''              | {"facilityId":"a","facilityId":"b"}
            ''              | {"facilityId":
            ''              | [[[[[[[[[[[[]]]]]]]]]]]]
            """)
    void aBadFieldIsNamedByItsPointer(String pointer, String body, Evenstock.Running evenstock) throws IOException {
        Answer answer = evenstock.api().send("POST", "/api/UpdateInventory", body, Map.of());
        assertEquals(400, answer.status(), answer::problem);
        assertEquals(pointer, answer.body().asJsonObject().getString("pointer"), answer::problem);
    }

    private static Shop openShop(Evenstock.Running evenstock) throws IOException {
        Shop shop = evenstock.newShop();
        shop.knowFacilities(STORE);
        shop.knowProducts(1);
        return shop;
    }
}
