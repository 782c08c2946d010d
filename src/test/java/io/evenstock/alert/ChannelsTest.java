package io.evenstock.alert;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.icegreen.greenmail.util.GreenMail;
import com.icegreen.greenmail.util.ServerSetup;
import com.sun.net.httpserver.HttpServer;
import io.evenstock.observation.PlainPhrases;
import io.evenstock.settings.Settings;
import io.evenstock.settings.SettingsReader;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import jakarta.mail.internet.MimeMessage;
import java.io.IOException;
import java.io.StringReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.http.HttpHeaders;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;

/** What arrives, at a mail server and at a receiver of webhooks, and what is told when it does not. */
class ChannelsTest {
    private static final String SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
    private static final String CANARY = "canary-password-2f7a";
    private static final Call HELD = call("Run 7 is held\r\nBcc: everybody@example.org", "few rows\nof zürich");

    private static Call call(String title, String text) {
        Instant at = Instant.parse("2026-11-22T02:00:31Z");
        Alert held = new Alert(
                3, Cause.RUN_HELD, "run 7", "warn", title, text, "/console/run?id=7", at, Optional.empty(), List.of());
        return new Call(held, "mail", false, 1);
    }

    @Test
    void aMailSaysWhatHappenedWhereToLookAndWhatToDo() throws Exception {
        GreenMail server = mailServer(ServerSetup.PROTOCOL_SMTP);
        try {
            mail(server, Map.of("SECURITY", "NONE")).send(HELD);
            MimeMessage[] got = server.getReceivedMessages();
            assertEquals(2, got.length, "one for each address");
            assertEquals("Evenstock: Run 7 is held Bcc: everybody@example.org", got[0].getSubject());
            assertEquals("<evs_alert_3_raised@example.org>", got[0].getMessageID());
            assertEquals(2, got[0].getAllRecipients().length, "nobody joins by a title");
            String text = String.valueOf(got[0].getContent());
            assertTrue(text.contains("few rows of zürich"), text);
            assertTrue(text.contains("Since 21 Nov 2026 21:00:31"), text);
            assertTrue(text.contains(Cause.RUN_HELD.advice()), text);
            assertTrue(text.contains("https://stock.example.org/console/run?id=7"), text);
        } finally {
            server.stop();
        }
    }

    @Test
    void aLoginIsUsedAndAWrongOneIsToldWithoutThePassword() throws Exception {
        GreenMail server = mailServer(ServerSetup.PROTOCOL_SMTP);
        try {
            server.setUser("evenstock", "right-password");
            server.getManagers().getUserManager().setAuthRequired(true);
            mail(server, Map.of("SECURITY", "NONE", "USER", "evenstock", "PASSWORD", "right-password"))
                    .send(HELD);
            assertEquals(2, server.getReceivedMessages().length);
            MailChannel wrong = mail(server, Map.of("SECURITY", "NONE", "USER", "evenstock", "PASSWORD", CANARY));
            IOException refused = assertThrows(IOException.class, () -> wrong.send(HELD));
            assertFalse(String.valueOf(refused.getMessage()).contains(CANARY), refused.getMessage());
        } finally {
            server.stop();
        }
    }

    @Test
    void noMailGoesInTheClearWhereTlsIsAskedForNorToAServerNobodyVouchesFor() throws Exception {
        GreenMail plain = mailServer(ServerSetup.PROTOCOL_SMTP);
        GreenMail unknown = mailServer(ServerSetup.PROTOCOL_SMTPS);
        try {
            assertThrows(IOException.class, () -> mail(plain, Map.of()).send(HELD), "STARTTLS is the default");
            assertEquals(0, plain.getReceivedMessages().length);
            IOException untrusted = assertThrows(
                    IOException.class,
                    () -> mail(unknown, Map.of("SECURITY", "TLS")).send(HELD));
            assertTrue(String.valueOf(untrusted.getCause()).contains("PKIX"), () -> "" + untrusted.getCause());
            assertEquals(0, unknown.getReceivedMessages().length);
        } finally {
            plain.stop();
            unknown.stop();
        }
    }

    @Test
    void aServerThatIsNotThereIsToldOf() throws Exception {
        GreenMail gone = mailServer(ServerSetup.PROTOCOL_SMTP);
        MailChannel channel = mail(gone, Map.of("SECURITY", "NONE"));
        gone.stop();
        IOException failure = assertThrows(IOException.class, () -> channel.send(HELD));
        assertTrue(String.valueOf(failure.getMessage()).contains("connect"), failure.getMessage());
    }

    @Test
    void aWebhookIsSignedAndReadsLikeAMessageInAChat() throws Exception {
        List<String> bodies = new CopyOnWriteArrayList<>();
        List<HttpHeaders> headers = new CopyOnWriteArrayList<>();
        HttpServer receiver = receiver(204, bodies, headers);
        try {
            webhook(receiver).send(HELD, Executors.defaultThreadFactory());
            new com.standardwebhooks.Webhook(SECRET).verify(bodies.get(0), headers.get(0));
            JsonObject message =
                    Json.createReader(new StringReader(bodies.get(0))).readObject();
            assertEquals("alert.raised", message.getString("type"));
            assertEquals(
                    "Evenstock: Run 7 is held Bcc: everybody@example.org https://stock.example.org/console/run?id=7",
                    message.getString("text"));
            assertEquals("RUN_HELD", message.getJsonObject("data").getString("cause"));
            assertEquals(
                    "evs_alert_3_raised",
                    headers.get(0).firstValue("webhook-id").orElse(""));
        } finally {
            receiver.stop(0);
        }
    }

    @Test
    void aReceiverThatRefusesIsToldOf() throws Exception {
        HttpServer receiver = receiver(500, new CopyOnWriteArrayList<>(), new CopyOnWriteArrayList<>());
        try {
            IOException refused = assertThrows(
                    IOException.class, () -> webhook(receiver).send(HELD, Executors.defaultThreadFactory()));
            assertTrue(String.valueOf(refused.getMessage()).startsWith("status 500"), refused.getMessage());
        } finally {
            receiver.stop(0);
        }
    }

    private static HttpServer receiver(int status, List<String> bodies, List<HttpHeaders> headers) throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            bodies.add(new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
            headers.add(HttpHeaders.of(exchange.getRequestHeaders(), (name, value) -> true));
            exchange.sendResponseHeaders(status, -1);
            exchange.close();
        });
        server.start();
        return server;
    }

    private static GreenMail mailServer(String protocol) {
        ServerSetup setup = new ServerSetup(0, "127.0.0.1", protocol);
        setup.setServerStartupTimeout(10_000);
        GreenMail server = new GreenMail(setup);
        server.start();
        return server;
    }

    @SuppressWarnings("UnnecessaryAssignment") // no container is here to inject
    private static MailChannel mail(GreenMail server, Map<String, String> more) {
        int port = server.getSmtp() != null
                ? server.getSmtp().getPort()
                : server.getSmtps().getPort();
        Map<String, String> texts = new HashMap<>();
        texts.put("evenstock.alert.mail.host", "127.0.0.1");
        texts.put("evenstock.alert.mail.port", String.valueOf(port));
        texts.put("evenstock.alert.mail.from", "evenstock@example.org");
        texts.put("evenstock.alert.mail.to", "anna@example.org, ben@example.org");
        more.forEach(
                (name, value) -> texts.put("evenstock.alert.mail." + name.toLowerCase(java.util.Locale.ROOT), value));
        MailChannel channel = new MailChannel();
        channel.settings = settings(texts);
        channel.letters = letters(channel.settings);
        return channel;
    }

    @SuppressWarnings("UnnecessaryAssignment") // no container is here to inject
    private static WebhookChannel webhook(HttpServer receiver) {
        WebhookChannel channel = new WebhookChannel();
        channel.settings = settings(Map.of(
                "evenstock.alert.webhook.url",
                "http://localhost:" + receiver.getAddress().getPort() + "/hook",
                "evenstock.alert.webhook.secret",
                SECRET));
        channel.letters = letters(channel.settings);
        channel.clock = Clock.systemUTC();
        return channel;
    }

    @SuppressWarnings("UnnecessaryAssignment") // no container is here to inject
    private static Letters letters(Settings settings) {
        Letters letters = new Letters();
        letters.settings = settings;
        letters.phrases = PlainPhrases.of(settings);
        return letters;
    }

    private static Settings settings(Map<String, String> texts) {
        Map<String, String> all = new HashMap<>(texts);
        all.put("evenstock.zone", "America/New_York");
        all.put("evenstock.alert.base-address", "https://stock.example.org/");
        return new SettingsReader(name -> Optional.ofNullable(all.get(name))).read();
    }
}
