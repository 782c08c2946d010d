package io.evenstock.downstream;

import jakarta.json.Json;
import jakarta.json.JsonArray;
import jakarta.json.JsonArrayBuilder;
import jakarta.json.JsonException;
import jakarta.json.JsonNumber;
import jakarta.json.JsonObject;
import jakarta.json.JsonReader;
import jakarta.json.JsonReaderFactory;
import jakarta.json.JsonString;
import jakarta.json.JsonValue;
import java.io.StringReader;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;

/**
 * Sets quantities in a Shopify store by its Admin GraphQL API, 2026-04 or later: {@code inventorySetQuantities}, at most 250 a
 * call, with the idempotency directive.
 *
 * <p>{@code changeFromQuantity} is passed as null, the published way to say that the caller is the source of truth. A mutation
 * applies all or nothing: quantities that the store refuses (an item that is not stocked there) are told and left out, and the
 * rest is sent again. When the store's cost bucket is too empty for the next call, or it answers THROTTLED, the pause is what
 * the bucket needs to fill.
 */
public final class Shopify {
    /** Most quantities in a call. */
    static final int MOST_QUANTITIES = 250;

    private static final int MOST_BYTES_READ = 1 << 20;
    private static final int MOST_REFUSALS_TOLD = 5;
    private static final int INDEX_AT = 2;
    private static final JsonReaderFactory READERS = Json.createReaderFactory(Map.of());
    private static final String MUTATION = """
            mutation Set($input: InventorySetQuantitiesInput!, $key: String!) {
              inventorySetQuantities(input: $input) @idempotent(key: $key) { userErrors { code field message } }
            }""";

    private final Sender sender;
    private final BooleanSupplier ours;

    /** @param ours whether this node may still send; asked before each call */
    Shopify(Sender sender, BooleanSupplier ours) {
        this.sender = sender;
        this.ours = ours;
    }

    /** A quantity of a pair to be set; the two ids are Shopify's global ones. */
    public record Quantity(
            int facilityKey, int productKey, String inventoryItemId, String locationId, long available) {}

    /** A quantity that the store did not take, and why, in its words. */
    public record Refusal(Quantity quantity, String code, String message) {
        @Override
        public String toString() {
            return quantity.inventoryItemId + " at " + quantity.locationId + ": " + code;
        }
    }

    /**
     * What came of a batch.
     *
     * @param taken what the store has set
     * @param refused what it did not take
     * @param pause to wait before the next batch
     */
    record Result(Attempt attempt, List<Quantity> taken, List<Refusal> refused, Duration pause) {}

    /**
     * Sets the quantities.
     *
     * @param id of the content: the same quantities have the same idempotency key, others never
     */
    Result set(URI address, String token, String id, List<Quantity> quantities) {
        List<Quantity> left = new ArrayList<>(quantities);
        List<Refusal> refused = new ArrayList<>();
        Result result = new Result(new Attempt(null, null, Duration.ZERO, Duration.ZERO), left, refused, Duration.ZERO);
        while (!left.isEmpty()) {
            if (!ours.getAsBoolean()) {
                return new Result(Attempt.overtaken(), List.of(), refused, Duration.ZERO);
            }
            Sender.Answer answer =
                    sender.post(address, Map.of("X-Shopify-Access-Token", token), body(id, left), MOST_BYTES_READ);
            int before = left.size();
            result = judged(answer, left, refused);
            if (!result.attempt.succeeded() || left.size() == before) {
                return result;
            }
        }
        return result;
    }

    private static String body(String id, List<Quantity> quantities) {
        JsonArrayBuilder set = Json.createArrayBuilder();
        for (Quantity quantity : quantities) {
            set.add(Json.createObjectBuilder()
                    .add("inventoryItemId", quantity.inventoryItemId)
                    .add("locationId", quantity.locationId)
                    .add("quantity", quantity.available)
                    .addNull("changeFromQuantity"));
        }
        String key = UUID.nameUUIDFromBytes((id + "/" + quantities.size()).getBytes(StandardCharsets.UTF_8))
                .toString();
        return Json.createObjectBuilder()
                .add("query", MUTATION)
                .add(
                        "variables",
                        Json.createObjectBuilder()
                                .add("key", key)
                                .add(
                                        "input",
                                        Json.createObjectBuilder()
                                                .add("name", "available")
                                                .add("reason", "correction")
                                                .add("referenceDocumentUri", "gid://evenstock/Message/" + id)
                                                .add("quantities", set)))
                .build()
                .toString();
    }

    /** Takes what the store refused out of {@code left}. */
    private static Result judged(Sender.Answer answer, List<Quantity> left, List<Refusal> refused) {
        JsonObject body = answer.good() ? object(answer.body()) : JsonValue.EMPTY_JSON_OBJECT;
        if (!answer.good() || body.isEmpty()) {
            return new Result(answer.failed(), List.of(), refused, Duration.ZERO);
        }
        Duration pause = pause(body);
        JsonObject mutation = child(child(body, "data"), "inventorySetQuantities");
        if (body.containsKey("errors") || !(mutation.get("userErrors") instanceof JsonArray userErrors)) {
            return failed(answer, "errors: " + first(body), refused, pause);
        }
        NavigableMap<Integer, JsonObject> faulty = new TreeMap<>();
        for (JsonObject error : userErrors.getValuesAs(JsonObject.class)) {
            index(error, left.size()).ifPresent(index -> faulty.putIfAbsent(index, error));
        }
        if (!userErrors.isEmpty() && faulty.isEmpty()) {
            return failed(answer, "refused: " + short300(userErrors.toString()), refused, pause);
        }
        faulty.descendingMap()
                .forEach((index, error) -> refused.add(
                        new Refusal(left.remove((int) index), text(error, "code"), text(error, "message"))));
        Attempt taken = new Attempt(answer.status(), null, Duration.ZERO, answer.took());
        return new Result(taken, faulty.isEmpty() ? left : List.of(), refused, pause);
    }

    private static Result failed(Sender.Answer answer, String why, List<Refusal> refused, Duration pause) {
        return new Result(new Attempt(answer.status(), why, pause, answer.took()), List.of(), refused, pause);
    }

    /** What the cost bucket needs until it holds the price of such a call. */
    private static Duration pause(JsonObject body) {
        JsonObject cost = child(child(body, "extensions"), "cost");
        JsonObject bucket = child(cost, "throttleStatus");
        double wanted = number(cost, "requestedQueryCost");
        double has = number(bucket, "currentlyAvailable");
        double rate = number(bucket, "restoreRate");
        return bucket.isEmpty() || rate <= 0 || has >= wanted
                ? Duration.ZERO
                : Duration.ofMillis((long) Math.ceil((wanted - has) / rate * 1_000));
    }

    /** Which quantity an error is about: its path is input, quantities, 3. */
    private static Optional<Integer> index(JsonObject error, int size) {
        if (error.get("field") instanceof JsonArray field
                && field.size() > INDEX_AT
                && field.get(INDEX_AT) instanceof JsonString text
                && text.getString().matches("[0-9]{1,3}")) {
            int index = Integer.parseInt(text.getString());
            return index < size ? Optional.of(index) : Optional.empty();
        }
        return Optional.empty();
    }

    /** What was refused, in a few words. */
    static String told(List<Refusal> refused) {
        String some = refused.stream()
                .limit(MOST_REFUSALS_TOLD)
                .map(Refusal::toString)
                .collect(Collectors.joining("; "));
        return refused.size() + " refused by the store: " + short300(some);
    }

    private static String first(JsonObject body) {
        return short300(String.valueOf(body.get("errors")));
    }

    private static String text(JsonObject error, String name) {
        return error.get(name) instanceof JsonString text
                ? short300(text.getString().replaceAll("\\p{Cntrl}", " "))
                : "";
    }

    private static String short300(String text) {
        return text.length() <= 300 ? text : text.substring(0, 300);
    }

    private static double number(JsonObject object, String name) {
        return object.get(name) instanceof JsonNumber number ? number.doubleValue() : 0;
    }

    private static JsonObject child(JsonObject object, String name) {
        return object.get(name) instanceof JsonObject child ? child : JsonValue.EMPTY_JSON_OBJECT;
    }

    private static JsonObject object(String text) {
        try (JsonReader reader = READERS.createReader(new StringReader(text))) {
            return reader.readObject();
        } catch (JsonException | IllegalStateException noJson) {
            return JsonValue.EMPTY_JSON_OBJECT;
        }
    }
}
