package io.evenstock.inventory;

/** A (facility, product), by their keys. */
public record Pair(int facilityKey, int productKey) {}
