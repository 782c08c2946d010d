package io.evenstock.stock;

/**
 * What stands at a pair, in units.
 *
 * @param quantityOnHand what is physically there; negative when more left than was known (R9)
 * @param withheld shipped already, but pending (R4)
 * @param safetyStock never promised
 */
public record Figure(long quantityOnHand, long withheld, int safetyStock) {

    public Figure {
        if (withheld < 0 || safetyStock < 0) {
            throw new IllegalArgumentException("negative: withheld " + withheld + " or safety stock " + safetyStock);
        }
    }

    /** What may be published: never below 0. */
    public long availableToPromise() {
        long free = Math.subtractExact(Math.subtractExact(quantityOnHand, withheld), safetyStock);
        return Math.max(0, free);
    }

    public boolean negative() {
        return quantityOnHand < 0;
    }
}
