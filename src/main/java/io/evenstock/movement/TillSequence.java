package io.evenstock.movement;

/**
 * Where an event stands in its till's own count of events. A number that is never told is a missing sale.
 *
 * @param tillId unique within the facility
 * @param sequence from 0, one more for each event of the till
 */
public record TillSequence(String tillId, long sequence) {}
