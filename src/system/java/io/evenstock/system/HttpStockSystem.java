package io.evenstock.system;

import static org.awaitility.Awaitility.await;

import io.evenstock.lab.Answer;
import io.evenstock.lab.ApiClient;
import io.evenstock.simulator.Figure;
import io.evenstock.simulator.Message;
import io.evenstock.simulator.Message.Identification;
import io.evenstock.simulator.StockSystem;
import jakarta.json.Json;
import jakarta.json.JsonArray;
import jakarta.json.JsonArrayBuilder;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import jakarta.json.JsonValue;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The built WAR as the simulator's stock system: messages go in by HTTP and SFTP, figures come out by HTTP. Each history
 * has names of its own ({@link SimulatedNames}) and days of its own, so that many may be told to one database.
 *
 * <p>What is refused with 409 is refused in silence, as the simulator wants it; every other refusal and every failure
 * is an exception, but for those by which a run says that its file is of no use.
 */
final class HttpStockSystem implements StockSystem, Message.Receiver {
    private static final int BAD_REQUEST = 400;
    private static final int CONFLICT = 409;
    private static final Set<String> USELESS_FILES =
            Set.of("The file is stale: ", "rows is good", "there is a header, but no row");
    private static final String LISTED_TOO_LATE = "SSH_FX_NO_SUCH_FILE";
    private static final int MOST_ATTEMPTS = 5;
    private static final Duration LONGEST_STEP = Duration.ofMinutes(1);
    private static final Duration LOOK = Duration.ofMillis(50);

    private static final Lock INBOX = new ReentrantLock();

    private final ApiClient api;
    private final SimulatedUploads uploads;
    private final SimulatedNames names;
    private final Map<String, Identification> products = new HashMap<>();
    private final Map<String, Integer> feeds = new HashMap<>();
    private final Map<String, Map<String, Figure>> pages = new HashMap<>();

    HttpStockSystem(ApiClient api, SimulatedUploads uploads, SimulatedNames names) {
        this.api = api;
        this.uploads = uploads;
        this.names = names;
    }

    @Override
    public void deliver(Instant recordedAt, Message message) {
        pages.clear();
        message.tell(this);
    }

    /**
     * A facility is read as a page, on which a pair without any fact is missing. The first pair that is asked for after a
     * message is read by itself, too.
     */
    @Override
    public Figure figure(String facility, String product) {
        boolean first = pages.isEmpty();
        Figure listed =
                pages.computeIfAbsent(facility, this::page).getOrDefault(names.product(product), new Figure(0, 0, 0));
        return first ? single(facility, product, listed) : listed;
    }

    private Map<String, Figure> page(String facility) {
        JsonObject page = get("/api/inventory?limit=1000&facilityId=%s&after=%s"
                .formatted(names.facility(facility), names.productsAfter()));
        Map<String, Figure> figures = new HashMap<>();
        for (JsonObject each : page.getJsonArray("items").getValuesAs(JsonObject.class)) {
            figures.put(each.getString("productId"), figure(each));
        }
        return figures;
    }

    private Figure single(String facility, String product, Figure listed) {
        Identification name = names.identification(Objects.requireNonNull(products.get(product)));
        Figure single = figure(get("/api/inventory?facilityId=%s&idType=%s&idValue=%s"
                .formatted(names.facility(facility), name.type(), name.value())));
        if (!single.equals(listed)) {
            throw new IllegalStateException(
                    "%s at %s alone: %s, on the page: %s".formatted(product, facility, single, listed));
        }
        return single;
    }

    /** As the API tells it. */
    static Figure figure(JsonObject json) {
        return new Figure(
                json.getJsonNumber("quantityOnHand").longValueExact(),
                json.getJsonNumber("withheld").longValueExact(),
                json.getJsonNumber("availableToPromise").longValueExact());
    }

    // ---- the catalog

    @Override
    public void facility(Message.FacilityKnown message) {
        put("/api/facilities", object().add("facilityId", names.facility(message.facility())));
    }

    @Override
    public void product(Message.ProductKnown message) {
        products.put(message.product(), message.identifications().get(0));
        JsonArrayBuilder identifications = Json.createArrayBuilder();
        message.identifications().forEach(each -> identifications.add(named(object(), each)));
        put(
                "/api/products",
                object().add("productId", names.product(message.product()))
                        .add("active", message.active())
                        .add("safetyStock", message.safetyStock())
                        .add("identifications", identifications));
    }

    // ---- facts

    @Override
    public void movement(Message.Movement message) {
        JsonObjectBuilder body = named(object(), message.identification())
                .add("facilityId", names.facility(message.facility()))
                .add("availableDelta", message.delta())
                .add("varianceReasonId", message.reason())
                .add("eventId", message.eventId());
        addIfTold(body, "occurredAt", message.occurredAt());
        addIfTold(body, "bookedAt", message.bookedAt());
        Answer answer = send("POST", "/api/UpdateInventory", body.build());
        if (message.delta() != 0 || answer.status() != BAD_REQUEST) {
            taken("POST /api/UpdateInventory", answer);
        }
    }

    @Override
    public void shipment(Message.Shipment message) {
        JsonArrayBuilder items = Json.createArrayBuilder();
        message.items().forEach(item -> items.add(item(item)));
        ship(message.shipment(), message.facility(), message.shippedAt(), 1, items);
    }

    @Override
    public void correction(Message.ItemCorrection message) {
        JsonObjectBuilder item = item(message.item()).add("cancelled", message.cancelled());
        JsonArrayBuilder items = Json.createArrayBuilder().add(item);
        ship(message.shipment(), message.facility(), message.shippedAt(), message.revision(), items);
    }

    private void ship(String shipment, String facility, Instant shippedAt, int revision, JsonArrayBuilder items) {
        JsonObjectBuilder body = object().add("shipmentId", names.shipment(shipment))
                .add("facilityId", names.facility(facility))
                .add("shippedAt", shippedAt.toString())
                .add("revision", revision)
                .add("items", items);
        post("/api/shipments", array(body));
    }

    private JsonObjectBuilder item(Message.Item item) {
        return named(object(), item.identification())
                .add("shipmentItemSeqId", item.item())
                .add("quantity", item.quantity());
    }

    @Override
    public void acknowledgement(Message.Acknowledgement message) {
        JsonObjectBuilder body = object().add("shipmentId", names.shipment(message.shipment()))
                .add("shipmentItemSeqId", message.item())
                .add("revision", message.revision())
                .add("facilityId", names.facility(message.facility()))
                .add("acknowledgedAt", message.acknowledgedAt().toString())
                .add("withdrawn", message.withdrawn());
        addIfTold(body, "transferSlipAt", message.transferSlipAt());
        if (message.quantity() != null) {
            body.add("quantity", message.quantity());
        }
        post("/api/acknowledgements", array(body));
    }

    // ---- the night

    @Override
    public void list(Message.ListStep message) {
        run(message.businessDate(), "list");
    }

    /** One history at a time: a filter puts away what lies in the inbox and is older than its own file. */
    @Override
    public void filter(Message.FilterStep message) {
        INBOX.lock();
        try {
            uploads.uploadNight(message.file());
            run(message.businessDate(), "filter");
            uploads.withdrawNight(message.file());
        } finally {
            INBOX.unlock();
        }
    }

    @Override
    public void reset(Message.ResetStep message) {
        run(message.businessDate(), "reset");
    }

    @Override
    public void variance(Message.VarianceStep message) {
        run(message.businessDate(), "variance");
    }

    /**
     * Asks for a step, waits for its end and until its file is put away, which is a moment later. The embedded SFTP server
     * fails to list a folder out of which another history's file is being moved: such a step is asked for again.
     */
    private void run(LocalDate date, String step) {
        if (post("/api/cycles/" + date + "/" + step, null)) {
            JsonObject ended = ended(date, step);
            if (ended.getString("state").equals("DONE")) {
                JsonObject file = ended.getJsonArray("files").getJsonObject(0);
                uploads.awaitPutAway(file.getString("folder"), file.getString("name"));
            } else if (ended.getString("reason").contains(LISTED_TOO_LATE)
                    && ended.getInt("attempt") <= MOST_ATTEMPTS) {
                run(date, step);
            } else {
                requireUseless(ended);
            }
        }
    }

    private JsonObject ended(LocalDate date, String step) {
        return await(step + " of " + date)
                .atMost(LONGEST_STEP)
                .pollInterval(LOOK)
                .until(() -> step(date, step), now -> !now.getString("state").equals("RUNNING"));
    }

    private static void requireUseless(JsonObject ended) {
        if (USELESS_FILES.stream().noneMatch(ended.getString("reason")::contains)) {
            throw new IllegalStateException(ended.toString());
        }
    }

    private JsonObject step(LocalDate date, String name) {
        return get("/api/cycles/" + date).getJsonArray("steps").getValuesAs(JsonObject.class).stream()
                .filter(step -> step.getString("step").equals(name))
                .findFirst()
                .orElseThrow();
    }

    // ---- runs

    /** A file that is in force already has no run of its own. */
    @Override
    public void feed(Message.Feed message) {
        String file = uploads.uploadFeed(message);
        uploads.awaitTaken(file);
        feedRun(file).ifPresent(run -> {
            if (run.getString("state").equals("APPLIED")) {
                feeds.put(message.name(), run.getInt("runId"));
            } else {
                requireUseless(run);
            }
        });
    }

    private Optional<JsonObject> feedRun(String file) {
        return get("/api/runs").getJsonArray("items").getValuesAs(JsonObject.class).stream()
                .filter(run -> run.getString("file").equals(file))
                .findFirst();
    }

    @Override
    public void undo(Message.Undo message) {
        Integer fed = feeds.get(message.run());
        int runId = fed != null
                ? fed
                : step(LocalDate.parse(message.run()), "reset").getInt("runId");
        String path = "/api/runs/" + runId + "/reversal";
        if (!post(path, object().add("reason", "the simulator takes it back").build())) {
            throw new IllegalStateException(path + " was refused");
        }
    }

    // ---- HTTP

    private JsonObjectBuilder named(JsonObjectBuilder object, Identification identification) {
        Identification name = names.identification(identification);
        return object.add("idType", name.type()).add("idValue", name.value());
    }

    private static JsonObjectBuilder object() {
        return Json.createObjectBuilder();
    }

    private static JsonArray array(JsonObjectBuilder only) {
        return Json.createArrayBuilder().add(only).build();
    }

    private static void addIfTold(JsonObjectBuilder body, String name, @Nullable Instant at) {
        if (at != null) {
            body.add(name, at.toString());
        }
    }

    private JsonObject get(String path) {
        return required("GET " + path, send("GET", path, null)).body().asJsonObject();
    }

    private void put(String path, JsonObjectBuilder only) {
        required("PUT " + path, send("PUT", path, array(only)));
    }

    /** Whether it was taken; false: refused because of what is known already, or not known yet. */
    private boolean post(String path, @Nullable JsonValue body) {
        return taken("POST " + path, send("POST", path, body));
    }

    private static boolean taken(String call, Answer answer) {
        return answer.status() != CONFLICT && required(call, answer).succeeded();
    }

    private static Answer required(String call, Answer answer) {
        if (!answer.succeeded()) {
            throw new IllegalStateException(call + ": " + answer.status() + " " + answer.problem());
        }
        return answer;
    }

    private Answer send(String method, String path, @Nullable JsonValue body) {
        try {
            return api.send(method, path, body);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}
