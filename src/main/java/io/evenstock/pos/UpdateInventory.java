package io.evenstock.pos;

import io.evenstock.catalog.Catalog;
import io.evenstock.catalog.Identification;
import io.evenstock.catalog.Named;
import io.evenstock.inventory.Figure;
import io.evenstock.inventory.Figures;
import io.evenstock.inventory.Pair;
import io.evenstock.movement.Movement;
import io.evenstock.movement.Movements;
import io.evenstock.movement.Outcome;
import jakarta.ejb.Stateless;
import jakarta.inject.Inject;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Records adjustments and tells the figures they lead to, in one transaction. */
@Stateless
public class UpdateInventory {
    @Inject
    Movements movements;

    @Inject
    Catalog catalog;

    @Inject
    Figures figures;

    /** Applies the batch. @return an outcome for each, in the order given */
    public List<Adjusted> apply(List<Movement> adjustments, boolean withFigures) {
        if (adjustments.isEmpty()) {
            return List.of();
        }
        List<Outcome> outcomes = movements.record(adjustments);
        List<Optional<Figure>> after = withFigures ? figures(adjustments) : none(adjustments.size());
        List<Adjusted> adjusted = new ArrayList<>(outcomes.size());
        for (int i = 0; i < outcomes.size(); i++) {
            adjusted.add(new Adjusted(
                    outcomes.get(i), after.get(i), adjustments.get(i).unrepeatable()));
        }
        return adjusted;
    }

    private List<Optional<Figure>> figures(List<Movement> adjustments) {
        List<Optional<Pair>> pairs = pairs(adjustments);
        List<Figure> known = figures.of(pairs.stream().flatMap(Optional::stream).toList());
        List<Optional<Figure>> all = new ArrayList<>(pairs.size());
        int next = 0;
        for (Optional<Pair> pair : pairs) {
            all.add(pair.isPresent() ? Optional.of(known.get(next++)) : Optional.empty());
        }
        return all;
    }

    private List<Optional<Pair>> pairs(List<Movement> adjustments) {
        Map<String, Integer> facilities = catalog.facilityKeys();
        Map<Identification, Named> products = catalog.lookUp(adjustments.stream()
                .map(UpdateInventory::identification)
                .distinct()
                .toList());
        return adjustments.stream()
                .map(adjustment ->
                        pair(facilities.get(adjustment.facilityId()), products.get(identification(adjustment))))
                .toList();
    }

    private static Optional<Pair> pair(@Nullable Integer facility, @Nullable Named product) {
        return facility == null || product == null || product.ambiguous()
                ? Optional.empty()
                : Optional.of(new Pair(facility, product.key()));
    }

    private static Identification identification(Movement movement) {
        return new Identification(movement.idType(), movement.idValue());
    }

    private static List<Optional<Figure>> none(int size) {
        return Collections.nCopies(size, Optional.empty());
    }
}
