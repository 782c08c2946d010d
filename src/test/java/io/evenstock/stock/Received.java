package io.evenstock.stock;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/** What the OMS has heard of a {@link World}: facts, each kept once. */
final class Received {

    private final Map<String, List<Base>> applied = new HashMap<>();
    private final Map<String, Map<String, Movement>> movements = new HashMap<>();
    private final Map<ItemId, Revised<World.Dispatch>> dispatches = new TreeMap<>();
    private final Map<ItemId, Revised<Acknowledgement>> acknowledgements = new HashMap<>();

    static Received all(List<World.Message> messages) {
        Received received = new Received();
        messages.forEach(received::take);
        return received;
    }

    void undo(String facility, Base line) {
        applied.getOrDefault(facility, List.of()).removeIf(line::equals);
    }

    boolean covered(String facility) {
        return !applied.getOrDefault(facility, List.of()).isEmpty();
    }

    List<ShipmentItem> items() {
        return dispatches.keySet().stream().flatMap(item -> item(item).stream()).toList();
    }

    Facts facts(String facility) {
        return new Facts(
                facility,
                Base.among(applied.getOrDefault(facility, List.of())),
                Variance.NONE,
                movements.getOrDefault(facility, Map.of()).values(),
                items().stream().flatMap(item -> item.effects().stream()).toList(),
                0);
    }

    private void take(World.Message message) {
        if (message instanceof World.Applied run) {
            applied.computeIfAbsent(run.facilityId(), none -> new ArrayList<>()).add(run.line());
        } else if (message instanceof World.Moved moved) {
            movements
                    .computeIfAbsent(moved.facilityId(), none -> new HashMap<>())
                    .putIfAbsent(moved.movement().eventId(), moved.movement());
        } else if (message instanceof World.Shipped shipped) {
            dispatches.merge(
                    shipped.item(),
                    Revised.<World.Dispatch>unknown().with(shipped.revision()),
                    (known, one) -> known.with(shipped.revision()));
        } else if (message instanceof World.Acknowledged acknowledged) {
            acknowledgements.merge(
                    acknowledged.item(),
                    Revised.<Acknowledgement>unknown().with(acknowledged.revision()),
                    (known, one) -> known.with(acknowledged.revision()));
        }
    }

    private List<ShipmentItem> item(ItemId id) {
        Revised<Acknowledgement> acknowledgement =
                Objects.requireNonNullElse(acknowledgements.get(id), Revised.unknown());
        return Objects.requireNonNullElse(dispatches.get(id), Revised.<World.Dispatch>unknown()).current().stream()
                .map(dispatch -> new ShipmentItem(
                        id,
                        dispatch.facilityId(),
                        dispatch.quantity(),
                        dispatch.shippedAt(),
                        acknowledgement.current().orElse(null)))
                .toList();
    }
}
