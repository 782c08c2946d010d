package io.evenstock.simulator;

/**
 * What a stock system answers for a pair, in units.
 *
 * @param quantityOnHand may be negative (R9)
 * @param withheld the pending negative variance lines (R4), never below 0
 * @param availableToPromise as published: never below 0
 */
public record Figure(long quantityOnHand, long withheld, long availableToPromise) {

    /** The figure as published: max(0, QOH − withheld − safety stock). */
    public static Figure of(long quantityOnHand, long withheld, long safetyStock) {
        return new Figure(quantityOnHand, withheld, Math.max(0, quantityOnHand - withheld - safetyStock));
    }

    @Override
    public String toString() {
        return "QOH " + quantityOnHand + " withheld " + withheld + " ATP " + availableToPromise;
    }
}
