package io.evenstock.alert;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.json.Json;
import jakarta.json.JsonArrayBuilder;
import jakarta.json.JsonObjectBuilder;
import jakarta.json.JsonValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** {@code GET /api/alerts}: what needs a person now, who was called for what, and what is over. */
@Path("alerts")
@ApplicationScoped
@Produces(MediaType.APPLICATION_JSON)
public class AlertResource {
    private static final int OVER_SHOWN = 50;

    @Inject
    Concerns concerns;

    @Inject
    Alerts alerts;

    @GET
    public String list() {
        List<Alert> open = alerts.open();
        JsonArrayBuilder items = Json.createArrayBuilder();
        concerns.now().forEach(concern -> items.add(json(concern, of(concern, open))));
        JsonArrayBuilder over = Json.createArrayBuilder();
        alerts.over(OVER_SHOWN).forEach(alert -> over.add(json(alert)));
        return Json.createObjectBuilder()
                .add("items", items)
                .add("over", over)
                .build()
                .toString();
    }

    private static Optional<Alert> of(Concern concern, List<Alert> open) {
        return open.stream()
                .filter(alert ->
                        alert.cause() == concern.cause() && alert.subject().equals(concern.subject()))
                .findFirst();
    }

    private static JsonObjectBuilder json(Concern concern, Optional<Alert> alert) {
        return Json.createObjectBuilder()
                .add("cause", concern.cause().name())
                .add("subject", concern.subject())
                .add("level", concern.level())
                .add("urgent", concern.urgent())
                .add("title", concern.title())
                .add("text", concern.text())
                .add("advice", concern.cause().advice())
                .add("link", text(concern.link()))
                .add(
                        "alertId",
                        alert.<JsonValue>map(each -> Json.createValue(each.alertId()))
                                .orElse(JsonValue.NULL))
                .add("raisedAt", text(alert.map(Alert::raisedAt).orElse(null)))
                .add("messages", messages(alert.map(Alert::messages).orElse(List.of())));
    }

    private static JsonObjectBuilder json(Alert alert) {
        return Json.createObjectBuilder()
                .add("alertId", alert.alertId())
                .add("cause", alert.cause().name())
                .add("subject", alert.subject())
                .add("level", alert.level())
                .add("title", alert.title())
                .add("text", alert.text())
                .add("raisedAt", alert.raisedAt().toString())
                .add("overAt", text(alert.overAt().orElse(null)))
                .add("messages", messages(alert.messages()));
    }

    private static JsonArrayBuilder messages(List<Alert.Sent> messages) {
        JsonArrayBuilder all = Json.createArrayBuilder();
        messages.forEach(message -> all.add(Json.createObjectBuilder()
                .add("channel", message.channel())
                .add("kind", message.kind())
                .add("attempts", message.attempts())
                .add("sentAt", text(message.sentAt().orElse(null)))
                .add("givenUpAt", text(message.givenUpAt().orElse(null)))
                .add("error", text(message.error().orElse(null)))));
        return all;
    }

    private static JsonValue text(@Nullable Object value) {
        return value == null ? JsonValue.NULL : Json.createValue(value.toString());
    }
}
