package io.evenstock.snapshot;

import java.time.LocalDate;

/**
 * Fired within the transaction that left a night's variance no line, or gave it one back.
 *
 * @param dropped whether it is dropped now; if not, it is pending again
 */
public record VarianceDropped(LocalDate businessDate, boolean dropped) {}
