package io.evenstock.selfaudit;

import java.time.Instant;
import java.util.Optional;

/**
 * What the self-audit knows.
 *
 * @param checkedAt when it last looked at anything
 * @param pairs pairs checked since the present pass began
 * @param lastPass the last pass that came to its end
 * @param offences how many pairs are wrong, as far as known
 * @param first the one found first
 */
public record Verdict(
        Light light,
        Optional<Instant> checkedAt,
        long pairs,
        Optional<Pass> lastPass,
        long offences,
        Optional<Offence> first) {

    /** All pairs, looked at one after the other. */
    public record Pass(Instant startedAt, Instant endedAt, long pairs) {}
}
