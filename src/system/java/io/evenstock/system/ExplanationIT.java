package io.evenstock.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.evenstock.lab.Answer;
import jakarta.json.JsonObject;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Why a figure is what it is, and how it came to be. */
@ExtendWith(Evenstock.class)
class ExplanationIT {
    private static final String NEW_YORK = "101";
    private static final String NASHVILLE = "102";

    @Test
    void eachTermStandsWithItsEntriesAndTheTermsAddUp(Evenstock.Running evenstock) throws IOException {
        Shop shop = afterTheReset(evenstock);
        JsonObject pending = explanation(shop, NEW_YORK, "");

        assertFigure(pending, 9 - 3, 4, 2);
        assertEquals(10, pending.getJsonObject("base").getInt("quantity"));
        assertEquals(
                shop.filteredFileName(),
                pending.getJsonObject("base").getJsonObject("file").getString("name"));
        assertEquals(64, source(pending).getString("sha256").length());
        assertEquals(shop.resetFileName(), source(pending).getString("name"));
        assertEquals(shop.asOf().toString(), pending.getJsonObject("base").getString("asOf"));
        assertTrue(pending.getJsonObject("base").getJsonObject("file").getInt("line") >= 2);
        assertEquals(List.of("late-but-booked-after -1"), entries(pending, "movements", "eventId"));
        assertEquals(List.of("late -2"), entries(pending, "absorbed", "eventId"));
        assertTrue(pending.getJsonObject("absorbed")
                .getJsonArray("entries")
                .getJsonObject(0)
                .getString("why")
                .contains("not after " + shop.asOf()));
        assertEquals(List.of("PENDING -2", "PENDING -2", "CARRIED -3"), entries(pending, "shipments", "tag"));

        shop.run("variance");

        JsonObject recorded = explanation(shop, NEW_YORK, "");
        assertFigure(recorded, 2, 0, 2);
        assertEquals(List.of("RECORDED -2", "RECORDED -2", "CARRIED -3"), entries(recorded, "shipments", "tag"));
        JsonObject elsewhere = explanation(shop, NASHVILLE, "");
        assertFigure(elsewhere, 7, 0, 7);
        assertEquals(List.of("RECORDED 2"), entries(elsewhere, "shipments", "tag"));
    }

    @Test
    void whatIsBeyondTheLimitIsSummedUp(Evenstock.Running evenstock) throws IOException {
        Shop shop = afterTheReset(evenstock);
        JsonObject bounded = explanation(shop, NEW_YORK, "&limit=1");
        assertFigure(bounded, 6, 4, 2);
        assertEquals(List.of("CARRIED -3"), entries(bounded, "shipments", "tag"));
        JsonObject omitted = bounded.getJsonObject("shipments").getJsonObject("omitted");
        assertEquals(2, omitted.getInt("count"));
        assertEquals(4, omitted.getInt("withheld"));
    }

    @Test
    void aPairNeverCoveredHasNoBase(Evenstock.Running evenstock) throws IOException {
        Shop shop = evenstock.newShop();
        shop.knowFacilities(NEW_YORK);
        shop.knowProducts(1);
        shop.move(NEW_YORK, 1, 5, "found", shop.at("10:00"));
        JsonObject explanation = explanation(shop, NEW_YORK, "");
        assertTrue(explanation.isNull("base"));
        assertFigure(explanation, 5, 0, 5);
    }

    @Test
    void theLedgerEndsAtTheQuantityOnHand(Evenstock.Running evenstock) throws IOException {
        Shop shop = afterTheReset(evenstock);
        shop.run("variance");
        shop.acknowledge("1", shop.at("00:20"));

        List<JsonObject> entries = ledger(shop, "").getJsonArray("items").getValuesAs(JsonObject.class);

        assertEquals(
                List.of(
                        "SHIPMENT -2 = -2",
                        "SHIPMENT -2 = -4",
                        "ACKNOWLEDGEMENT 0 = -4",
                        "RESET_RUN 14 = 10",
                        "MOVEMENT -1 = 9",
                        "MOVEMENT 0 = 9",
                        "SHIPMENT -3 = 6",
                        "VARIANCE -4 = 2",
                        "ACKNOWLEDGEMENT 2 = 4"),
                entries.stream().map(ExplanationIT::text).toList());
        shop.expect(NEW_YORK, 1, 4, 0, 4);
        assertTrue(
                entries.get(5).getString("why").startsWith("booked at"),
                () -> entries.get(5).toString());
        assertEquals(
                shop.filteredFileName(),
                entries.get(3).getJsonObject("reference").getString("file"));
    }

    @Test
    void theLedgerIsReadPageByPageAndGoesOn(Evenstock.Running evenstock) throws IOException {
        Shop shop = afterTheReset(evenstock);
        JsonObject first = ledger(shop, "&limit=4");
        JsonObject second = ledger(shop, "&after=" + first.getString("next"));
        JsonObject none = ledger(shop, "&after=" + second.getString("next"));
        assertEquals(4, first.getJsonArray("items").size());
        assertEquals(3, second.getJsonArray("items").size());
        assertEquals(0, none.getJsonArray("items").size());

        shop.move(NEW_YORK, 1, -1, "another", shop.at("10:00"));

        JsonObject news = ledger(shop, "&after=" + none.getString("next"));
        assertEquals(
                List.of("MOVEMENT -1 = 5"),
                news.getJsonArray("items").getValuesAs(JsonObject.class).stream()
                        .map(ExplanationIT::text)
                        .toList());
    }

    @ParameterizedTest
    @CsvSource({
        "400,explanation?idType=UPCA&idValue=1",
        "400,explanation?facilityId=nowhere&idType=UPCA",
        "404,explanation?facilityId=nowhere&idType=UPCA&idValue=1",
        "400,explanation?facilityId=nowhere&idType=UPCA&idValue=1&limit=0",
        "404,ledger?facilityId=nowhere&idType=UPCA&idValue=1",
        "400,ledger?facilityId=nowhere&idType=UPCA&idValue=1&after=x"
    })
    void aBadQuestionIsRefused(int status, String path, Evenstock.Running evenstock) throws IOException {
        Answer answer = evenstock.api().send("GET", "/api/inventory/" + path, null);
        assertEquals(status, answer.status(), answer::problem);
    }

    /** As-of 00:55 New York has 10: shipments 1 and 2 pending, the second invoiced in Nashville; 3 came late. */
    private static Shop afterTheReset(Evenstock.Running evenstock) throws IOException {
        Shop shop = evenstock.newShop();
        shop.knowFacilities(NEW_YORK, NASHVILLE);
        shop.knowProducts(1);
        shop.ship("1", NEW_YORK, 1, 2, shop.at("00:10"));
        shop.ship("2", NEW_YORK, 1, 2, shop.at("00:15"));
        shop.succeed("POST", "/api/acknowledgements", """
                [{"shipmentId":"%s","shipmentItemSeqId":"00001","acknowledgedAt":"%s","facilityId":"%s"}]
                """.formatted(
                        shop.shipment("2"), shop.at("00:30"), shop.facility(NASHVILLE)));
        shop.upload(shop.row(NEW_YORK, 1, "10"), shop.row(NASHVILLE, 1, "5"));
        shop.run("list", "filter", "reset");
        shop.move(NEW_YORK, 1, -1, "late-but-booked-after", shop.at("01:20"));
        shop.move(NEW_YORK, 1, -2, "late", shop.at("00:50"));
        shop.ship("3", NEW_YORK, 1, 3, shop.at("00:40"));
        return shop;
    }

    private static JsonObject explanation(Shop shop, String store, String more) throws IOException {
        return get(shop, "explanation", store, more);
    }

    private static JsonObject ledger(Shop shop, String more) throws IOException {
        return get(shop, "ledger", NEW_YORK, more);
    }

    private static JsonObject get(Shop shop, String what, String store, String more) throws IOException {
        return shop.api()
                .get("/api/inventory/%s?facilityId=%s&idType=UPCA&idValue=%s%s"
                        .formatted(what, shop.facility(store), shop.upc(1), more))
                .asJsonObject();
    }

    private static JsonObject source(JsonObject explanation) {
        return explanation.getJsonObject("base").getJsonObject("source");
    }

    private static List<String> entries(JsonObject explanation, String term, String name) {
        return explanation.getJsonObject(term).getJsonArray("entries").getValuesAs(JsonObject.class).stream()
                .map(entry -> entry.getString(name) + " " + entry.getInt("quantity"))
                .toList();
    }

    private static String text(JsonObject entry) {
        return "%s %d = %d"
                .formatted(entry.getString("source"), entry.getInt("change"), entry.getInt("quantityOnHand"));
    }

    /** The figure must be this, and what its terms add up to. */
    private static void assertFigure(JsonObject explanation, int onHand, int withheld, int available) {
        int base = explanation.isNull("base")
                ? 0
                : explanation.getJsonObject("base").getInt("quantity");
        int sum = base
                + explanation.getJsonObject("movements").getInt("quantity")
                + explanation.getJsonObject("shipments").getInt("quantity");
        assertEquals(onHand, sum, explanation::toString);
        assertEquals(onHand, explanation.getInt("quantityOnHand"), explanation::toString);
        assertEquals(withheld, explanation.getInt("withheld"), explanation::toString);
        assertEquals(available, explanation.getInt("availableToPromise"), explanation::toString);
    }
}
