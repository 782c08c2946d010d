package io.evenstock.access;

import jakarta.annotation.PostConstruct;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.security.enterprise.identitystore.Pbkdf2PasswordHash;
import java.util.Map;

/** Passwords are kept as PBKDF2 only, with as many iterations as OWASP's cheat sheet asks for with HMAC-SHA-512. */
@ApplicationScoped
class Passwords {
    private static final Map<String, String> PARAMETERS = Map.of(
            "Pbkdf2PasswordHash.Algorithm", "PBKDF2WithHmacSHA512",
            "Pbkdf2PasswordHash.Iterations", "210000",
            "Pbkdf2PasswordHash.SaltSizeBytes", "32",
            "Pbkdf2PasswordHash.KeySizeBytes", "64");

    @Inject
    Pbkdf2PasswordHash pbkdf2;

    private String nobodys;

    @PostConstruct
    void initialize() {
        pbkdf2.initialize(PARAMETERS);
        nobodys = hash("nobody's");
    }

    String hash(String password) {
        return pbkdf2.generate(password.toCharArray());
    }

    boolean right(char[] password, String hash) {
        return pbkdf2.verify(password, hash);
    }

    /** Takes as long as for a user who is known, so that the time does not tell who is. */
    boolean wrong(char[] password) {
        pbkdf2.verify(password, nobodys);
        return false;
    }
}
