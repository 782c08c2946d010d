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
        "127.0.0.010,false",
        "'',false"
    })
    void anAddressIsInOneOrInNone(String address, boolean contained) {
        assertEquals(contained, SOME.contain(address));
    }

    @ParameterizedTest
    @CsvSource({
        "192.0.2.7,192.0.2.7,true",
        "192.0.2.7,::ffff:192.0.2.7,true",
        "192.0.2.7,192.0.2.8,false",
        "2001:db8:0:1::1,2001:DB8:0:1:ffff:ffff:ffff:ffff,true",
        "2001:db8:0:1::1,2001:db8:0:2::1,false",
        "fe80::1%eth0,fe80::2%eth1,true",
        "localhost,localhost,true",
        "localhost,localhost.,false"
    })
    void aCallerHasTheWholeOfANetworkOf64Bits(String one, String other, boolean same) {
        assertEquals(same, Networks.site(one).equals(Networks.site(other)));
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
