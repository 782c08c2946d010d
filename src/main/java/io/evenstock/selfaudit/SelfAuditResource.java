package io.evenstock.selfaudit;

import io.evenstock.selfaudit.Offence.Amounts;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.json.Json;
import jakarta.json.JsonObjectBuilder;
import jakarta.json.JsonValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.time.Instant;
import java.util.Optional;

/** {@code GET /api/self-audit}: whether every figure is the sum of its facts, and the first that is not. */
@Path("self-audit")
@ApplicationScoped
@Produces(MediaType.APPLICATION_JSON)
public class SelfAuditResource {
    @Inject
    Verdicts verdicts;

    @GET
    public String verdict() {
        Verdict verdict = verdicts.now();
        return Json.createObjectBuilder()
                .add("light", verdict.light().name())
                .add("checkedAt", text(verdict.checkedAt()))
                .add("pairs", verdict.pairs())
                .add("lastPass", verdict.lastPass().map(SelfAuditResource::json).orElse(JsonValue.NULL))
                .add("offences", verdict.offences())
                .add("first", verdict.first().map(SelfAuditResource::json).orElse(JsonValue.NULL))
                .build()
                .toString();
    }

    private static JsonValue json(Verdict.Pass pass) {
        return Json.createObjectBuilder()
                .add("startedAt", pass.startedAt().toString())
                .add("endedAt", pass.endedAt().toString())
                .add("pairs", pass.pairs())
                .build();
    }

    private static JsonValue json(Offence offence) {
        JsonObjectBuilder json = Json.createObjectBuilder()
                .add("facilityId", offence.facilityId())
                .add("productId", offence.productId())
                .add("facts", json(offence.facts()))
                .add("figure", json(offence.figure()))
                .add(
                        "published",
                        offence.published().map(SelfAuditResource::json).orElse(JsonValue.NULL))
                .add("hourlySumsOff", offence.sumsOff())
                .add("foundAt", offence.foundAt().toString());
        return json.build();
    }

    private static JsonValue json(Amounts amounts) {
        return Json.createObjectBuilder()
                .add("quantityOnHand", amounts.quantityOnHand())
                .add("withheld", amounts.withheld())
                .build();
    }

    private static JsonValue text(Optional<Instant> instant) {
        return instant.<JsonValue>map(at -> Json.createValue(at.toString())).orElse(JsonValue.NULL);
    }
}
