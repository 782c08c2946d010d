package io.evenstock.downstream;

import java.util.List;

/**
 * A named set of facilities that sell together. Of the sum of what they can promise, {@code safetyUnits} and
 * {@code safetyPercent} per cent, rounded up, are kept back; never less than 0 is offered.
 */
public record Channel(String name, List<String> facilityIds, int safetyUnits, int safetyPercent) {
    public Channel {
        facilityIds = List.copyOf(facilityIds);
    }
}
