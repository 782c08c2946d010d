package io.evenstock.downstream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.List;
import javax.crypto.SecretKey;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;

class SealTest {
    private static final String ADDRESS = "https://shop.example.com/hooks/stock";

    private final SecretKey old = key(1);
    private final SecretKey newest = key(2);

    @Test
    void whatOneKeySealedOpensByThatKeyForThatAddressOnly() throws GeneralSecurityException {
        Seal seal = new Seal(List.of(old));
        String sealed = seal.seal("whsec_secret", ADDRESS);
        assertFalse(sealed.contains("secret"));
        assertNotEquals(sealed, seal.seal("whsec_secret", ADDRESS), "never the same nonce");
        assertEquals("whsec_secret", seal.open(sealed, ADDRESS));
        assertThrows(GeneralSecurityException.class, () -> seal.open(sealed, "https://elsewhere.example.com/"));
        GeneralSecurityException strange =
                assertThrows(GeneralSecurityException.class, () -> new Seal(List.of(newest)).open(sealed, ADDRESS));
        assertTrue(String.valueOf(strange.getMessage()).contains(sealed.substring(0, 8)), "it names the missing key");
    }

    @Test
    void whatWasChangedOrWasNeverSealedDoesNotOpen() {
        Seal seal = new Seal(List.of(old));
        String sealed = seal.seal("whsec_secret", ADDRESS);
        String other = sealed.charAt(12) == 'A' ? "B" : "A";
        for (String changed : List.of(
                sealed.substring(0, 12) + other + sealed.substring(13),
                sealed.substring(0, 20),
                sealed.substring(0, 9),
                "whsec_secret",
                "")) {
            assertThrows(GeneralSecurityException.class, () -> seal.open(changed, ADDRESS), changed);
        }
    }

    @Test
    void theNewestKeySealsAndAnyOpens() throws GeneralSecurityException {
        String before = new Seal(List.of(old)).seal("one", ADDRESS);
        Seal both = new Seal(List.of(newest, old));
        assertEquals("one", both.open(before, ADDRESS));
        assertFalse(both.isNewest(before));
        String after = both.seal("two", ADDRESS);
        assertTrue(both.isNewest(after));
        assertEquals("two", new Seal(List.of(newest)).open(after, ADDRESS));
    }

    private static SecretKey key(int seed) {
        byte[] bytes = new byte[32];
        Arrays.fill(bytes, (byte) seed);
        return new SecretKeySpec(bytes, "AES");
    }
}
