package io.evenstock.inventory;

/** Why a file's quantity was not the expected one, as far as facts tell (docs/decisions/0013). */
public enum DriftCause {
    /** Told since: movements booked by the as-of. */
    LATE_SALE(true, "Sales or returns of before came only after the reset"),
    /** Told since: acknowledgements or shipments of before the as-of. */
    LATE_ACKNOWLEDGEMENT(true, "Acknowledgements or shipments of before came only after the reset"),
    /** Less by just what was shipped and is not acknowledged until now. */
    MISSING_ACKNOWLEDGEMENT(false, "Likely acknowledged by Retail Pro, and we were never told"),
    /** Different by just what movements count too often that are alike in all but their event id. */
    DUPLICATE(false, "Likely counted twice: movements alike in all but their event id"),
    /** Less, at a facility of which numbers of a till never came. */
    MISSED_SALE(false, "Likely a sale that never came: numbers of a till are missing"),
    /** More, and nothing else explains it. */
    RECEIPT(false, "Likely a receipt, a transfer in or a count"),
    /** Less, and nothing explains it. */
    UNKNOWN(false, "Not known: a sale never told, a transfer out, a loss or a count");

    private final boolean certain;
    private final String words;

    DriftCause(boolean certain, String words) {
        this.certain = certain;
        this.words = words;
    }

    /** Whether facts add up to it; otherwise it is only likely. */
    public boolean certain() {
        return certain;
    }

    /** In a sentence, without its full stop. */
    public String words() {
        return words;
    }
}
