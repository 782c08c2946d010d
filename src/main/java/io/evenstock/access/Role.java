package io.evenstock.access;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** What a key is for; {@link Permissions} says what each may call. */
public enum Role {
    /** A store's tills: sales, and figures of the key's own facilities. */
    POS,
    /** The systems around: the catalog, shipments, sales of all facilities, figures. */
    INTEGRATION,
    /** People who watch the nights and decide on runs. */
    OPERATOR,
    /** All, and the keys. */
    ADMIN;

    /** As it is written outside. */
    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }

    static Optional<Role> of(String text) {
        return Arrays.stream(values()).filter(role -> role.text().equals(text)).findFirst();
    }
}
