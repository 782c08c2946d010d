package io.evenstock.snapshot;

/** A file that was written for a later step: it must read back with the same SHA-256. */
public record WrittenFile(String name, String sha256) {}
