package io.evenstock.system;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.evenstock.lab.EvenstockServer;
import io.evenstock.lab.Secrets;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.extension.ExtendWith;

/** TLS as docs/operations.md has it: the script of server-config, with a key and a certificate of one's own. */
@ExtendWith(Evenstock.class)
@EnabledIfSystemProperty(named = "evenstock.proof", matches = "full")
class TlsProofIT {
    private static final Path SCRIPT = Path.of("..", "server-config", "payara-micro", "evenstock.sh");
    private static final Duration BOOT = Duration.ofMinutes(2);

    private final String password = Secrets.password() + "\"\\";
    private final int plain = EvenstockServer.freePort();
    private final int secure = EvenstockServer.freePort();

    TlsProofIT() throws IOException {}

    @Test
    void theScriptServesByTlsWithOnesOwnCertificate(Evenstock.Running evenstock) throws Exception {
        Path home = evenstock.newFolder("tls");
        Path keyStore = home.resolve("evenstock.p12");
        makeKey(keyStore);
        HttpClient till = HttpClient.newBuilder().sslContext(trusting(keyStore)).build();
        Shop shop = evenstock.newShop();
        shop.knowFacilities("101");
        shop.knowProducts(1);
        Process node = start(evenstock, home, keyStore);
        try {
            await("TLS")
                    .atMost(BOOT)
                    .ignoreExceptionsInstanceOf(IOException.class)
                    .until(() -> get(till, "/api/health/ready").statusCode() == 200);
            HttpResponse<String> health = get(till, "/api/health/ready");
            assertEquals("TLSv1.3", health.sslSession().orElseThrow().getProtocol());
            for (String path : List.of(
                    "/api/health/ready", "/api/runs", "/console/login", "/api-docs/openapi.yaml", "/nothing-here")) {
                assertEquals(List.of("max-age=31536000"), strictTransport(get(till, path)), path);
            }
            HttpResponse<String> byNoTls = HttpClient.newHttpClient()
                    .send(
                            HttpRequest.newBuilder(URI.create("http://localhost:" + plain + "/api/health/ready"))
                                    .build(),
                            HttpResponse.BodyHandlers.ofString());
            assertEquals(List.of(), strictTransport(byNoTls), "said by TLS only (RFC 6797)");
            String sale = sell(evenstock, till, shop);
            assertTrue(sale.contains("\"APPLIED\""), sale);
            shop.expect("101", 1, -1, 0, 0);

            String cookie = get(till, "/console/tonight").headers().allValues("Set-Cookie").stream()
                    .filter(each -> each.startsWith("evenstock-session"))
                    .findFirst()
                    .orElseThrow();
            assertTrue(cookie.contains("Secure"), cookie);
            assertThrows(
                    SSLHandshakeException.class,
                    () -> get(HttpClient.newHttpClient(), "/api/health/ready"),
                    "it is our certificate, which nobody else trusts");
            String commands = commandLines(node);
            assertTrue(commands.contains("--sslport"), commands);
            assertFalse(commands.contains(password), "everybody may see the list of processes");
        } finally {
            node.destroy();
            assertTrue(node.waitFor(1, TimeUnit.MINUTES));
        }
        try (Stream<Path> left = Files.list(home.resolve("tmp"))) {
            assertEquals(
                    List.of(),
                    left.filter(each -> each.toString().contains("evenstock-payara"))
                            .toList());
        }
    }

    private static List<String> strictTransport(HttpResponse<String> answer) {
        return answer.headers().allValues("Strict-Transport-Security");
    }

    private void makeKey(Path keyStore) throws Exception {
        ProcessBuilder keytool = new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-alias",
                "stock",
                "-keyalg",
                "EC",
                "-dname",
                "CN=localhost",
                "-ext",
                "san=dns:localhost",
                "-storetype",
                "PKCS12",
                "-keystore",
                keyStore.toString(),
                "-storepass:env",
                "PASSWORD");
        keytool.environment().put("PASSWORD", password);
        Process made = keytool.redirectErrorStream(true).start();
        String said = new String(made.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, made.waitFor(), said);
    }

    private SSLContext trusting(Path keyStore) throws Exception {
        KeyStore store = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(keyStore)) {
            store.load(in, password.toCharArray());
        }
        KeyStore trusted = KeyStore.getInstance("PKCS12");
        trusted.load(null, null);
        trusted.setCertificateEntry("stock", store.getCertificate("stock"));
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(trusted);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, trust.getTrustManagers(), null);
        return context;
    }

    private Process start(Evenstock.Running evenstock, Path home, Path keyStore) throws IOException {
        Map<String, String> settings = new HashMap<>(evenstock.settings());
        settings.put("EVENSTOCK_HTTP_PORT", Integer.toString(plain));
        settings.put("EVENSTOCK_HTTPS_PORT", Integer.toString(secure));
        settings.put("EVENSTOCK_TLS_KEYSTORE", keyStore.toString());
        settings.put("EVENSTOCK_TLS_PASSWORD", password);
        settings.put("JAVA_HOME", System.getProperty("java.home"));
        settings.put("TMPDIR", Files.createDirectory(home.resolve("tmp")).toString());
        Canaries.plant(settings);
        ProcessBuilder script = new ProcessBuilder(
                        SCRIPT.toString(),
                        EvenstockServer.builtWar().toString(),
                        Path.of(System.getProperty("evenstock.payara")).toString())
                .redirectErrorStream(true)
                .redirectOutput(home.resolve("server.log").toFile());
        script.environment().putAll(settings);
        Process process = script.start();
        evenstock.undertaker().ends(process.toHandle());
        return process;
    }

    private HttpResponse<String> get(HttpClient client, String path) throws IOException, InterruptedException {
        return client.send(HttpRequest.newBuilder(address(path)).build(), HttpResponse.BodyHandlers.ofString());
    }

    private String sell(Evenstock.Running evenstock, HttpClient till, Shop shop) throws Exception {
        HttpRequest sale = HttpRequest.newBuilder(address("/api/UpdateInventory"))
                .header("Authorization", "Bearer " + evenstock.key())
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(shop.movement("101", 1, -1, "by-tls", shop.at("10:00"))))
                .build();
        return till.send(sale, HttpResponse.BodyHandlers.ofString()).body();
    }

    private URI address(String path) {
        return URI.create("https://localhost:" + secure + path);
    }

    private static String commandLines(Process node) throws IOException {
        StringBuilder all = new StringBuilder();
        for (ProcessHandle each :
                Stream.concat(Stream.of(node.toHandle()), node.descendants()).toList()) {
            all.append(Files.readString(Path.of("/proc", Long.toString(each.pid()), "cmdline")));
        }
        return all.toString();
    }
}
