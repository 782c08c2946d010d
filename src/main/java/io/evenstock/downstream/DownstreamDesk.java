package io.evenstock.downstream;

import io.evenstock.access.Actor;
import io.evenstock.access.Audit;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.transaction.Transactional;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Where endpoints and channels are made and steered, over HTTP and in the console alike: each deed and its line in the audit trail
 * are one transaction. What is refused, and why, stands with {@link Webhooks} and {@link Channels}.
 */
@ApplicationScoped
@Transactional
public class DownstreamDesk {
    @Inject
    Webhooks webhooks;

    @Inject
    Channels channels;

    @Inject
    Audit audit;

    /** Registers an endpoint. @return its id */
    public long register(
            String url, String target, @Nullable Integer channelKey, String secret, Cursor cursor, Actor by) {
        long id = webhooks.register(url, target, channelKey, secret, cursor);
        tell(by, "webhook registered", id);
        return id;
    }

    public void delete(long webhookId, Actor by) {
        webhooks.delete(webhookId);
        tell(by, "webhook deleted", webhookId);
    }

    /** Tells the endpoint everything after a cursor again. */
    public void replay(long webhookId, Cursor after, Actor by) {
        webhooks.replay(webhookId, after);
        tell(by, "webhook replayed", webhookId);
    }

    public void pause(long webhookId, Actor by) {
        webhooks.pause(webhookId, "paused by " + by.name());
        tell(by, "webhook paused", webhookId);
    }

    /** Goes on where it stands. */
    public void resume(long webhookId, Actor by) {
        webhooks.resume(webhookId);
        tell(by, "webhook resumed", webhookId);
    }

    public void rotate(long webhookId, String secret, Actor by) {
        webhooks.rotate(webhookId, secret);
        tell(by, "webhook's secret rotated", webhookId);
    }

    /** What a Shopify store calls facilities and products. @return how many of them are known */
    public int map(long webhookId, Map<String, String> locations, Map<String, String> items, Actor by) {
        int known = webhooks.map(webhookId, locations, items);
        tell(by, "webhook mapped", webhookId);
        return known;
    }

    /** Makes or changes channels: all of them or none. */
    public void put(List<Channel> given, Actor by) {
        // In one order, whatever the caller's: two calls at once would wait for each other.
        given.stream().sorted(Comparator.comparing(Channel::name)).forEach(channel -> {
            channels.put(channel);
            audit.record(by, "channel put", "channel " + channel.name(), null);
        });
    }

    public void deleteChannel(String name, Actor by) {
        channels.delete(name);
        audit.record(by, "channel deleted", "channel " + name, null);
    }

    private void tell(Actor by, String action, long webhookId) {
        audit.record(by, action, "webhook " + webhookId, null);
    }
}
