package io.evenstock.snapshot;

/** Fired within the transaction in which an operator approved or refused a held run. */
public record RunDecided(SnapshotRun run, boolean approved, String reason) {}
