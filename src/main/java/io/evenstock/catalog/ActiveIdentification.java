package io.evenstock.catalog;

/** One of the identifications of a product that is sold online. */
public record ActiveIdentification(String productId, Identification identification) {}
