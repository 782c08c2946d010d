package io.evenstock.stock;

import java.time.Duration;
import java.time.Instant;

/** How far in the future a stated time may lie, for clocks differ (R12, R15). */
public record Skew(Duration allowed) {

    public Skew {
        if (allowed.isNegative()) {
            throw new IllegalArgumentException("allowed skew " + allowed + " is negative");
        }
    }

    public boolean allows(Instant stated, Instant now) {
        return !stated.isAfter(now.plus(allowed));
    }
}
