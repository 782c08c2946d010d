package io.evenstock.movement;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.evenstock.database.Sql;
import io.evenstock.downstream.PublishedDatabase;
import io.evenstock.settings.SettingsReader;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** Who sells, who is silent. New York leaves summer time on 1 November 2026: the same hour there is another one in UTC. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SalesRatesTest {
    private static final Instant NOW = Instant.parse("2026-11-04T15:30:00Z"); // 10:30 in New York
    private static final Instant WEEK_BEFORE = Instant.parse("2026-10-28T14:30:00Z"); // 10:30 there, too

    private PublishedDatabase.Server server;
    private Sql sql;
    private SalesRates rates;

    @BeforeAll
    void start() throws IOException {
        server = new PublishedDatabase.Server();
    }

    @BeforeEach
    @SuppressWarnings("UnnecessaryAssignment") // no container is here to inject
    void fresh() throws SQLException {
        sql = server.fresh(1, 1).sql();
        rates = new SalesRates();
        rates.sql = sql;
        rates.clock = Clock.fixed(NOW, ZoneOffset.UTC);
        rates.settings = new SettingsReader(
                        name -> name.equals("evenstock.zone") ? Optional.of("America/New_York") : Optional.empty())
                .read();
    }

    @AfterAll
    void stop() throws IOException {
        server.close();
    }

    @Test
    void aStoreThatUsuallySellsAndNowDoesNotIsSilent() {
        sell("silent", 8, WEEK_BEFORE);
        sell("quiet", 2, WEEK_BEFORE);
        sell("usual", 30, WEEK_BEFORE);
        sell("usual", 25, NOW);
        sell("low", 30, WEEK_BEFORE);
        sell("low", 5, NOW);
        sell("new", 3, NOW);
        assertEquals(
                List.of("low LOW", "silent SILENT", "usual USUAL", "quiet USUAL", "new NEW"),
                rates.now(10).stream()
                        .map(rate -> rate.facilityId() + " " + rate.state())
                        .toList());
        assertEquals(25 / 60.0, rate("usual").perMinute());
        assertEquals(2, rates.now(2).size());
    }

    @Test
    void usualIsTheAverageSinceTheFirstSaleOfTheSameHourByTheBusinesssClock() {
        sell("F", 20, WEEK_BEFORE);
        sell("F", 9, WEEK_BEFORE.plusSeconds(60));
        sell("F", 10, WEEK_BEFORE.minusSeconds(3 * 7 * 86_400));
        assertEquals(new SalesRate("F", 0, 30 / 4.0, 4, 60), rate("F"));
    }

    @Test
    void returnsAreNoSales() {
        record("F", 3, 1, NOW);
        assertEquals(List.of(), rates.now(10));
    }

    private SalesRate rate(String facility) {
        return rates.now(10).stream()
                .filter(each -> each.facilityId().equals(facility))
                .findFirst()
                .orElseThrow();
    }

    private void sell(String facility, int times, Instant at) {
        record(facility, times, -1, at);
    }

    private void record(String facility, int times, int quantity, Instant at) {
        sql.update("""
                insert into movement (facility_id, event_id, fingerprint, id_type, id_value, quantity, reason, occurred_at,
                                      booked_at, recorded_at, first_status)
                select ?, ? || n, gen_random_uuid(), 'SKU', 'S', ?, 'POS_SALE', ?, ?, ?, 'QUARANTINED'
                from generate_series(1, ?) n
                """, facility, at + " ", quantity, at, at, at, times);
    }
}
