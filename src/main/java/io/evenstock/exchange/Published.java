package io.evenstock.exchange;

/** A file as it was written: its name in its folder, SHA-256 in hexadecimal digits, and size. */
public record Published(String folder, String name, String sha256, long bytes) {}
