package io.evenstock.pos;

import io.evenstock.database.Sql;
import io.evenstock.inventory.Figure;
import io.evenstock.inventory.Figures;
import io.evenstock.inventory.Pair;
import io.evenstock.movement.Movements;
import io.evenstock.movement.Outcome;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Records adjustments and tells the figures they lead to, within the caller's transaction. */
@ApplicationScoped
class Booking {
    private static final String LONGEST_WAIT = "3s";

    @Inject
    Sql sql;

    @Inject
    Movements movements;

    @Inject
    Figures figures;

    /** Records what is new. @return an entry for each, in the order given */
    List<Adjusted> book(List<Adjustment> adjustments) {
        // A node that vanished may still hold rows: then this attempt fails, and the next may find them free.
        sql.first("select set_config('lock_timeout', ?, true)", row -> true, LONGEST_WAIT);
        List<Outcome> outcomes =
                movements.record(adjustments.stream().map(Adjustment::movement).toList());
        List<@Nullable Pair> pairs = new ArrayList<>(outcomes.size());
        for (int i = 0; i < outcomes.size(); i++) {
            pairs.add(adjustments.get(i).withFigure() ? pair(outcomes.get(i)) : null);
        }
        Map<Pair, Figure> after = figures(pairs);
        List<Adjusted> adjusted = new ArrayList<>(outcomes.size());
        for (int i = 0; i < outcomes.size(); i++) {
            Pair pair = pairs.get(i);
            adjusted.add(new Adjusted(outcomes.get(i), pair == null ? null : after.get(pair)));
        }
        return adjusted;
    }

    /** Each pair's figure once, however many of the adjustments are of it. */
    private Map<Pair, Figure> figures(List<@Nullable Pair> asked) {
        Set<Pair> distinct = new LinkedHashSet<>();
        for (Pair pair : asked) {
            if (pair != null) {
                distinct.add(pair);
            }
        }
        Map<Pair, Figure> figures = new HashMap<>();
        if (!distinct.isEmpty()) {
            List<Pair> pairs = List.copyOf(distinct);
            List<Figure> found = this.figures.of(pairs);
            for (int i = 0; i < pairs.size(); i++) {
                figures.put(pairs.get(i), found.get(i));
            }
        }
        return figures;
    }

    private static @Nullable Pair pair(Outcome outcome) {
        return outcome instanceof Outcome.Recorded recorded
                        && recorded.facilityKey() != null
                        && recorded.productKey() != null
                ? new Pair(recorded.facilityKey(), recorded.productKey())
                : null;
    }
}
