package io.evenstock.inventory;

import io.evenstock.stock.Base;
import io.evenstock.stock.ItemId;
import io.evenstock.stock.Movement;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** A fact of a pair, as it was recorded. */
public sealed interface LedgerFact {

    /** Where facts come from; of two recorded at one moment the one further up comes first. */
    enum Source {
        MOVEMENT,
        SHIPMENT,
        ACKNOWLEDGEMENT,
        TRANSFER_SLIP,
        RESET_RUN,
        VARIANCE,
        UNDO
    }

    LedgerPosition position();

    /** When it happened: of a run its as-of; null: it was withdrawn. */
    @Nullable
    Instant occurredAt();

    /** A sale, return or adjustment. */
    record Moved(LedgerPosition position, Movement movement) implements LedgerFact {
        @Override
        public Instant occurredAt() {
            return movement.occurredAt();
        }
    }

    /**
     * A revision of what is told of a shipment item.
     *
     * @param at shippedAt, acknowledgedAt, transferSlipAt
     * @param quantity null: an acknowledgement of all, or a transfer slip
     * @param invoicedAt of an acknowledgement: where it was invoiced; null: where it shipped from
     * @param ofPair whether it names the pair's product
     * @param known whether all that it names is known; if not it is in quarantine (R11)
     */
    record Fulfilled(
            LedgerPosition position,
            ItemId item,
            int revision,
            String shippedFrom,
            @Nullable Instant at,
            @Nullable Integer quantity,
            @Nullable String invoicedAt,
            boolean ofPair,
            boolean known)
            implements LedgerFact {
        @Override
        public @Nullable Instant occurredAt() {
            return at;
        }
    }

    /**
     * What became of a run that has a line of the pair.
     *
     * @param remark of a variance: RECORDED or DROPPED; of an undo: the operator's reason
     */
    record Run(
            LedgerPosition position,
            Base base,
            String file,
            int line,
            @Nullable String remark) implements LedgerFact {
        @Override
        public Instant occurredAt() {
            return base.asOf();
        }
    }
}
