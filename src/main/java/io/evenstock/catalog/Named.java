package io.evenstock.catalog;

/** What an identification names: one product, or (ambiguous) several, of which the key is merely one. */
public record Named(int key, boolean ambiguous) {

    /** The product's key. @throws AmbiguousException if several are named */
    public int productKey(Identification identification) {
        if (ambiguous) {
            throw new AmbiguousException(identification);
        }
        return key;
    }
}
