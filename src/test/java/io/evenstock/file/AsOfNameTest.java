package io.evenstock.file;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AsOfNameTest {

    private static final AsOfName NAME = AsOfName.of("ResetInventory_{asOf}.csv");

    @ParameterizedTest
    @CsvSource({
        "ResetInventory_20261122T005500Z.csv, 2026-11-22T00:55:00Z",
        "ResetInventory_20261122T005500Z.csv.gz, 2026-11-22T00:55:00Z",
        "ResetInventory_20261122T005500+0000.csv, 2026-11-22T00:55:00Z",
        "ResetInventory_20261122T005500-0500.csv, 2026-11-22T05:55:00Z",
        "ResetInventory_20261122T005500+0530.csv.gz, 2026-11-21T19:25:00Z",
        "ResetInventory_20280229T235959Z.csv, 2028-02-29T23:59:59Z",
    })
    void tellsTheAsOf(String name, Instant expected) {
        assertEquals(Optional.of(expected), NAME.asOf(name));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                ".gz",
                "ResetInventory_.csv",
                "ResetInventory_20261122T005500.csv",
                "ResetInventory_20261122T005500z.csv",
                "ResetInventory_20261122t005500Z.csv",
                "ResetInventory_20261122T005500+05.csv",
                "ResetInventory_20261122T005500+05:00.csv",
                "ResetInventory_20261122T005500+050000.csv",
                "ResetInventory_20261122T005500+1900.csv",
                "ResetInventory_20261122T005500+0060.csv",
                "ResetInventory_20270229T005500Z.csv",
                "ResetInventory_20261131T005500Z.csv",
                "ResetInventory_20261322T005500Z.csv",
                "ResetInventory_20261122T240000Z.csv",
                "ResetInventory_20261122T006000Z.csv",
                "ResetInventory_20261122T005560Z.csv",
                "ResetInventory_2026112T2005500Z.csv",
                "ResetInventory_+0261122T005500Z.csv",
                "ResetInventory_２０２６1122T005500Z.csv",
                "resetinventory_20261122T005500Z.csv",
                "ResetInventory_20261122T005500Z.CSV",
                "ResetInventory_20261122T005500Z.csv.GZ",
                "ResetInventory_20261122T005500Z.csv.gz.gz",
                "ResetInventory_20261122T005500Z.csv.sha256",
                "xResetInventory_20261122T005500Z.csv",
                "ResetInventory_20261122T005500Z.csvx",
                "../ResetInventory_20261122T005500Z.csv",
                "ResetInventory_20261122T005500Z.csv\n",
                "ResetInventory_20261122T005500Z.csv\0",
            })
    void knowsNoOtherName(String name) {
        assertEquals(Optional.empty(), NAME.asOf(name));
    }

    @Test
    void aPatternMayEndInGzItself() {
        AsOfName packed = AsOfName.of("{asOf}.gz");
        Optional<Instant> expected = Optional.of(Instant.parse("2026-11-22T00:55:00Z"));
        assertEquals(expected, packed.asOf("20261122T005500Z.gz"));
        assertEquals(expected, packed.asOf("20261122T005500Z.gz.gz"));
        assertEquals(Optional.empty(), packed.asOf("20261122T005500Z"));
    }

    @Test
    void aPrefixAndSuffixMayNotOverlap() {
        assertEquals(Optional.empty(), AsOfName.of("aa{asOf}aa").asOf("aaa"));
    }

    @Test
    void writesUtcToTheSecond() {
        assertEquals("ResetInventory_20261122T005500Z.csv", NAME.format(Instant.parse("2026-11-22T00:55:00.999Z")));
        Instant asOf = Instant.parse("2028-02-29T23:59:59Z");
        assertEquals(Optional.of(asOf), NAME.asOf(NAME.format(asOf)));
        assertThrows(IllegalArgumentException.class, () -> NAME.format(Instant.parse("+12026-01-01T00:00:00Z")));
        assertThrows(IllegalArgumentException.class, () -> NAME.format(Instant.parse("-0001-01-01T00:00:00Z")));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "Reset.csv",
                "{asof}.csv",
                "{asOf}{asOf}",
                "in/{asOf}.csv",
                "in\\{asOf}.csv",
                "{asOf}\n",
                "{asOf}\u007F"
            })
    void refusesASenselessPattern(String pattern) {
        assertThrows(IllegalArgumentException.class, () -> AsOfName.of(pattern));
    }

    @Test
    void findsTheOneMomentAnywhereInAName() {
        Instant moment = Instant.parse("2026-11-22T05:55:00Z");
        assertEquals(Optional.of(moment), AsOfName.anywhere("stock_20261122T055500Z.csv"));
        assertEquals(Optional.of(moment), AsOfName.anywhere("20261122T005500-0500-erp.csv.gz"));
        assertEquals(Optional.of(moment), AsOfName.anywhere("20261122T055500Z_of_20261122T065500+0100.csv"));
        assertEquals(Optional.empty(), AsOfName.anywhere("20261122T055500Z_to_20261122T060000Z.csv"), "which of them?");
        assertEquals(Optional.empty(), AsOfName.anywhere("stock_120261122T055500Z.csv"), "nine digits");
        assertEquals(Optional.empty(), AsOfName.anywhere("stock_20261322T055500Z.csv"), "month 13");
        assertEquals(Optional.empty(), AsOfName.anywhere("stock_20261122T055500.csv"), "in which zone?");
    }
}
