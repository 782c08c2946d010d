package io.evenstock.access;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** What a user of the console may do; each role may also do what the ones before it may. */
public enum UserRole {
    /** Sees everything but keys and users. */
    VIEWER,
    /** Decides on runs, steers timers and steps. */
    OPERATOR,
    /** Makes API keys and users. */
    ADMIN;

    /** As it stands in the database and in web.xml. */
    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Whether it may do what that role may. */
    public boolean includes(UserRole other) {
        return compareTo(other) >= 0;
    }

    /** The role of that name; empty: there is none. */
    public static Optional<UserRole> of(String text) {
        return Arrays.stream(values()).filter(role -> role.text().equals(text)).findFirst();
    }
}
