package io.evenstock.catalog;

/**
 * A store or warehouse.
 *
 * @param facilityId external id, {@code <subsidiary number>-<store code>} for Retail Pro
 */
public record Facility(String facilityId, String name) {}
