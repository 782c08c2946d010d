package io.evenstock.settings;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class NetworksTest {
    private static final Networks SOME = Networks.of("127.0.0.0/8, 10.1.2.0/23,192.0.2.7,::1/128,fc00::/7");

    @ParameterizedTest
    @CsvSource({
        "127.255.0.1,true",
        "128.0.0.1,false",
        "10.1.3.255,true",
        "10.1.4.0,false",
        "192.0.2.7,true",
        "192.0.2.8,false",
        "::1,true",
        "::2,false",
        "fdff::1%eth0,true",
        "fe80::1,false",
        "::ffff:127.0.0.1,true",
        "localhost,false",
        "999.0.0.1,false",
        "'',false"
    })
    void anAddressIsInOneOrInNone(String address, boolean contained) {
        assertEquals(contained, SOME.contain(address));
    }

    @Test
    void anEmptyListContainsNothing() {
        assertFalse(Networks.of("").contain("127.0.0.1"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"localhost/8", "10.0.0.0/33", "10.0.0.0/-1", "10.0.0.0/x", "10.0.0/8", "::1/129"})
    void aMalformedOneIsRefused(String malformed) {
        assertThrows(IllegalArgumentException.class, () -> Networks.of(malformed));
    }
}
