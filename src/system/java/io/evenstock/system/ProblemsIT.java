package io.evenstock.system;

import static io.evenstock.system.RawClient.header;
import static io.evenstock.system.RawClient.json;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import jakarta.json.JsonObject;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever comes in is refused in good order: the right status, the field, a page that explains; never a 5xx. */
@ExtendWith(Evenstock.class)
class ProblemsIT {
    private static final String SALE =
            "{\"facilityId\":\"p-1\",\"idType\":\"UPCA\",\"idValue\":\"1\",\"availableDelta\":%s%s}";

    static Stream<String> pages() throws IOException {
        try (Stream<Path> pages = Files.list(Path.of("../docs/problems"))) {
            return pages.map(page -> page.getFileName().toString().replace(".md", "")).toList().stream();
        }
    }

    @ParameterizedTest
    @MethodSource("pages")
    void aTypeIsTheAddressOfItsPage(String slug, Evenstock.Running evenstock) throws IOException {
        HttpResponse<String> page = evenstock.raw().withKey(null).get("/problems/" + slug);
        assertEquals(200, page.statusCode());
        assertEquals(Files.readString(Path.of("../docs/problems", slug + ".md")), page.body());
        assertTrue(header(page, "Content-Type").startsWith("text/plain"));
        assertEquals("nosniff", header(page, "X-Content-Type-Options"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"/problems/nothing", "/problems/%2e%2e/x", "/problems/"})
    void thereAreNoOtherPages(String path, Evenstock.Running evenstock) throws IOException {
        assertTrue(evenstock.raw().get(path).statusCode() >= 400, path);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "0",
                "1.5",
                "1.0",
                "1e400",
                "1e1",
                "-1E-400",
                "2147483648",
                "-2147483649",
                "\"1\"",
                "null",
                "true",
                "[1]",
                "{}",
                "99999999999999999999999999999999999999"
            })
    void aDeltaIsAWholeNumberOf32BitsAndNot0(String delta, Evenstock.Running evenstock) throws IOException {
        expect(400, "/availableDelta", evenstock.raw().call("POST", "/api/UpdateInventory", SALE.formatted(delta, "")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"-0.01", "0.001", "1e1", "10000000000", "\"1\"", "true", "[]"})
    void aPriceIsAnAmountWithTwoDecimals(String price, Evenstock.Running evenstock) throws IOException {
        expect(400, "/0/unitPrice", evenstock.raw().call("PUT", "/api/products", """
                        [{"productId":"priced","unitPrice":%s,"identifications":[{"idType":"SKU","idValue":"priced"}]}]
                        """.formatted(price)));
    }

    @Test
    void aNumberOfManyDigitsCostsNothing(Evenstock.Running evenstock) throws IOException {
        expect(
                400,
                null,
                evenstock.raw().call("POST", "/api/UpdateInventory", SALE.formatted("9".repeat(100_000), "")));
        expect(400, null, evenstock.raw().call("POST", "/api/UpdateInventory", SALE.formatted("1e999999999", "")));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                ",\"occurredAt\":\"2026-11-22T10:15:30\"|/occurredAt",
                ",\"occurredAt\":\"2026-02-30T10:15:30Z\"|/occurredAt",
                ",\"occurredAt\":\"yesterday\"|/occurredAt",
                ",\"occurredAt\":1795331234|/occurredAt",
                ",\"occurredAt\":\"2999-01-01T00:00:00Z\"|/occurredAt",
                ",\"bookedAt\":\"2999-01-01T00:00:00Z\"|/bookedAt",
                ",\"eventId\":\"\"|/eventId",
                ",\"eventId\":\"a\\u0000b\"|/eventId",
                ",\"comments\":\"\\ud800\"|/comments",
                ",\"varianceReasonId\":7|/varianceReasonId"
            })
    void eachFieldIsNamed(String rest, String pointer, Evenstock.Running evenstock) throws IOException {
        expect(400, pointer, evenstock.raw().call("POST", "/api/UpdateInventory", SALE.formatted("1", rest)));
        HttpResponse<String> many =
                evenstock.raw().call("POST", "/api/UpdateInventory", "[" + SALE.formatted("1", rest) + "]");
        JsonObject refused = Shop.json(many.body()).asJsonArray().getJsonObject(0);
        assertEquals("/0" + pointer, refused.getJsonObject("problem").getString("pointer"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "null",
                "1",
                "\"x\"",
                "{",
                "[]",
                "{} {}",
                "[1e9999999999]",
                "{\"a\":-1e-9999999999}",
                "{\"a\":1e2147483648}",
                "[1]]",
                "[}]",
                "{\"a\":1,\"a\":1}",
                "{'a':1}",
                "{\"a\":NaN}",
                "{\"a\":01}",
                "\uFEFF{}",
                "<x/>"
            })
    void whatIsNotJsonIsRefused(String body, Evenstock.Running evenstock) throws IOException {
        for (String path : new String[] {"/api/UpdateInventory", "/api/shipments", "/api/runs/1/approval"}) {
            HttpResponse<String> answer = evenstock.raw().call("POST", path, body, "Content-Type", "application/json");
            expect(400, null, answer);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"null", "1", "\"x\"", "true", " ", "]"})
    void aBodyIsAnObjectOrAnArray(String body, Evenstock.Running evenstock) throws IOException {
        HttpResponse<String> answer =
                evenstock.raw().call("POST", "/api/UpdateInventory", body, "Content-Type", "application/json");
        expect(400, "", answer);
        assertEquals("An object or an array is expected", json(answer).getString("detail"));
    }

    @Test
    void depthAndSizeAreBounded(Evenstock.Running evenstock) throws IOException {
        RawClient raw = evenstock.raw();
        expect(400, "", raw.call("POST", "/api/shipments", "[".repeat(10_000) + "]".repeat(10_000)));
        expect(400, "", raw.call("POST", "/api/shipments", "{\"a\":".repeat(10_000)));
        assertEquals(
                "/problems/too-large",
                json(raw.call("POST", "/api/shipments", new byte[9 << 20])).getString("type"));
        assertEquals(
                "At most 600000 values are taken",
                json(raw.call("POST", "/api/UpdateInventory", "[" + "{\"\":0},".repeat(300_000) + "{}]"))
                        .getString("detail"));
        String thousandAndOne = "[" + "{},".repeat(1_000) + "{}]";
        expect(400, "", raw.call("POST", "/api/UpdateInventory", thousandAndOne));
    }

    @Test
    void bodiesAreJsonInUtf8(Evenstock.Running evenstock) throws IOException {
        RawClient raw = evenstock.raw();
        String path = "/api/UpdateInventory";
        String sale = SALE.formatted("1", "");
        byte[] latin = SALE.formatted("1", ",\"comments\":\"\u00fc\"").getBytes(StandardCharsets.ISO_8859_1);

        expect(400, "", raw.call("POST", path, latin));
        expect(415, null, raw.call("POST", path, sale, "Content-Type", "application/json;charset=ISO-8859-1"));
        expect(415, null, raw.call("POST", path, sale, "Content-Encoding", "gzip"));
        for (String type : new String[] {"text/plain", "application/xml", "application/x-www-form-urlencoded"}) {
            expect(415, null, raw.call("POST", path, sale, "Content-Type", type));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/api/inventory",
                "/api/inventory?facilityId=%00",
                "/api/inventory?facilityId=a%0Ab",
                "/api/inventory?facilityId=p&idType=UPCA",
                "/api/inventory?facilityId=p&idType=UPCA&idValue=%00",
                "/api/runs?limit=abc",
                "/api/runs?limit=0",
                "/api/runs?limit=99999999999",
                "/api/runs?before=x",
                "/api/cycles/yesterday",
                "/api/cycles?limit=-1"
            })
    void parametersAreCheckedToo(String path, Evenstock.Running evenstock) throws IOException {
        expect(400, null, evenstock.raw().get(path));
    }

    @Test
    void aLongParameterIsRefused(Evenstock.Running evenstock) throws IOException {
        expect(400, null, evenstock.raw().get("/api/inventory?facilityId=" + "x".repeat(1_001)));
    }

    @ParameterizedTest
    @CsvSource({
        "GET, /api/nothing, 404, http-404",
        "GET, /api/cycles/2026-01-01/list/more, 404, http-404",
        "GET, /api/%63ycles, 404, http-404",
        "GET, /api/runs/999999, 404, not-found",
        "GET, /api/runs/abc, 404, http-404",
        "DELETE, /api/keys/999999, 404, not-found",
        "GET, /api/UpdateInventory, 405, http-405",
        "OPTIONS, /api/cycles, 405, http-405",
        "PATCH, /api/products, 405, http-405",
        "GET, /api/inventory?facilityId=unheard-of, 404, not-found"
    })
    void whatIsNotThereSaysSo(String method, String path, int status, String slug, Evenstock.Running evenstock)
            throws IOException {
        HttpResponse<String> answer = evenstock.raw().call(method, path, (String) null);
        assertEquals(status, answer.statusCode(), answer::body);
        assertEquals("/problems/" + slug, json(answer).getString("type"));
        assertEquals(status == 405, !header(answer, "Allow").isEmpty());
    }

    @Test
    void anAnswerThatCannotBeGivenIsA406(Evenstock.Running evenstock) throws IOException {
        HttpResponse<String> answer = evenstock.raw().get("/api/runs", "Accept", "application/xml");
        assertEquals(406, answer.statusCode());
    }

    @Test
    void everyAnswerHasAnIdAndTheLogHasIt(Evenstock.Running evenstock) throws IOException {
        HttpResponse<String> named = evenstock.raw().get("/api/nothing", "X-Request-Id", "till-17.4711");
        assertEquals("till-17.4711", header(named, "X-Request-Id"));
        HttpResponse<String> traced = evenstock
                .raw()
                .get("/api/nothing", "traceparent", "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01");
        assertEquals("4bf92f3577b34da6a3ce929d0e0e4736", header(traced, "X-Request-Id"));
        HttpResponse<String> made = evenstock.raw().get("/api/nothing", "X-Request-Id", "a b\" status=200");
        assertTrue(header(made, "X-Request-Id").matches("[0-9a-f]{32}"));
        await().until(() -> Files.readString(evenstock.log()).contains("request=" + header(made, "X-Request-Id")));
        String log = Files.readString(evenstock.log());
        assertTrue(log.contains("request=till-17.4711 method=GET"));
        assertFalse(log.contains("a b\" status=200"));
    }

    private static void expect(int status, @Nullable String pointer, HttpResponse<String> answer) {
        assertEquals(status, answer.statusCode(), answer::body);
        assertEquals("application/problem+json", header(answer, "Content-Type").replaceAll(";.*", ""));
        JsonObject problem = json(answer);
        assertEquals(status, problem.getInt("status"));
        assertTrue(problem.getString("type").startsWith("/problems/"));
        if (pointer != null) {
            assertEquals(pointer, problem.getString("pointer", "none"), answer::body);
        }
    }
}
