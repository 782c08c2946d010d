package io.evenstock.alert;

import io.evenstock.database.Migration;
import io.evenstock.observation.LogLine;
import jakarta.ejb.DependsOn;
import jakarta.ejb.Lock;
import jakarta.ejb.LockType;
import jakarta.ejb.Schedule;
import jakarta.ejb.Singleton;
import jakarta.ejb.Startup;
import jakarta.ejb.TransactionManagement;
import jakarta.ejb.TransactionManagementType;
import jakarta.inject.Inject;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Stream;

/**
 * Looks, and sends, on each node; the database says whose turn it is. Each channel has its own timer: a mail server that
 * hangs holds up no webhook. No failure leaves a timer, or it would be struck off.
 */
@Startup
@Singleton
@DependsOn(Migration.NAME)
@Lock(LockType.READ)
@TransactionManagement(TransactionManagementType.BEAN)
public class AlertSchedule {
    private static final Logger LOG = Logger.getLogger(AlertSchedule.class.getName());

    private final AtomicBoolean looking = new AtomicBoolean();
    private final AtomicBoolean posting = new AtomicBoolean();
    private final AtomicBoolean mailing = new AtomicBoolean();

    @Inject
    Concerns concerns;

    @Inject
    Alerts alerts;

    @Inject
    WebhookChannel webhook;

    @Inject
    MailChannel mail;

    @Schedule(hour = "*", minute = "*", second = "*/5", persistent = false, info = "alerts")
    void look() {
        guarded("alerts", looking, () -> alerts.turn().ifPresent(this::look));
    }

    private void look(long turn) {
        List<Concern> urgent = concerns.now().stream().filter(Concern::urgent).toList();
        List<String> channels = Stream.of(webhook, mail)
                .filter(Channel::configured)
                .map(Channel::name)
                .toList();
        alerts.note(turn, urgent, channels);
    }

    @Schedule(hour = "*", minute = "*", second = "*/5", persistent = false, info = "alerts by webhook")
    void post() {
        guarded("alerts by webhook", posting, () -> sendAll(webhook));
    }

    @Schedule(hour = "*", minute = "*", second = "*/5", persistent = false, info = "alerts by mail")
    void mail() {
        guarded("alerts by mail", mailing, () -> sendAll(mail));
    }

    private void sendAll(Channel channel) {
        Optional<Call> next = claim(channel);
        while (next.isPresent() && send(channel, next.get())) {
            next = claim(channel);
        }
    }

    private Optional<Call> claim(Channel channel) {
        return channel.configured() ? alerts.claim(channel.name()) : Optional.empty();
    }

    private boolean send(Channel channel, Call call) {
        try {
            channel.send(call);
            alerts.sent(call);
            LOG.info(() -> line("alert-sent", call).toString());
            return true;
        } catch (IOException failure) {
            String why = String.valueOf(failure.getMessage());
            alerts.failed(call, why);
            LOG.warning(() -> line("alert-not-sent", call).with("reason", why).toString());
            return false;
        }
    }

    private static LogLine line(String event, Call call) {
        return LogLine.of(event)
                .with("alert", call.alert().alertId())
                .with("cause", call.alert().cause())
                .with("subject", call.alert().subject())
                .with("kind", call.kind())
                .with("channel", call.channel());
    }

    private static void guarded(String what, AtomicBoolean running, Runnable work) {
        if (!running.compareAndSet(false, true)) {
            return;
        }
        try {
            work.run();
        } catch (RuntimeException | Error failure) {
            LOG.log(Level.SEVERE, "The timer '" + what + "' failed; it fires again", failure);
        } finally {
            running.set(false);
        }
    }
}
