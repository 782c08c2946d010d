package io.evenstock.access;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.regex.Pattern;

/** The text of keys: {@code evs_} and 256 random bits in base64url. It is shown once and kept as SHA-256 only. */
final class KeyText {
    private static final Pattern SHAPE = Pattern.compile("evs_[A-Za-z0-9_-]{43,200}");
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final int BYTES = 32;
    private static final int HINT = 8;

    private KeyText() {}

    static String made() {
        byte[] random = new byte[BYTES];
        RANDOM.nextBytes(random);
        return "evs_" + Base64.getUrlEncoder().withoutPadding().encodeToString(random);
    }

    /** Whether it could be a key at all: nothing else is hashed or looked up. */
    static boolean shaped(String text) {
        return SHAPE.matcher(text).matches();
    }

    /** {@code evs_} and 24 of the 256 bits. */
    static String hint(String key) {
        return key.substring(0, HINT);
    }

    static byte[] sha256(String key) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(key.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
