package io.evenstock.access;

/**
 * Who does something, for the audit trail.
 *
 * @param name of a user of the console, or an API key as name#number
 * @param address from where, in numbers
 */
public record Actor(String name, String address) {}
