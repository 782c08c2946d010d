package io.evenstock.selfaudit;

import java.time.Instant;
import java.util.Optional;

/**
 * A pair that is wrong.
 *
 * @param facts what its facts add up to
 * @param figure what is told of it
 * @param published what was told downstream last; empty: never anything
 * @param sumsOff by how much the hourly sums since the base differ from their movements
 */
public record Offence(
        String facilityId,
        String productId,
        Amounts facts,
        Amounts figure,
        Optional<Amounts> published,
        long sumsOff,
        Instant foundAt) {

    /** In units. */
    public record Amounts(long quantityOnHand, long withheld) {}
}
