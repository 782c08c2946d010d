package io.evenstock.lab;

/**
 * A generated product.
 *
 * @param upc twelve digits with a valid check digit; two in five begin with a zero
 * @param name one line, though the description in the file may have two
 * @param active sold online, which says little about the file's own {@code active} column
 */
public record Product(String productId, String itemSid, String upc, String alu, String name, boolean active) {}
