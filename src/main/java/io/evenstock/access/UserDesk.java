package io.evenstock.access;

import io.evenstock.http.ProblemException;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Where users of the console are made and changed, over HTTP and in the console alike. Passwords are made here; one is in one
 * answer only, the one to whoever had it made.
 */
@ApplicationScoped
public class UserDesk {
    /** More are not listed. */
    public static final int MAX_USERS = 1_000;

    private static final Pattern NAME = Pattern.compile("[\\p{L}\\p{N}][\\p{L}\\p{N}._@+-]{0,63}");
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final int PASSWORD_BYTES = 15;

    @Inject
    Users users;

    @Inject
    Passwords passwords;

    @Inject
    PasswordTurns turns;

    /**
     * A user with a new password.
     *
     * @param password 120 random bits; nowhere kept
     */
    public record Made(User user, String password) {}

    /** All users, by name. */
    public List<User> all() {
        return users.all(MAX_USERS);
    }

    /** Whoever the identity provider has told logs in. @throws ProblemException 403 */
    public ProvenUser proven(Identity identity, String address) {
        if (!NAME.matcher(identity.name()).matches()) {
            throw ProblemException.forbidden(
                    null,
                    "The identity provider tells a name that no user can have here: see evenstock.openid.name-claim");
        }
        if (identity.role() == null) {
            throw ProblemException.forbidden(
                    null,
                    "The identity provider knows you, but none of your groups may use Evenstock. Ask whoever runs it for one.");
        }
        return new ProvenUser(users.of(identity, identity.role(), new Actor(identity.name(), address)));
    }

    /** Makes a user. @throws ProblemException 400 naming the field, 409 if the name is taken */
    public Made make(String name, String role, Actor by) {
        if (!NAME.matcher(name).matches()) {
            throw ProblemException.invalid(
                    "/name", "A name has 1 to 64 letters, digits, . _ @ + or -, and begins with a letter or digit");
        }
        UserRole known = known(role);
        String password = password();
        return new Made(users.add(name, known, hash(password), by), password);
    }

    /** Takes effect with the user's next page. @throws ProblemException 400, 404, 409 for the last admin */
    public User role(int userId, String role, Actor by) {
        return users.role(userId, known(role), by);
    }

    /** A new password; the old one and sessions that began with it end. @throws ProblemException 404 */
    public Made resetPassword(int userId, Actor by) {
        String password = password();
        return new Made(users.password(userId, hash(password), by), password);
    }

    /** Ends with the user's next page. @throws ProblemException 404, 409 for the last admin */
    public User disable(int userId, Actor by) {
        return users.disable(userId, by);
    }

    /** The user may log in again. @throws ProblemException 404 */
    public User enable(int userId, Actor by) {
        return users.enable(userId, by);
    }

    private String hash(String password) {
        return turns.inTurn(() -> passwords.hash(password));
    }

    private static UserRole known(String role) {
        return UserRole.of(role)
                .orElseThrow(() -> ProblemException.invalid("/role", "role must be viewer, operator or admin"));
    }

    private static String password() {
        byte[] random = new byte[PASSWORD_BYTES];
        RANDOM.nextBytes(random);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(random);
    }
}
