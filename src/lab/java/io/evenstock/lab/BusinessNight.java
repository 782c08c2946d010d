package io.evenstock.lab;

import java.time.Clock;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZonedDateTime;

/**
 * The night that the demo plays: the latest one whose filter time has passed, with Retail Pro's figures as they were at
 * five to one.
 */
record BusinessNight(LocalDate date, ZonedDateTime asOf) {

    private static final LocalTime FILTER = LocalTime.of(1, 30);
    private static final LocalTime SNAPSHOT = LocalTime.of(0, 55);

    static BusinessNight latest(Clock clock, ZoneId zone) {
        ZonedDateTime now = clock.instant().atZone(zone);
        LocalDate date = now.toLocalDate().minusDays(now.toLocalTime().isAfter(FILTER) ? 0 : 1);
        return new BusinessNight(date, date.atTime(SNAPSHOT).atZone(zone));
    }

    String fileName() {
        return ResetInventoryGenerator.fileName(asOf.toOffsetDateTime());
    }
}
