package io.evenstock.lab;

import java.security.SecureRandom;
import java.util.Base64;

/** Passwords and keys that live as long as one run. */
public final class Secrets {

    private static final SecureRandom RANDOM = new SecureRandom();

    private Secrets() {}

    /** 144 bits, in characters that need no quoting anywhere. */
    public static String password() {
        return text(18).replace('-', 'a').replace('_', 'b');
    }

    /** The shape of a bootstrap key: {@code evs_} and 43 characters, which is 256 bits. */
    public static String apiKey() {
        return "evs_" + text(32);
    }

    /** 256 bits that seal the secrets in a database, as {@code evenstock.secrets.key} takes them. */
    public static String sealingKey() {
        byte[] random = new byte[32];
        RANDOM.nextBytes(random);
        return Base64.getEncoder().encodeToString(random);
    }

    private static String text(int bytes) {
        byte[] random = new byte[bytes];
        RANDOM.nextBytes(random);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(random);
    }
}
