package io.evenstock.snapshot;

/** Fired within the transaction in which an applied run was taken back. */
public record RunUndone(SnapshotRun run, String reason) {}
