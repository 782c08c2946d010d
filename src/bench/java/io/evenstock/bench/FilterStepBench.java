package io.evenstock.bench;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.evenstock.lab.ApiClient;
import io.evenstock.lab.EvenstockServer;
import io.evenstock.lab.ResetInventoryGenerator;
import io.evenstock.lab.Secrets;
import io.evenstock.lab.Undertaker;
import jakarta.json.Json;
import jakarta.json.JsonArrayBuilder;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * The whole step of the night, as its record tells: SFTP in, filter, SHA-256, filtered and variance file published; on the
 * built WAR, beside {@code sftp} merely downloading the same 300 MB from the same OpenSSH server.
 */
class FilterStepBench {
    private static final int WARM_UP = 4;
    private static final int ROUNDS = Integer.getInteger("bench.rounds", 3) * 3;
    private static final String INBOX = "retailpro/reset";

    private static Undertaker undertaker;
    private static EvenstockServer server;
    private static ApiClient api;
    private static Path master;
    private static List<Double> shares = new ArrayList<>();

    @BeforeAll
    static void start() throws IOException {
        SftpServer.require();
        master = SftpServer.root().resolve(INBOX).resolve("archive/master.csv");
        Files.copy(ResetFile.path(), master);
        undertaker = Undertaker.hire();
        Path folder = undertaker.newFolder("evenstock-bench-");
        Map<String, String> settings = new HashMap<>();
        System.getenv().forEach((name, value) -> {
            if (name.startsWith("EVENSTOCK_TEST_") && !name.endsWith("_ROOT")) {
                settings.put(name.replace("_TEST_", "_"), value);
            }
        });
        settings.put("EVENSTOCK_BOOTSTRAP_KEY", Secrets.apiKey());
        settings.put("EVENSTOCK_WORK_DIR", folder.resolve("work").toString());
        settings.put("EVENSTOCK_ZONE", "UTC");
        settings.put("EVENSTOCK_SCHEDULE_ENABLED", "false");
        settings.put("EVENSTOCK_FEED_ENABLED", "false");
        settings.put("EVENSTOCK_SFTP_STABLE_INTERVAL", "PT0.01S");
        server = EvenstockServer.start(folder, EvenstockServer.freePort(), settings, undertaker);
        api = new ApiClient(server.baseAddress(), settings.get("EVENSTOCK_BOOTSTRAP_KEY"));
        knowProducts();
    }

    @AfterAll
    static void stop() throws IOException {
        if (undertaker != null) {
            server.close();
            undertaker.close();
            Files.delete(master);
        }
    }

    private static void knowProducts() throws IOException {
        JsonArrayBuilder batch = Json.createArrayBuilder();
        int size = 0;
        for (String upc : ResetFile.wanted(3_000)) {
            JsonObjectBuilder identification =
                    Json.createObjectBuilder().add("idType", "UPCA").add("idValue", upc);
            batch.add(Json.createObjectBuilder()
                    .add("productId", "P" + upc)
                    .add("name", "Product " + upc)
                    .add("active", true)
                    .add("identifications", Json.createArrayBuilder().add(identification)));
            if (++size % 1_000 == 0) {
                assertEquals(200, api.put("/api/products", batch.build()).status());
            }
        }
    }

    @Test
    void warm() throws Exception {
        Contest contest = new Contest("the filter step, 300 MB, milliseconds", "step");
        Path local = Files.createTempFile("download", ".csv");
        LocalDate date = LocalDate.now(Clock.systemUTC()).minusDays(WARM_UP + ROUNDS + 1);
        for (int round = -WARM_UP; round < ROUNDS; round++) {
            double step = step(date.plusDays(round + WARM_UP)) * 1_000;
            double sftp = SftpServer.download("/" + INBOX + "/archive/master.csv", local);
            contest.add(round < 0 ? "step, warming up" : "step", step);
            if (round >= 0) {
                contest.add("sftp", sftp);
            }
        }
        assertEquals(Files.size(master), Files.size(local));
        Files.delete(local);
        assertFalse(shares.isEmpty(), "no progress was seen while the step ran");
        contest.print();
    }

    /** Seconds of a night's filter step, as its record says. */
    private static double step(LocalDate date) throws IOException {
        OffsetDateTime asOf = date.atTime(LocalTime.of(0, 55)).atOffset(ZoneOffset.UTC);
        Files.createLink(SftpServer.root().resolve(INBOX).resolve(ResetInventoryGenerator.fileName(asOf)), master);
        run(date, "list", 0);
        JsonObject step = run(date, "filter", 1);
        assertEquals(ResetFile.ROWS, step.getInt("rows"));
        assertEquals(ResetFile.KEPT, step.getInt("kept"));
        assertEquals(Files.size(ResetFile.path()), step.getJsonNumber("bytes").longValue());
        return step.getJsonNumber("seconds").doubleValue();
    }

    private static JsonObject run(LocalDate date, String step, int position) throws IOException {
        assertEquals(
                202, api.send("POST", "/api/cycles/" + date + "/" + step, null).status());
        await().atMost(Duration.ofMinutes(1))
                .pollInterval(Duration.ofMillis(50))
                .until(() -> hasEnded(state(date, position)));
        JsonObject ended = state(date, position);
        assertEquals("DONE", ended.getString("state"), ended::toString);
        return ended;
    }

    private static boolean hasEnded(JsonObject step) {
        if (!step.isNull("progress")) {
            shares.add(step.getJsonObject("progress").getJsonNumber("share").doubleValue());
        }
        return !"RUNNING".equals(step.getString("state"));
    }

    private static JsonObject state(LocalDate date, int position) throws IOException {
        return api.get("/api/cycles/" + date)
                .asJsonObject()
                .getJsonArray("steps")
                .getJsonObject(position);
    }
}
