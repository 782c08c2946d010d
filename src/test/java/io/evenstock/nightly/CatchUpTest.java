package io.evenstock.nightly;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.evenstock.nightly.CatchUp.Missed;
import io.evenstock.settings.Settings;
import io.evenstock.settings.SettingsReader;
import java.time.Instant;
import java.time.LocalDate;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class CatchUpTest {
    private static final Instant LONG_AGO = Instant.parse("2020-01-01T00:00:00Z");
    private static final LocalDate TODAY = LocalDate.of(2026, 11, 22);

    @Test
    void theLastNightByDefault() {
        assertEquals(
                List.of(
                        new Missed(TODAY, StepName.LIST),
                        new Missed(TODAY, StepName.FILTER),
                        new Missed(TODAY, StepName.RESET)),
                missed(Map.of(), "2026-11-22T02:30:00Z", LONG_AGO),
                "the variance is due at 03:00");
    }

    @Test
    void beforeTheFirstStepOfANightTheOneBeforeIsTheLast() {
        List<Missed> missed = missed(Map.of(), "2026-11-22T00:59:00Z", LONG_AGO);
        assertEquals(4, missed.size());
        assertEquals(TODAY.minusDays(1), missed.get(0).businessDate());
    }

    @Test
    void aListInTheEveningIsForTomorrow() {
        Map<String, String> evening = Map.of("evenstock.schedule.list", "22:00", "evenstock.schedule.filter", "22:30");
        assertEquals(
                List.of(new Missed(TODAY.plusDays(1), StepName.LIST)),
                missed(evening, "2026-11-22T22:10:00Z", LONG_AGO));
    }

    @Test
    void noneIfThePolicySaysSo() {
        assertEquals(
                List.of(), missed(Map.of("evenstock.schedule.catch-up", "NONE"), "2026-11-22T12:00:00Z", LONG_AGO));
    }

    @Test
    void aWeekOfNightsTheOldestFirst() {
        Instant down = Instant.parse("2026-11-15T12:00:00Z");
        List<Missed> missed = missed(Map.of("evenstock.schedule.catch-up", "ALL"), "2026-11-22T12:00:00Z", down);
        assertEquals(7 * 4, missed.size());
        assertEquals(new Missed(LocalDate.of(2026, 11, 16), StepName.LIST), missed.get(0));
        assertEquals(new Missed(TODAY, StepName.VARIANCE), missed.get(27));
        assertEquals(28, new HashSet<>(missed).size());
    }

    @Test
    void notMoreThanAMonth() {
        List<Missed> missed = missed(Map.of("evenstock.schedule.catch-up", "ALL"), "2026-11-22T12:00:00Z", LONG_AGO);
        assertEquals(CatchUp.MOST_NIGHTS * 4, missed.size());
    }

    @Test
    void nothingWasMissedBeforeTheDatabaseWasSetUp() {
        Instant setUp = Instant.parse("2026-11-22T09:00:00Z");
        assertEquals(List.of(), missed(Map.of("evenstock.schedule.catch-up", "ALL"), "2026-11-22T12:00:00Z", setUp));
    }

    /** London skips 01:00 to 02:00 on 2027-03-28: the steps are due all the same, once each. */
    @Test
    void aNightWithoutItsHourIsCaughtUp() {
        List<Missed> missed = missed(Map.of("evenstock.zone", "Europe/London"), "2027-03-28T12:00:00Z", LONG_AGO);
        assertEquals(4, missed.size());
        assertEquals(LocalDate.of(2027, 3, 28), missed.get(0).businessDate());
    }

    private static List<Missed> missed(Map<String, String> set, String now, Instant begin) {
        Settings settings = new SettingsReader(name -> Optional.ofNullable(set.get(name))
                        .or(() -> name.equals("evenstock.zone") ? Optional.of("UTC") : Optional.empty()))
                .read();
        return CatchUp.missed(settings.schedule().catchUp(), new BusinessCalendar(settings), Instant.parse(now), begin);
    }
}
