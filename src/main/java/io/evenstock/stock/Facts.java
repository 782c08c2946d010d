package io.evenstock.stock;

import java.util.Collection;
import java.util.List;

/**
 * All that the figure of one pair depends on.
 *
 * @param facilityId the pair's facility
 * @param base the pair's base; for a preview that of the run not yet applied
 * @param variance that of the base's cycle; another one changes nothing
 * @param movements the pair's, each once; they may reach back before the base
 * @param effects the product's; those at other facilities change nothing
 * @param safetyStock units never to be promised
 */
public record Facts(
        String facilityId,
        Base base,
        Variance variance,
        Collection<Movement> movements,
        Collection<Effect> effects,
        int safetyStock) {

    public Facts {
        movements = movements.stream().sorted(Movement.BY_BOOKING).toList();
        effects = List.copyOf(effects);
    }
}
