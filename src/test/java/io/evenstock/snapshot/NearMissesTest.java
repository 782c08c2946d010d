package io.evenstock.snapshot;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.evenstock.catalog.Identification;
import java.util.Collection;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class NearMissesTest {
    @Test
    void blanksAndLeadingZerosAreSeenThrough() {
        assertEquals("0123456", near("123456", "0123456"));
        assertEquals("123456", near("000123456", "123456"));
        assertEquals("00123456", near("0123456", "00123456"));
        assertEquals("00000000123456", near("123456", "00000000123456"));
        assertEquals("0123", near(" 0123\t", "0123"));
        assertEquals("0123", near(" 123", "0123"));
        assertEquals(
                "a value longer than any number",
                near("0a value longer than any number", "a value longer than any number"));
    }

    @Test
    void whatStandsNearestIsTold() {
        assertEquals("0123", near(" 0123", "123", "0123"));
        assertEquals("123", near("0123", "123", "00123"));
    }

    @Test
    void nothingElseIsNear() {
        assertEquals("", near("0123", "124", "01230", "SKU-0123"));
        assertEquals("", near("000", "1"));
    }

    @Test
    void anotherTypeIsNotNear() {
        Identification sku = new Identification("SKU", "123");
        assertEquals(Map.of(), NearMisses.of(Set.of(sku), knowing(Set.of(new Identification("UPCA", "0123")))));
    }

    private static String near(String value, String... known) {
        Identification unknown = new Identification("UPCA", value);
        Set<Identification> all = Set.of(known).stream()
                .map(each -> new Identification("UPCA", each))
                .collect(Collectors.toSet());
        return NearMisses.of(Set.of(unknown), knowing(all)).getOrDefault(unknown, "");
    }

    private static Function<Collection<Identification>, Map<Identification, ?>> knowing(Set<Identification> known) {
        return wanted -> wanted.stream().filter(known::contains).collect(Collectors.toMap(each -> each, each -> 1));
    }
}
