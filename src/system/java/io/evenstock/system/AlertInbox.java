package io.evenstock.system;

import com.icegreen.greenmail.util.GreenMail;
import com.icegreen.greenmail.util.ServerSetup;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.evenstock.lab.Secrets;
import jakarta.json.JsonObject;
import jakarta.mail.MessagingException;
import jakarta.mail.internet.MimeMessage;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.http.HttpHeaders;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;

/** Whoever is called by Evenstock: a mail server with a login, and a receiver of webhooks that verifies each message. */
final class AlertInbox implements AutoCloseable {
    private static final String USER = "evenstock";

    private final String password = Secrets.password();
    private final String secret = "whsec_" + Secrets.sealingKey();
    private final GreenMail mail;
    private final HttpServer receiver;
    private final List<JsonObject> posted = new CopyOnWriteArrayList<>();
    private final List<String> faults = new CopyOnWriteArrayList<>();

    AlertInbox() throws IOException {
        ServerSetup setup = new ServerSetup(0, "127.0.0.1", ServerSetup.PROTOCOL_SMTP);
        setup.setServerStartupTimeout(10_000);
        mail = new GreenMail(setup);
        mail.start();
        mail.setUser(USER, password);
        mail.getManagers().getUserManager().setAuthRequired(true);
        receiver = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        receiver.createContext("/", this::take);
        receiver.start();
    }

    /** Evenstock's settings for it. */
    Map<String, String> settings() {
        Map<String, String> settings = new HashMap<>();
        settings.put("EVENSTOCK_ALERT_INTERVAL", "PT1S");
        settings.put("EVENSTOCK_ALERT_CALM", "PT0S");
        // Far more than any test but one differs by.
        settings.put("EVENSTOCK_ALERT_DRIFT_UNITS", "1000000");
        settings.put("EVENSTOCK_ALERT_BASE_ADDRESS", "https://stock.example.org");
        settings.put(
                "EVENSTOCK_ALERT_WEBHOOK_URL",
                "http://localhost:" + receiver.getAddress().getPort() + "/alerts");
        settings.put("EVENSTOCK_ALERT_WEBHOOK_SECRET", secret);
        settings.put("EVENSTOCK_ALERT_MAIL_HOST", "127.0.0.1");
        settings.put("EVENSTOCK_ALERT_MAIL_PORT", String.valueOf(mail.getSmtp().getPort()));
        settings.put("EVENSTOCK_ALERT_MAIL_SECURITY", "NONE");
        settings.put("EVENSTOCK_ALERT_MAIL_USER", USER);
        settings.put("EVENSTOCK_ALERT_MAIL_PASSWORD", password);
        settings.put("EVENSTOCK_ALERT_MAIL_FROM", "evenstock@example.org");
        settings.put("EVENSTOCK_ALERT_MAIL_TO", "anna@example.org");
        return settings;
    }

    private void take(HttpExchange exchange) throws IOException {
        try (exchange) {
            String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
            try {
                new com.standardwebhooks.Webhook(secret)
                        .verify(body, HttpHeaders.of(exchange.getRequestHeaders(), (name, value) -> true));
                posted.add(Shop.json(body).asJsonObject());
            } catch (Exception fault) {
                faults.add(fault + " in " + body);
            }
            exchange.sendResponseHeaders(204, -1);
        }
    }

    /** The types of the messages about a subject, as they came by webhook. */
    List<String> posted(String subject) {
        return posted.stream()
                .filter(message ->
                        message.getJsonObject("data").getString("subject").equals(subject))
                .map(message -> message.getString("type"))
                .toList();
    }

    /** Messages that were not signed as they should be. */
    List<String> faults() {
        return List.copyOf(faults);
    }

    /** The subject lines of the mails about a subject, as they came. */
    List<String> mailed(String subject) {
        return Arrays.stream(mail.getReceivedMessages())
                .filter(message -> text(message).contains(", " + subject + ". "))
                .map(AlertInbox::line)
                .toList();
    }

    /** All that arrived, as it came over the wire. */
    String everything() {
        StringBuilder all = new StringBuilder(posted.toString());
        Arrays.stream(mail.getReceivedMessages())
                .forEach(message -> all.append(line(message)).append(text(message)));
        return all.toString();
    }

    private static String line(MimeMessage message) {
        try {
            return message.getSubject();
        } catch (MessagingException unreadable) {
            throw new IllegalStateException(unreadable);
        }
    }

    private static String text(MimeMessage message) {
        try {
            return String.valueOf(message.getContent());
        } catch (IOException | MessagingException unreadable) {
            throw new IllegalStateException(unreadable);
        }
    }

    @Override
    public void close() {
        receiver.stop(0);
        mail.stop();
    }
}
