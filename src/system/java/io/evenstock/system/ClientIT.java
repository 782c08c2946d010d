package io.evenstock.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.evenstock.lab.Secrets;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import jakarta.json.JsonReader;
import java.io.IOException;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The command-line client does what the HTTP calls do, and says by its exit code whether they were done. */
@ExtendWith(Evenstock.class)
class ClientIT {
    private static final Path CLIENT = Path.of("..", "client", "evenstock");
    private static final String REASON = "it's \"stock\\taking\"\nin store $HOME";

    private record Said(int code, String out) {
        JsonObject json() {
            assertEquals(0, code, out);
            try (JsonReader reader = Json.createReader(new StringReader(out))) {
                return reader.readObject();
            }
        }
    }

    @Test
    void aCommandIsACall(Evenstock.Running evenstock) throws Exception {
        Shop shop = evenstock.newShop();
        shop.knowFacilities("101");
        shop.knowProducts(1);
        shop.move("101", 1, -3, "sale", shop.at("10:00"));
        String[] pair = {shop.facility("101"), "UPCA", shop.upc(1)};
        assertEquals(-3, say(evenstock, "figure", pair).json().getInt("quantityOnHand"));
        assertEquals(
                1, say(evenstock, "why", pair).json().getJsonObject("movements").getInt("count"));
        assertEquals(
                1, say(evenstock, "ledger", pair).json().getJsonArray("items").size());
        assertEquals("UP", say(evenstock, "health").json().getString("status"));
        assertTrue(say(evenstock, "self-audit").json().containsKey("light"));
        assertTrue(say(evenstock, "alerts").json().containsKey("items"));
        assertEquals(60, say(evenstock, "sales-rates").json().getInt("windowMinutes"));
        assertTrue(say(evenstock, "drift").json().containsKey("items"));
        assertTrue(say(evenstock, "drift", "2001-01-01").out().contains("was not compared"));
    }

    @Test
    void aUserIsMadeAndSteered(Evenstock.Running evenstock) throws Exception {
        JsonObject made = say(evenstock, "user", "viewer", "client").json();
        String id = String.valueOf(made.getInt("userId"));
        assertEquals(
                "operator", say(evenstock, "user-role", id, "operator").json().getString("role"));
        assertFalse(made.getString("password")
                .equals(say(evenstock, "user-password", id).json().getString("password")));
        assertFalse(say(evenstock, "user-disable", id).json().isNull("disabledAt"));
        assertTrue(say(evenstock, "user-enable", id).json().isNull("disabledAt"));
        assertTrue(say(evenstock, "users").out().contains("\"client\""));
    }

    @Test
    void aReasonArrivesAsItIs(Evenstock.Running evenstock) throws Exception {
        Said refused = say(evenstock, "pause", "variance", REASON);
        assertEquals(1, refused.code(), "a reason has no line breaks");
        assertTrue(refused.out().contains("/reason"), refused.out());
        String reason = REASON.replace('\n', ' ');
        try {
            assertEquals(0, say(evenstock, "pause", "variance", reason).code());
            assertTrue(say(evenstock, "timers")
                    .json()
                    .toString()
                    .contains(Json.createValue(reason).toString()));
        } finally {
            assertEquals(0, say(evenstock, "resume", "variance").code());
        }
    }

    @Test
    void aKeyIsMadeForStoresAndRevoked(Evenstock.Running evenstock) throws Exception {
        JsonObject made = say(evenstock, "key", "pos", "client's \"till\" " + Secrets.password(), "001-101", "001-102")
                .json();
        assertEquals(2, made.getJsonArray("facilities").size());
        assertEquals(
                0,
                say(evenstock, "revoke", String.valueOf(made.getInt("keyId"))).code());
    }

    @Test
    void whatIsRefusedOrNoCommandHasAnExitCode(Evenstock.Running evenstock) throws Exception {
        Said unknown = say(evenstock, "run", "999999999");
        assertEquals(1, unknown.code());
        assertTrue(unknown.out().contains("\"status\":404"), unknown.out());
        assertEquals(2, say(evenstock, "approve", "1").code(), "a reason is missing");
        assertEquals(2, say(evenstock, "sell").code());
        assertEquals(2, say(evenstock, "").code());
    }

    private static Said say(Evenstock.Running evenstock, String command, String... arguments)
            throws IOException, InterruptedException {
        List<String> line = new ArrayList<>(List.of(CLIENT.toString()));
        if (!command.isEmpty()) {
            line.add(command);
        }
        line.addAll(List.of(arguments));
        Path key = evenstock.newFolder("client").resolve("client-key");
        Files.writeString(key, evenstock.raw().key() + "\n");
        ProcessBuilder builder = new ProcessBuilder(line).redirectErrorStream(true);
        builder.environment().put("EVENSTOCK_URL", evenstock.raw().baseAddress().toString());
        builder.environment().put("EVENSTOCK_API_KEY_FILE", key.toString());
        Process process = builder.start();
        String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Said(process.waitFor(), out);
    }
}
