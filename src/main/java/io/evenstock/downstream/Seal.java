package io.evenstock.downstream;

import io.evenstock.http.ProblemException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import javax.crypto.Cipher;
import javax.crypto.SecretKey;
import javax.crypto.spec.GCMParameterSpec;

/**
 * Seals secrets for the database by AES-256-GCM: the first of the keys seals, any of them opens. A sealed secret is bound to
 * the address that it is for: beside another address it does not open, so that nobody who can write to the table has it sent
 * elsewhere.
 *
 * <p>Written {@code <key id>:<base64 of nonce, text and tag>}, the id being the beginning of the key's SHA-256.
 */
final class Seal {
    private static final String SETTING = "evenstock.secrets.key";
    private static final String CIPHER = "AES/GCM/NoPadding";
    private static final int NONCE_BYTES = 12;
    private static final int TAG_BITS = 128;
    private static final int ID_BYTES = 4;
    private static final SecureRandom RANDOM = new SecureRandom();

    private final List<SecretKey> keys;

    /** @param keys the newest first */
    Seal(List<SecretKey> keys) {
        this.keys = List.copyOf(keys);
    }

    /** Seals a secret for an address. @throws ProblemException 409 if there is no key */
    String seal(String secret, String address) {
        if (keys.isEmpty()) {
            throw ProblemException.notNow("Its secret could not be kept: set " + SETTING
                    + " on every node to 32 random bytes in base64, as openssl rand -base64 32 makes them");
        }
        byte[] nonce = new byte[NONCE_BYTES];
        RANDOM.nextBytes(nonce);
        try {
            byte[] sealed = cipher(Cipher.ENCRYPT_MODE, keys.get(0), nonce, address)
                    .doFinal(secret.getBytes(StandardCharsets.UTF_8));
            byte[] whole = ByteBuffer.allocate(NONCE_BYTES + sealed.length)
                    .put(nonce)
                    .put(sealed)
                    .array();
            return id(keys.get(0)) + ":" + Base64.getEncoder().encodeToString(whole);
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException("every JDK has AES-256-GCM", impossible);
        }
    }

    /** The secret. @throws GeneralSecurityException if it was sealed by a key that is not here, for another address, or changed */
    String open(String sealed, String address) throws GeneralSecurityException {
        String id = keyId(sealed);
        for (SecretKey key : keys) {
            if (id(key).equals(id)) {
                return open(key, sealed.substring(id.length() + 1), address);
            }
        }
        throw new GeneralSecurityException(
                "its secret was sealed by the key " + id + ", which " + SETTING + " does not name");
    }

    /** Whether the newest key has sealed it. */
    boolean isNewest(String sealed) {
        return !keys.isEmpty() && keyId(sealed).equals(id(keys.get(0)));
    }

    private static String open(SecretKey key, String base64, String address) throws GeneralSecurityException {
        try {
            byte[] whole = Base64.getDecoder().decode(base64);
            ByteBuffer parts = ByteBuffer.wrap(whole);
            byte[] nonce = new byte[NONCE_BYTES];
            parts.get(nonce);
            byte[] text =
                    cipher(Cipher.DECRYPT_MODE, key, nonce, address).doFinal(whole, NONCE_BYTES, parts.remaining());
            return new String(text, StandardCharsets.UTF_8);
        } catch (GeneralSecurityException | RuntimeException other) {
            throw new GeneralSecurityException(
                    "its secret was changed in the database, or was sealed for another address", other);
        }
    }

    private static Cipher cipher(int mode, SecretKey key, byte[] nonce, String address)
            throws GeneralSecurityException {
        Cipher cipher = Cipher.getInstance(CIPHER);
        cipher.init(mode, key, new GCMParameterSpec(TAG_BITS, nonce));
        cipher.updateAAD(address.getBytes(StandardCharsets.UTF_8));
        return cipher;
    }

    private static String keyId(String sealed) {
        return sealed.substring(0, Math.max(0, sealed.indexOf(':')));
    }

    private static String id(SecretKey key) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(key.getEncoded());
            return HexFormat.of().formatHex(hash, 0, ID_BYTES);
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException("every JDK has SHA-256", impossible);
        }
    }
}
