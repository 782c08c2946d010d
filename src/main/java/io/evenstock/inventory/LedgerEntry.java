package io.evenstock.inventory;

import org.jspecify.annotations.Nullable;

/**
 * A fact with what it did to the figure, as that was known then.
 *
 * @param change signed units of the quantity on hand
 * @param quantityOnHand after it
 * @param withheld after it
 * @param why of a fact that changed nothing, why not; of the opening, that it is one
 */
public record LedgerEntry(
        LedgerFact fact,
        long change,
        long quantityOnHand,
        long withheld,
        @Nullable String why) {
    /** The same as the first entry that is told: all of the figure is its change. */
    LedgerEntry opening() {
        return new LedgerEntry(fact, quantityOnHand, quantityOnHand, withheld, "the ledger opens here");
    }
}
