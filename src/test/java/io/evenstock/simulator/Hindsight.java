package io.evenstock.simulator;

import io.evenstock.simulator.Told.Claim;
import io.evenstock.simulator.World.Entry;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;

/**
 * The oracle for what is told by many at a time, asked once, in the end: when every message carries its times and every
 * variance is recorded, it does not matter for the figures in which order it was told. The one exception: products and
 * facilities must have been known before the first file.
 */
public final class Hindsight {
    private final Queue<Message> catalog = new ConcurrentLinkedQueue<>();
    private final Queue<Message> facts = new ConcurrentLinkedQueue<>();
    private final Queue<Message> runs = new ConcurrentLinkedQueue<>();

    /** The system has been told this and has taken it. By any thread; but each night's steps in their order. */
    public void told(Message message) {
        if (message instanceof Message.FacilityKnown || message instanceof Message.ProductKnown) {
            catalog.add(message);
        } else if (entryAt(message) != null) {
            facts.add(message);
        } else {
            runs.add(message);
        }
    }

    /** What every figure must be, by facility and then product. */
    public Map<String, Map<String, Figure>> figures() {
        World world = new World();
        List<Told> all = new ArrayList<>();
        catalog.forEach(message -> all.add(told(message, Claim.NONE)));
        facts.forEach(message -> all.add(told(message, claim(world, message))));
        world.close();
        runs.forEach(message -> all.add(told(message, photo(world, message))));
        Oracle oracle = new Oracle();
        all.forEach(oracle::hear);
        Map<String, Map<String, Figure>> figures = new HashMap<>();
        oracle.figures()
                .forEach((pair, figure) -> figures.computeIfAbsent(pair.facility(), each -> new HashMap<>())
                        .put(pair.product(), figure));
        return figures;
    }

    private static Told told(Message message, Claim claim) {
        return new Told(Instant.EPOCH, message, claim);
    }

    private static @Nullable Instant entryAt(Message message) {
        if (message instanceof Message.Movement movement) {
            return Objects.requireNonNullElse(movement.bookedAt(), movement.occurredAt());
        }
        if (message instanceof Message.Shipment shipment) {
            return shipment.shippedAt();
        }
        if (message instanceof Message.ItemCorrection correction) {
            return correction.shippedAt();
        }
        return message instanceof Message.Acknowledgement said ? said.acknowledgedAt() : null;
    }

    private static Claim claim(World world, Message message) {
        Entry entry = world.claim(Objects.requireNonNull(entryAt(message)));
        Instant slip = message instanceof Message.Acknowledgement said ? said.transferSlipAt() : null;
        return Claim.of(entry, slip == null ? null : world.claim(slip));
    }

    private static Claim photo(World world, Message message) {
        if (message instanceof Message.FilterStep filter) {
            return Claim.of(world.photo(filter.file().asOf()));
        }
        return message instanceof Message.Feed feed
                ? Claim.of(world.photo(feed.file().asOf()))
                : Claim.NONE;
    }
}
