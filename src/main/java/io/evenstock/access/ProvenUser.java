package io.evenstock.access;

import jakarta.security.enterprise.credential.Credential;

/** A user for whom the identity provider has answered: made here alone, after everything was checked. */
public final class ProvenUser implements Credential {
    private final User user;

    ProvenUser(User user) {
        this.user = user;
    }

    public User user() {
        return user;
    }
}
