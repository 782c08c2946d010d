package io.evenstock.nightly;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.evenstock.settings.Settings;
import io.evenstock.settings.SettingsReader;
import java.time.Instant;
import java.time.LocalDate;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BusinessCalendarTest {
    @Test
    void aCycleHasTheLocalDateOfItsReset() {
        BusinessCalendar calendar = calendar(Map.of("evenstock.zone", "America/New_York"));
        Instant atOne = Instant.parse("2026-11-22T06:00:00Z");
        assertEquals(LocalDate.of(2026, 11, 22), calendar.businessDate(StepName.LIST, atOne));
        assertEquals(LocalDate.of(2026, 11, 22), calendar.businessDate(StepName.VARIANCE, atOne));
        assertEquals(Instant.parse("2026-11-22T06:30:00Z"), calendar.due(LocalDate.of(2026, 11, 22), StepName.FILTER));
    }

    @Test
    void aListInTheEveningIsForTomorrow() {
        BusinessCalendar calendar = calendar(Map.of(
                "evenstock.zone", "UTC", "evenstock.schedule.list", "23:00", "evenstock.schedule.filter", "23:30"));
        Instant evening = Instant.parse("2026-11-21T23:00:00Z");
        assertEquals(LocalDate.of(2026, 11, 22), calendar.businessDate(StepName.LIST, evening));
        assertEquals(Instant.parse("2026-11-21T23:30:00Z"), calendar.due(LocalDate.of(2026, 11, 22), StepName.FILTER));
    }

    @Test
    void aVarianceAfterMidnightIsForYesterday() {
        BusinessCalendar calendar = calendar(Map.of(
                "evenstock.zone", "UTC",
                "evenstock.schedule.list", "22:00",
                "evenstock.schedule.filter", "22:30",
                "evenstock.schedule.reset", "23:30",
                "evenstock.schedule.variance", "00:30"));
        assertEquals(
                LocalDate.of(2026, 11, 22),
                calendar.businessDate(StepName.VARIANCE, Instant.parse("2026-11-23T00:30:00Z")));
        assertEquals(
                LocalDate.of(2026, 11, 22),
                calendar.businessDate(StepName.LIST, Instant.parse("2026-11-22T22:00:00Z")));
    }

    /** A timer rings by its node's clock, a moment before or after it is midnight by the database's. */
    @ParameterizedTest
    @ValueSource(longs = {-60_000, -5, 0, 5, 60_000})
    void aRingAtMidnightIsForTheNightWhoseTimeIsNearest(long ahead) {
        BusinessCalendar calendar = calendar(Map.of(
                "evenstock.zone", "America/New_York",
                "evenstock.schedule.list", "23:59:59",
                "evenstock.schedule.filter", "00:00",
                "evenstock.schedule.reset", "00:00:01",
                "evenstock.schedule.variance", "00:05"));
        LocalDate date = LocalDate.of(2026, 11, 22);
        for (StepName step : StepName.values()) {
            Instant rings = calendar.due(date, step).minusMillis(ahead);
            assertEquals(date, calendar.businessDate(step, rings), step::text);
        }
    }

    /** Also when somebody rings it by hand in the afternoon. */
    @Test
    void aRingIsForTheLastNightUntilTheNextIsSixHoursAhead() {
        BusinessCalendar calendar = calendar(Map.of("evenstock.zone", "UTC"));
        LocalDate date = LocalDate.of(2026, 11, 22);
        Instant due = calendar.due(date, StepName.LIST);
        for (int hours = -6; hours < 18; hours++) {
            assertEquals(date, calendar.businessDate(StepName.LIST, due.plusSeconds(3_600L * hours)), hours + " h");
        }
    }

    /** London, 2027-03-28: 01:00 to 02:00 does not exist; 2026-10-25: 01:30 comes twice. */
    @Test
    void gapAndOverlapHaveOneMoment() {
        BusinessCalendar calendar = calendar(Map.of("evenstock.zone", "Europe/London"));
        assertEquals(Instant.parse("2027-03-28T01:30:00Z"), calendar.due(LocalDate.of(2027, 3, 28), StepName.FILTER));
        assertEquals(Instant.parse("2026-10-25T00:30:00Z"), calendar.due(LocalDate.of(2026, 10, 25), StepName.FILTER));
    }

    /** Gaps, overlaps (Lord Howe's of half an hour), leap days: each business date has each step once, in their order. */
    @ParameterizedTest
    @ValueSource(strings = {"Europe/London", "America/New_York", "Australia/Lord_Howe", "UTC"})
    void everyBusinessDateHasEachStepOnce(String zone) {
        BusinessCalendar calendar = calendar(Map.of("evenstock.zone", zone));
        for (StepName step : StepName.values()) {
            Instant before = Instant.MIN;
            for (LocalDate date = LocalDate.of(2024, 1, 1); date.getYear() < 2032; date = date.plusDays(1)) {
                Instant due = calendar.due(date, step);
                assertEquals(date, calendar.businessDate(step, due), () -> step + " " + due);
                assertTrue(due.isAfter(before), () -> step + " " + due);
                before = due;
            }
        }
    }

    @Test
    void oddTimesAreTold() {
        BusinessCalendar london = calendar(Map.of("evenstock.zone", "Europe/London"));
        assertTrue(london.inGap(LocalDate.of(2027, 3, 28), StepName.FILTER));
        assertEquals(
                "2027-03-28T01:30 does not exist in Europe/London; the step is due at 02:30",
                london.oddity(LocalDate.of(2027, 3, 28), StepName.FILTER).orElseThrow());
        assertEquals(
                "2026-10-25T01:30 comes twice in Europe/London; the step is due the first time, and runs once",
                london.oddity(LocalDate.of(2026, 10, 25), StepName.FILTER).orElseThrow());
        assertEquals(Optional.empty(), london.oddity(LocalDate.of(2027, 3, 28), StepName.VARIANCE));
        BusinessCalendar lordHowe = calendar(Map.of("evenstock.zone", "Australia/Lord_Howe"));
        assertEquals(
                "2026-10-04T02:00 does not exist in Australia/Lord_Howe; the step is due at 02:30",
                lordHowe.oddity(LocalDate.of(2026, 10, 4), StepName.RESET).orElseThrow());
    }

    private static BusinessCalendar calendar(Map<String, String> set) {
        Map<String, String> all = new HashMap<>(set);
        Settings settings = new SettingsReader(name -> Optional.ofNullable(all.get(name))).read();
        return new BusinessCalendar(settings);
    }
}
