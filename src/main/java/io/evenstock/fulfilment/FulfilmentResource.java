package io.evenstock.fulfilment;

import io.evenstock.catalog.Identification;
import io.evenstock.http.JsonBody;
import io.evenstock.http.JsonFields;
import io.evenstock.http.ProblemException;
import io.evenstock.settings.Settings;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.json.Json;
import jakarta.json.JsonArrayBuilder;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.io.InputStream;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** {@code POST /api/shipments} and {@code POST /api/acknowledgements}: batches, all or nothing. */
@Path("")
@ApplicationScoped
@Consumes(MediaType.APPLICATION_JSON)
@Produces(MediaType.APPLICATION_JSON)
public class FulfilmentResource {
    private static final int MAX_ITEMS = 1_000;

    @Inject
    JsonBody json;

    @Inject
    Fulfilment fulfilment;

    @Inject
    Settings settings;

    @Inject
    Clock clock;

    @POST
    @Path("shipments")
    public Response ship(InputStream body) {
        List<ShippedItem> items = new ArrayList<>();
        json.array(body).forEach(shipment -> items.addAll(items(shipment)));
        return answer(fulfilment.ship(items));
    }

    @POST
    @Path("acknowledgements")
    public Response acknowledge(InputStream body) {
        return answer(fulfilment.acknowledge(
                json.array(body).stream().map(this::acknowledgement).toList()));
    }

    private List<ShippedItem> items(JsonFields shipment) {
        Integer revision = shipment.optionalInteger("revision", 0, Integer.MAX_VALUE);
        List<JsonFields> fields = shipment.objects("items", MAX_ITEMS);
        if (fields.isEmpty()) {
            throw ProblemException.invalid(shipment.pointer("items"), "A shipment needs at least one item");
        }
        return fields.stream().map(item -> item(shipment, item, revision)).toList();
    }

    private ShippedItem item(JsonFields shipment, JsonFields item, @Nullable Integer revisionOfAll) {
        Integer revision = item.optionalInteger("revision", 0, Integer.MAX_VALUE);
        boolean cancelled = item.bool("cancelled", false);
        return new ShippedItem(
                shipment.text("shipmentId", 64),
                item.text("shipmentItemSeqId", 64),
                shipment.text("facilityId", 64),
                shipment.past("shippedAt", clock.instant(), settings.maxFuture()),
                new Identification(item.text("idType", 32), item.text("idValue", 255)),
                cancelled ? 0 : item.integer("quantity", 0, Integer.MAX_VALUE),
                revision != null ? revision : revisionOfAll != null ? revisionOfAll : 0,
                item.pointer("shipmentItemSeqId"));
    }

    private Acknowledgement acknowledgement(JsonFields fields) {
        boolean withdrawn = fields.bool("withdrawn", false);
        Integer revision = fields.optionalInteger("revision", 0, Integer.MAX_VALUE);
        return new Acknowledgement(
                fields.text("shipmentId", 64),
                fields.text("shipmentItemSeqId", 64),
                withdrawn ? null : fields.past("acknowledgedAt", clock.instant(), settings.maxFuture()),
                withdrawn ? null : fields.optionalInteger("quantity", 0, Integer.MAX_VALUE),
                fields.optionalText("facilityId", 64),
                fields.optionalPast("transferSlipAt", clock.instant(), settings.maxFuture()),
                revision == null ? 0 : revision,
                fields.pointer("shipmentItemSeqId"));
    }

    /** 202 if any is not taken into account yet. */
    private static Response answer(List<Receipt> receipts) {
        boolean waits = receipts.stream().anyMatch(receipt -> receipt.status() == Receipt.Status.QUARANTINED);
        return Response.status(waits ? Response.Status.ACCEPTED : Response.Status.OK)
                .entity(json(receipts))
                .build();
    }

    private static String json(List<Receipt> receipts) {
        JsonArrayBuilder results = Json.createArrayBuilder();
        receipts.forEach(receipt -> results.add(Json.createObjectBuilder()
                .add("shipmentId", receipt.shipmentId())
                .add("shipmentItemSeqId", receipt.itemSeqId())
                .add("status", receipt.status().name())));
        return Json.createObjectBuilder()
                .add("count", receipts.size())
                .add("results", results)
                .build()
                .toString();
    }
}
