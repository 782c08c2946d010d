package io.evenstock.system;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.evenstock.lab.Answer;
import io.evenstock.lab.ApiClient;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import jakarta.json.JsonReader;
import jakarta.json.JsonValue;
import java.io.IOException;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** A retailer for one test: facilities, products and nights of its own, so that tests do not meet. */
final class Shop {
    static final ZoneId ZONE = ZoneId.of("America/New_York");
    static final String HEADER = "sbs_no,store_code,item_sid,upc,alu,description1,qty";

    private static final int DAYS_BACK = 600;
    private static final DateTimeFormatter NAME =
            DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'", Locale.ROOT).withZone(ZoneId.of("UTC"));

    /**
     * An Evenstock that serves shops.
     *
     * @param sftpRoot the local folder below which its SFTP folders have the names that are their defaults
     */
    record Site(ApiClient api, Path sftpRoot) {}

    private final Site site;
    private final int number;
    private final LocalDate date;

    Shop(Site site, int number) {
        this(site, number, today().minusDays(DAYS_BACK - 3L * number));
    }

    Shop(Site site, int number, LocalDate date) {
        this.site = site;
        this.number = number;
        this.date = date;
    }

    /** The same shop, told to another node. */
    Shop at(ApiClient node) {
        return new Shop(new Site(node, site.sftpRoot()), number, date);
    }

    static LocalDate today() {
        return LocalDate.now(Clock.system(ZONE));
    }

    /** The same retailer, a day later. */
    Shop nextDay() {
        return new Shop(site, number, date.plusDays(1));
    }

    ApiClient api() {
        return site.api();
    }

    /** This shop's subsidiary number, as Retail Pro writes it. */
    String subsidiary() {
        return String.format(Locale.ROOT, "%03d", number);
    }

    String facility(String storeCode) {
        return subsidiary() + "-" + storeCode;
    }

    /** A UPC with leading zeros, of this shop only. */
    String upc(int product) {
        return String.format(Locale.ROOT, "00%04d%06d", number, product);
    }

    LocalDate date() {
        return date;
    }

    /** A local time of the night of the business date. */
    Instant at(String time) {
        return date.atTime(LocalTime.parse(time)).atZone(ZONE).toInstant();
    }

    Instant asOf() {
        return at("00:55");
    }

    String resetFileName() {
        return resetFileName(asOf());
    }

    String resetFileName(Instant asOf) {
        return resetFile(asOf);
    }

    /** The name under which Retail Pro uploads a night's file. */
    static String resetFile(Instant asOf) {
        return "ResetInventory_" + NAME.format(asOf) + ".csv";
    }

    String filteredFileName() {
        return "ActiveResetInventory_" + NAME.format(asOf()) + ".csv";
    }

    String varianceFileName() {
        return "InventoryVariance_" + NAME.format(asOf()) + ".csv";
    }

    void knowFacilities(String... storeCodes) throws IOException {
        for (String storeCode : storeCodes) {
            succeed("PUT", "/api/facilities", """
                    [{"facilityId":"%s","name":"Store %s"}]""".formatted(facility(storeCode), storeCode));
        }
    }

    void knowProducts(int... products) throws IOException {
        for (int product : products) {
            knowProduct(product, true);
        }
    }

    void knowProduct(int product, boolean active) throws IOException {
        succeed("PUT", "/api/products", """
                [{"productId":"%s","name":"Product %d","active":%b,"identifications":[
                  {"idType":"UPCA","idValue":"%s"},{"idType":"SKU","idValue":"SKU-%s"}]}]
                """.formatted(productId(product), product, active, upc(product), upc(product)));
    }

    /** Makes the product known, or known anew, with what a unit is worth. */
    void price(int product, String unitPrice) throws IOException {
        succeed("PUT", "/api/products", """
                [{"productId":"%s","name":"Product %d","unitPrice":%s,"identifications":[{"idType":"UPCA","idValue":"%s"}]}]
                """.formatted(productId(product), product, unitPrice, upc(product)));
    }

    String productId(int product) {
        return "P" + number + "-" + product;
    }

    /** A movement told by UpdateInventory. */
    JsonObject move(String storeCode, int product, int delta, String eventId, Instant occurredAt) throws IOException {
        return succeed("POST", "/api/UpdateInventory", movement(storeCode, product, delta, eventId, occurredAt))
                .asJsonObject();
    }

    String movement(String storeCode, int product, int delta, String eventId, Instant occurredAt) {
        return """
                {"facilityId":"%s","idType":"UPCA","idValue":"%s","availableDelta":%d,"varianceReasonId":"POS_SALE",
                 "eventId":"%s","occurredAt":"%s"}
                """.formatted(facility(storeCode), upc(product), delta, eventId, occurredAt);
    }

    void ship(String shipmentId, String storeCode, int product, int quantity, Instant shippedAt) throws IOException {
        succeed("POST", "/api/shipments", """
                [{"shipmentId":"%s","facilityId":"%s","shippedAt":"%s","items":[
                  {"shipmentItemSeqId":"00001","idType":"UPCA","idValue":"%s","quantity":%d}]}]
                """.formatted(
                        shipment(shipmentId), facility(storeCode), shippedAt, upc(product), quantity));
    }

    /** The id by which this shop's shipment is known. */
    String shipment(String shipmentId) {
        return "S" + number + "-" + shipmentId;
    }

    void acknowledge(String shipmentId, Instant acknowledgedAt) throws IOException {
        succeed("POST", "/api/acknowledgements", """
                [{"shipmentId":"%s","shipmentItemSeqId":"00001","acknowledgedAt":"%s"}]
                """.formatted(shipment(shipmentId), acknowledgedAt));
    }

    /** A row of the Reset Inventory File in the layout of {@link #HEADER}. */
    String row(String storeCode, int product, String quantity) {
        return row(storeCode, upc(product), quantity);
    }

    String row(String storeCode, String upc, String quantity) {
        return subsidiary() + "," + storeCode + ",5550001,\"" + upc + "\",A1,\"shirt, \"\"blue\"\"\nlong\"," + quantity;
    }

    /** Uploads the night's Reset Inventory File. */
    void upload(String... rows) {
        uploadFile(resetFileName(), HEADER + "\r\n" + String.join("\r\n", rows) + "\r\n");
    }

    void uploadFile(String name, String content) {
        uploadFile(name, content.getBytes(StandardCharsets.UTF_8));
    }

    void uploadFile(String name, byte[] content) {
        put(inbox().resolve(name), content);
    }

    /** Replaces a file in one go, as an upload with rename does. */
    static void put(Path file, byte[] content) {
        try {
            Path part = Files.write(file.resolveSibling(file.getFileName() + ".uploading"), content);
            Files.move(part, file, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    Path inbox() {
        return site.sftpRoot().resolve("retailpro/reset");
    }

    Path filtered() {
        return site.sftpRoot().resolve("evenstock/reset");
    }

    /** Where the frequent feed arrives. */
    Path feed() {
        return site.sftpRoot().resolve("erp/reset");
    }

    /** The name of a feed's file of this shop. */
    String feedFileName(Instant asOf) {
        return "Stock-%s-%s.csv".formatted(subsidiary(), NAME.format(asOf));
    }

    Path variance() {
        return site.sftpRoot().resolve("evenstock/variance");
    }

    /** Runs steps one after the other; each must be DONE. */
    void run(String... steps) throws IOException {
        for (String step : steps) {
            JsonObject ended = end(step);
            assertEquals("DONE", ended.getString("state"), ended::toString);
        }
    }

    /** Runs a step and waits for its end, whatever it is. */
    JsonObject end(String step) throws IOException {
        return end(api(), step);
    }

    JsonObject end(ApiClient node, String step) throws IOException {
        Answer answer = node.send("POST", "/api/cycles/" + date + "/" + step, null);
        assertEquals(202, answer.status(), answer::problem);
        return await().atMost(Duration.ofMinutes(2))
                .pollInterval(Duration.ofMillis(50))
                .until(() -> step(step), ended -> !ended.getString("state").equals("RUNNING"));
    }

    JsonObject step(String step) throws IOException {
        return api().get("/api/cycles/" + date).asJsonObject().getJsonArray("steps").stream()
                .map(JsonValue::asJsonObject)
                .filter(each -> each.getString("step").equals(step))
                .findFirst()
                .orElseThrow();
    }

    JsonObject inventory(String storeCode, int product) throws IOException {
        return api().get("/api/inventory?facilityId=%s&idType=UPCA&idValue=%s"
                        .formatted(facility(storeCode), upc(product)))
                .asJsonObject();
    }

    /** Files are put away after the commit: a moment later than the step is DONE. */
    void awaitFile(Path file) {
        await(file.toString()).atMost(Duration.ofSeconds(30)).until(() -> Files.exists(file));
    }

    /** QOH, withheld and ATP must be these. */
    void expect(String storeCode, int product, int onHand, int withheld, int available) throws IOException {
        JsonObject figure = inventory(storeCode, product);
        assertEquals(
                "QOH %d, withheld %d, ATP %d".formatted(onHand, withheld, available),
                "QOH %d, withheld %d, ATP %d"
                        .formatted(
                                figure.getInt("quantityOnHand"),
                                figure.getInt("withheld"),
                                figure.getInt("availableToPromise")),
                figure::toString);
    }

    JsonValue succeed(String method, String path, String body) throws IOException {
        return api().call(method, path, json(body));
    }

    static JsonValue json(@Nullable String text) {
        try (JsonReader reader = Json.createReader(new StringReader(String.valueOf(text)))) {
            return reader.readValue();
        }
    }
}
