package io.evenstock.catalog;

/** A (type, value) that names a product: SKU, UPCA, EAN … The value is text, leading zeros count. */
public record Identification(String idType, String idValue) {
    @Override
    public String toString() {
        return idType + " " + idValue;
    }
}
