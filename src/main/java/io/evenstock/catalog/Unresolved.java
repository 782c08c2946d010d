package io.evenstock.catalog;

import java.time.Instant;

/**
 * What waits in quarantine under one name: facts that cannot count while their facility or product is not known.
 *
 * @param events how many
 * @param since when the oldest of them took place
 */
public record Unresolved(String facilityId, Identification identification, long events, Instant since) {}
