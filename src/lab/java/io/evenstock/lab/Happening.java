package io.evenstock.lab;

import java.time.Duration;

/**
 * What may happen to a pair around the snapshot, and what it then means to the figure (rules R1 to R7). The demo's own
 * arithmetic, kept apart from the application's.
 */
enum Happening {
    SOLD_BEFORE("sold before: in the file", Effect.IN_FILE, Duration.ofHours(-3)),
    SOLD_SINCE("sales since", Effect.DEDUCTED, Duration.ofMinutes(10)),
    /** Rung up while the cycle stands between filter and reset. */
    SOLD_BETWEEN("sale between filter and reset", Effect.DEDUCTED, Duration.ofMinutes(30)),
    /** Booked before the snapshot, but its message comes after the reset. */
    SOLD_LATE("sale of 00:50 that came after the reset: in the file", Effect.IN_FILE, Duration.ofMinutes(-5)),
    SHIPPED_ACKNOWLEDGED("shipped, acknowledged: in the file", Effect.IN_FILE, Duration.ofHours(-10)),
    SHIPPED_ACKNOWLEDGED_SINCE("shipped, acknowledged since", Effect.PENDING, Duration.ofHours(-8)),
    SHIPPED_OPEN("shipped, not acknowledged", Effect.PENDING, Duration.ofHours(-6)),
    SHIPPED_SINCE("shipped since", Effect.DEDUCTED, Duration.ofMinutes(15));

    /** What it does to the file's figure. */
    enum Effect {
        /** The file has it already. */
        IN_FILE,
        /** At the reset. */
        DEDUCTED,
        /** Withheld at the reset, deducted by the variance. */
        PENDING
    }

    private final String words;
    private final Effect effect;
    private final Duration sinceAsOf;

    Happening(String words, Effect effect, Duration sinceAsOf) {
        this.words = words;
        this.effect = effect;
        this.sinceAsOf = sinceAsOf;
    }

    Effect effect() {
        return effect;
    }

    /** When it happened, from the snapshot's as-of on. */
    Duration sinceAsOf() {
        return sinceAsOf;
    }

    boolean isShipment() {
        return name().startsWith("SHIPPED");
    }

    /** Whether Evenstock hears of it before the cycle begins. */
    boolean isKnownBeforeCycle() {
        return this != SOLD_BETWEEN && this != SOLD_LATE;
    }

    /** A term of the written equation, for example {@code - 2 (shipped, not acknowledged)}. */
    String term(int quantity) {
        return " - %d (%s)".formatted(effect == Effect.IN_FILE ? 0 : quantity, words);
    }
}
