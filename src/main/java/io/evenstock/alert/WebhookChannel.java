package io.evenstock.alert;

import io.evenstock.downstream.Addresses;
import io.evenstock.downstream.Attempt;
import io.evenstock.downstream.Cursor;
import io.evenstock.downstream.Message;
import io.evenstock.downstream.Sender;
import io.evenstock.settings.Settings;
import jakarta.annotation.Resource;
import jakarta.enterprise.concurrent.ManagedThreadFactory;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.json.Json;
import jakarta.json.JsonObjectBuilder;
import jakarta.json.JsonValue;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadFactory;

/**
 * Posts alerts, signed by the Standard Webhooks specification. The address stands in the settings, so whoever runs the server
 * has chosen it: it may be private. {@code text} is what chats show that take such messages.
 */
@ApplicationScoped
class WebhookChannel implements Channel {
    private static final Duration LIMIT = Duration.ofSeconds(20);

    @Resource
    ManagedThreadFactory threads;

    @Inject
    Settings settings;

    @Inject
    Letters letters;

    @Inject
    Clock clock;

    @Override
    public String name() {
        return "webhook";
    }

    @Override
    public boolean configured() {
        return settings.alerts().webhook().isPresent();
    }

    @Override
    public void send(Call call) throws IOException {
        send(call, threads);
    }

    void send(Call call, ThreadFactory alarms) throws IOException {
        Settings.Hook hook = settings.alerts().webhook().orElseThrow();
        ScheduledThreadPoolExecutor alarm = new ScheduledThreadPoolExecutor(1, alarms);
        Addresses allowed = new Addresses(Set.of(hook.address().getHost().toLowerCase(Locale.ROOT)));
        try (Sender sender = new Sender(allowed, 1, LIMIT, alarm, clock)) {
            Message message = new Message(call.id(), body(call), 1, Cursor.START);
            Attempt attempt = sender.send(
                    hook.address(), message, hook.secret().map(List::of).orElse(List.of()));
            if (!attempt.succeeded()) {
                throw new IOException(String.valueOf(attempt.error()));
            }
        } finally {
            alarm.shutdownNow();
        }
    }

    private String body(Call call) {
        JsonObjectBuilder data = Json.createObjectBuilder()
                .add("alertId", call.alert().alertId())
                .add("cause", call.alert().cause().name())
                .add("subject", call.alert().subject())
                .add("level", call.alert().level())
                .add("title", call.alert().title())
                .add("text", call.alert().text())
                .add("advice", call.alert().cause().advice())
                .add(
                        "link",
                        letters.link(call).<JsonValue>map(Json::createValue).orElse(JsonValue.NULL))
                .add("raisedAt", call.alert().raisedAt().toString());
        if (call.over()) {
            data.add("overAt", call.at().toString());
        }
        return Json.createObjectBuilder()
                .add("type", call.over() ? "alert.over" : "alert.raised")
                .add("timestamp", call.at().toString())
                .add(
                        "text",
                        letters.subject(call)
                                + letters.link(call).map(link -> " " + link).orElse(""))
                .add("data", data)
                .build()
                .toString();
    }
}
