package io.evenstock.catalog;

/** Fired within the transaction that made products or facilities known: facts in quarantine may take effect. */
public record CatalogChanged() {}
