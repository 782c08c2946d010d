package io.evenstock.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.evenstock.lab.ApiClient;
import io.evenstock.lab.EmbeddedDatabase;
import io.evenstock.lab.EmbeddedSftp;
import io.evenstock.lab.EvenstockServer;
import io.evenstock.lab.Secrets;
import io.evenstock.lab.Undertaker;
import jakarta.json.Json;
import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/**
 * What one noisy store costs the others: they sell at a steady rate, alone, beside a store that keeps to its key's rate, and
 * beside the same store asking as fast as it is answered; its bucket is spent before. All in turn, in one run; the ratios of
 * the others' p99 are the figures.
 */
class NoisyStoreBench {
    private static final int ROUNDS = Integer.getInteger("bench.rounds", 5);
    private static final double SECONDS = Double.parseDouble(System.getProperty("bench.seconds", "8"));
    private static final double OTHERS_PER_SECOND = Double.parseDouble(System.getProperty("bench.others", "100"));

    /** So long it asks without pause before it is measured. */
    private static final double SPENDING = 2;

    private static final int LIMIT = Integer.getInteger("bench.limit", 100);

    private final Instant now = Instant.now(Clock.systemUTC());
    private final AtomicLong events = new AtomicLong();

    @Test
    void theOthersBesideANoisyStore() throws Exception {
        try (Undertaker undertaker = Undertaker.hire()) {
            Path folder = undertaker.newFolder("evenstock-noisy-");
            Map<String, String> settings = settings(folder, undertaker);
            try (EvenstockServer server =
                    EvenstockServer.start(folder.resolve("node"), EvenstockServer.freePort(), settings, undertaker)) {
                measure(server, new ApiClient(server.baseAddress(), settings.get("EVENSTOCK_BOOTSTRAP_KEY")));
            }
        }
    }

    private void measure(EvenstockServer server, ApiClient admin) throws IOException {
        know(admin);
        Load others = new Load(server.baseAddress(), "/api/UpdateInventory", key(admin, "others", "F-1", 2_000), 40);
        Load noisy = new Load(server.baseAddress(), "/api/UpdateInventory", key(admin, "noisy", "F-2", LIMIT), 16);
        others.open(OTHERS_PER_SECOND, 2 * SECONDS, n -> sale("F-1"));
        noisy.closed(SECONDS, n -> sale("F-2"));
        Samples alone = new Samples();
        Samples besideOrderly = new Samples();
        Samples besideNoisy = new Samples();
        Samples toAlone = new Samples();
        Samples toOrderly = new Samples();
        for (int round = 0; round < ROUNDS; round++) {
            double quiet = p99(others.open(OTHERS_PER_SECOND, SECONDS, n -> sale("F-1")));
            CompletableFuture<Load.Result> order = aside(() -> noisy.open(0.95 * LIMIT, SECONDS, n -> sale("F-2")));
            double orderly = p99(others.open(OTHERS_PER_SECOND, SECONDS, n -> sale("F-1")));
            assertEquals(0, order.join().failed(), () -> order.join().firstFailure());
            double loud = besideNoise(others, noisy);
            alone.add(quiet);
            besideOrderly.add(orderly);
            besideNoisy.add(loud);
            toAlone.add(loud / quiet);
            toOrderly.add(loud / orderly);
        }
        System.out.println("the others' p99 alone, ms:                               " + alone.text(1));
        System.out.println("the others' p99 beside a store within its rate, ms:      " + besideOrderly.text(1));
        System.out.println("the others' p99 beside that store asking without pause:  " + besideNoisy.text(1));
        System.out.println("ratio to alone:                                          " + toAlone.text(2));
        System.out.println("ratio to beside that store within its rate:              " + toOrderly.text(2));
    }

    private double besideNoise(Load others, Load noisy) throws IOException {
        assertRefused(noisy.closed(SPENDING, n -> sale("F-2")));
        AtomicBoolean going = new AtomicBoolean(true);
        CompletableFuture<Load.Result> noise = aside(() -> noisy.closed(going::get, n -> sale("F-2")));
        double p99 = p99(others.open(OTHERS_PER_SECOND, SECONDS, n -> sale("F-1")));
        going.set(false);
        Load.Result refused = noise.join();
        assertRefused(refused);
        System.out.printf(
                Locale.ROOT,
                "noisy: %,.0f/s taken, %,.0f/s answered 429; the others' p99 %.1f ms%n",
                refused.perSecond(),
                refused.failed() / refused.seconds(),
                p99);
        return p99;
    }

    private static void assertRefused(Load.Result result) {
        assertTrue(result.failed() > 0 && result.firstFailure().contains(" 429 "), result::firstFailure);
    }

    private interface Noise {
        Load.Result make() throws IOException;
    }

    private static CompletableFuture<Load.Result> aside(Noise noise) {
        return CompletableFuture.supplyAsync(() -> {
            try {
                return noise.make();
            } catch (IOException failure) {
                throw new CompletionException(failure);
            }
        });
    }

    /** None of the others is refused. */
    private static double p99(Load.Result result) {
        assertEquals(0, result.failed(), result::firstFailure);
        return result.percentile(0.99);
    }

    private String sale(String facility) {
        return "{\"facilityId\":\"%s\",\"idType\":\"UPCA\",\"idValue\":\"1\",\"availableDelta\":-1,\"eventId\":\"n-%d\",\"occurredAt\":\"%s\"}"
                .formatted(facility, events.incrementAndGet(), now);
    }

    private static void know(ApiClient admin) throws IOException {
        admin.call("PUT", "/api/facilities", json("[{\"facilityId\":\"F-1\"},{\"facilityId\":\"F-2\"}]"));
        admin.call("PUT", "/api/products", json("""
                [{"productId":"P","active":true,"identifications":[{"idType":"UPCA","idValue":"1"}]}]"""));
    }

    private static String key(ApiClient admin, String name, String facility, int perSecond) throws IOException {
        return admin.call("POST", "/api/keys", json("""
                        {"name":"%s","role":"pos","facilities":["%s"],"rateLimit":%d}""".formatted(name, facility, perSecond)))
                .asJsonObject()
                .getString("key");
    }

    private static jakarta.json.JsonValue json(String text) {
        try (var reader = Json.createReader(new StringReader(text))) {
            return reader.readValue();
        }
    }

    private static Map<String, String> settings(Path folder, Undertaker undertaker) throws IOException {
        EmbeddedDatabase database = EmbeddedDatabase.start(folder, undertaker);
        EmbeddedSftp sftp = EmbeddedSftp.start(folder.resolve("sftp"));
        Map<String, String> settings = new HashMap<>();
        settings.put("EVENSTOCK_DB_URL", database.url());
        settings.put("EVENSTOCK_DB_USER", database.user());
        settings.put("EVENSTOCK_DB_PASSWORD", database.password());
        settings.put("EVENSTOCK_SFTP_HOST", sftp.host());
        settings.put("EVENSTOCK_SFTP_PORT", String.valueOf(sftp.port()));
        settings.put("EVENSTOCK_SFTP_USER", sftp.user());
        settings.put("EVENSTOCK_SFTP_PASSWORD", sftp.password());
        settings.put("EVENSTOCK_SFTP_KNOWN_HOSTS", sftp.knownHosts().toString());
        settings.put("EVENSTOCK_SCHEDULE_ENABLED", "false");
        settings.put("EVENSTOCK_FEED_ENABLED", "false");
        settings.put("EVENSTOCK_HTTP_LOG", "NONE");
        settings.put("EVENSTOCK_WORK_DIR", folder.resolve("work").toString());
        settings.put("EVENSTOCK_BOOTSTRAP_KEY", Secrets.apiKey());
        return settings;
    }
}
