package io.evenstock.console;

import io.evenstock.access.Actor;
import io.evenstock.access.UserRole;
import io.evenstock.downstream.Channel;
import io.evenstock.downstream.Channels;
import io.evenstock.downstream.Cursor;
import io.evenstock.downstream.DownstreamDesk;
import io.evenstock.downstream.DownstreamStatus;
import io.evenstock.downstream.Webhook;
import io.evenstock.downstream.Webhooks;
import io.evenstock.http.ProblemException;
import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import jakarta.inject.Named;
import java.time.Instant;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Who is told of changes and how far each is; {@code ?id=} opens one endpoint with its last deliveries. */
@Named
@RequestScoped
public class DownstreamPage {
    private static final int DELIVERIES_SHOWN = 20;
    private static final String PAGE = "/console/downstream";

    @Inject
    DownstreamStatus status;

    @Inject
    Webhooks webhooks;

    @Inject
    Channels channels;

    @Inject
    DownstreamDesk desk;

    @Inject
    Me me;

    @Inject
    Deeds deeds;

    @Inject
    Asked asked;

    private DownstreamStatus.@Nullable Waiting waiting;
    private @Nullable List<Webhook> all;

    public DownstreamStatus.Waiting getWaiting() {
        if (waiting == null) {
            waiting = status.waiting();
        }
        return waiting;
    }

    public List<Webhook> getWebhooks() {
        if (all == null) {
            all = webhooks.all();
        }
        return all;
    }

    public List<Channel> getChannels() {
        return channels.all();
    }

    /** Its number in the address, or in the form that was sent; 0: none. */
    public long getId() {
        return asked.number("id").orElse(0L);
    }

    /** The endpoint that is looked at, as the list has it; null: none. @throws ProblemException 404 */
    public @Nullable Webhook getOne() {
        if (getId() == 0) {
            return null;
        }
        return getWebhooks().stream()
                .filter(webhook -> webhook.id() == getId())
                .findFirst()
                .orElseThrow(() -> ProblemException.notFound("There is no webhook " + getId()));
    }

    public List<Webhooks.Sent> getDeliveries() {
        return webhooks.attempts(getId()).stream().limit(DELIVERIES_SHOWN).toList();
    }

    public Instant at(Webhooks.Sent sent) {
        return Instant.parse(sent.at());
    }

    public String pause() {
        return done("paused", by -> desk.pause(getId(), by));
    }

    public String resume() {
        return done("resumed", by -> desk.resume(getId(), by));
    }

    public String replay() {
        return done("replayed", by -> desk.replay(getId(), Cursor.START, by));
    }

    private String done(String what, Consumer<Actor> action) {
        return deeds.done(
                "Webhook " + getId() + " was " + what + ".",
                PAGE + "?id=" + getId(),
                () -> action.accept(me.require(UserRole.ADMIN)));
    }
}
