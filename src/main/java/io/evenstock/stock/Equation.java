package io.evenstock.stock;

import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.stream.LongStream;

/**
 * The figure of a pair as a function of its facts, and its explanation: the terms are what counts, and why.
 *
 * <pre>quantity on hand = base + movements booked since + outstanding, unless pending</pre>
 *
 * @param movements those booked after the base
 * @param absorbed those the base held already, effect 0 (R5)
 * @param outstanding what Retail Pro's figure lacked or had too much as of the base, tagged
 */
public record Equation(
        Base base, List<Movement> movements, List<Absorbed> absorbed, List<Tagged> outstanding, int safetyStock) {

    /** A movement that is kept with effect 0. */
    public record Absorbed(Movement movement, Base base) {

        public String why() {
            return "booked at %s, not after %s, the as-of of run %d, whose quantity held it"
                    .formatted(movement.bookedAt(), base.asOf(), base.runId());
        }
    }

    /** An outstanding effect with what the variance has to do with it. */
    public record Tagged(Outstanding effect, Variance.Tag tag) {

        /** Signed units in the quantity on hand. */
        public long onHand() {
            return tag == Variance.Tag.PENDING ? 0 : effect.quantity();
        }

        /** Units withheld: of the pending negative ones only (R4). */
        public long withheld() {
            return tag == Variance.Tag.PENDING ? Math.max(0, -(long) effect.quantity()) : 0;
        }
    }

    public Equation {
        movements = List.copyOf(movements);
        absorbed = List.copyOf(absorbed);
        outstanding = List.copyOf(outstanding);
    }

    public static Equation of(Facts facts) {
        Instant asOf = facts.base().asOf();
        return new Equation(
                facts.base(),
                facts.movements().stream()
                        .filter(movement -> movement.countsAfter(asOf))
                        .toList(),
                facts.movements().stream()
                        .filter(movement -> !movement.countsAfter(asOf))
                        .map(movement -> new Absorbed(movement, facts.base()))
                        .toList(),
                tagged(facts),
                facts.safetyStock());
    }

    public Figure figure() {
        long moved = sum(movements.stream().mapToLong(Movement::quantity));
        long corrected = sum(outstanding.stream().mapToLong(Tagged::onHand));
        long withheld = sum(outstanding.stream().mapToLong(Tagged::withheld));
        return new Figure(sum(LongStream.of(base.quantity(), moved, corrected)), withheld, safetyStock);
    }

    private static List<Tagged> tagged(Facts facts) {
        return Outstanding.asOf(facts.base().asOf(), here(facts.facilityId(), facts.effects())).stream()
                .map(effect -> new Tagged(effect, facts.variance().tagOf(effect, facts.base())))
                .toList();
    }

    private static List<Effect> here(String facilityId, Collection<Effect> effects) {
        return effects.stream()
                .filter(effect -> effect.facilityId().equals(facilityId))
                .toList();
    }

    static long sum(LongStream units) {
        return units.reduce(0, Math::addExact);
    }
}
