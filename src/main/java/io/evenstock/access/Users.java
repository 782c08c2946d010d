package io.evenstock.access;

import io.evenstock.database.Migration;
import io.evenstock.database.Sql;
import io.evenstock.http.ProblemException;
import io.evenstock.settings.Settings;
import jakarta.annotation.PostConstruct;
import jakarta.ejb.ConcurrencyManagement;
import jakarta.ejb.ConcurrencyManagementType;
import jakarta.ejb.DependsOn;
import jakarta.ejb.Singleton;
import jakarta.ejb.Startup;
import jakarta.inject.Inject;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.logging.Logger;

/**
 * The users of the console as the database has them; each change stands in the audit trail, in one transaction. The first one comes from {@code evenstock.bootstrap.user}, role admin,
 * and only while there is none.
 */
@Startup
@Singleton
@DependsOn(Migration.NAME)
@ConcurrencyManagement(ConcurrencyManagementType.BEAN)
public class Users {
    private static final Logger LOG = Logger.getLogger(Users.class.getName());

    @Inject
    Sql sql;

    @Inject
    Settings settings;

    @Inject
    Passwords passwords;

    @Inject
    Audit audit;

    /** A user with the hash of the password. */
    public record Known(User user, String password) {}

    @PostConstruct
    void bootstrap() {
        settings.console().bootstrap().ifPresent(first -> {
            boolean none = sql.one(
                    "select not exists (select from console_user where password is not null)",
                    row -> row.getBoolean(1));
            if (none) {
                // Two nodes may start at once: the name is unique, so one of them adds the user.
                int taken = sql.update("""
                        insert into console_user (name, password, role, created_by)
                        select ?, ?, 'admin', 'evenstock.bootstrap.user'
                        where not exists (select from console_user where password is not null)
                        on conflict do nothing
                        """, first.user(), passwords.hash(first.password()));
                if (taken == 1) {
                    LOG.info("The bootstrap user was taken as the first user of the console, role admin");
                }
            }
        });
    }

    /** The user of that name, whoever may not log in any more, too. */
    public Optional<User> named(String name) {
        return sql.first("select * from console_user where lower(name) = lower(?)", Users::row, name);
    }

    /** The user of that name, with what the password must hash to; empty: there is none, or it has no password here. */
    public Optional<Known> known(String name) {
        return sql.first(
                "select * from console_user where lower(name) = lower(?) and password is not null",
                row -> new Known(row(row), row.getString("password")),
                name);
    }

    /**
     * Whoever the identity provider has told: known by the subject, never by the name, which is what it was first told as. The
     * role is the one of now.
     *
     * @throws ProblemException 403 if the user is disabled or somebody else has the name
     */
    public User of(Identity identity, UserRole role, Actor by) {
        serialize();
        User known = sql.first("select * from console_user where subject = ?", Users::row, identity.subject())
                .orElseGet(() -> added(identity, role, by));
        if (known.disabled()) {
            throw ProblemException.forbidden(null, "User " + known.name() + " may not log in any more");
        }
        if (known.role() != role) {
            known = changed(known.userId(), "role = ?", role.text());
            audit.record(new Actor(known.name(), by.address()), "user's role changed", known.name(), role.text());
        }
        return known;
    }

    private User added(Identity identity, UserRole role, Actor by) {
        if (named(identity.name()).isPresent()) {
            throw ProblemException.forbidden(
                    null,
                    "Here the name " + identity.name() + " is somebody else's already. Ask an admin of Evenstock.");
        }
        User added = sql.one(
                "insert into console_user (name, subject, role, created_by) values (?, ?, ?, ?) returning *",
                Users::row,
                identity.name(),
                identity.subject(),
                role.text(),
                by.name());
        audit.record(by, "user made", identity.name(), role.text());
        return added;
    }

    /** Notes that a user has logged in. */
    public void loggedIn(String name) {
        sql.update("update console_user set last_login_at = clock_timestamp() where lower(name) = lower(?)", name);
    }

    /** All users, by name. */
    public List<User> all(int limit) {
        return sql.list("select * from console_user order by lower(name) limit ?", Users::row, limit);
    }

    /** Keeps a new user. @throws ProblemException 409 if the name is taken */
    public User add(String name, UserRole role, String hash, Actor by) {
        serialize();
        if (named(name).isPresent()) {
            throw ProblemException.notNow("There is a user " + name + " already");
        }
        User added = sql.one(
                "insert into console_user (name, password, role, created_by) values (?, ?, ?, ?) returning *",
                Users::row,
                name,
                hash,
                role.text(),
                by.name());
        audit.record(by, "user made", name, role.text());
        return added;
    }

    /**
     * Changes what a user may do.
     *
     * @throws ProblemException 404, or 409 if nobody else could make users or the identity provider tells the role
     */
    public User role(int userId, UserRole role, Actor by) {
        serialize();
        requireOwnPassword(userId);
        if (role != UserRole.ADMIN) {
            requireAnotherAdmin(userId);
        }
        User changed = changed(userId, "role = ?", role.text());
        audit.record(by, "user's role changed", changed.name(), role.text());
        return changed;
    }

    /** Its sessions end. @throws ProblemException 404, or 409 if the identity provider has the password */
    public User password(int userId, String hash, Actor by) {
        requireOwnPassword(userId);
        User changed = changed(userId, "password_at = clock_timestamp(), password = ?", hash);
        audit.record(by, "user's password reset", changed.name(), null);
        return changed;
    }

    /** Its sessions end; once more changes nothing. @throws ProblemException 404, or 409 if nobody else could make users */
    public User disable(int userId, Actor by) {
        serialize();
        requireAnotherAdmin(userId);
        User changed = changed(userId, "disabled_at = coalesce(disabled_at, clock_timestamp())");
        audit.record(by, "user disabled", changed.name(), null);
        return changed;
    }

    /** The user may log in again, with the same password. @throws ProblemException 404 */
    public User enable(int userId, Actor by) {
        User changed = changed(userId, "disabled_at = null");
        audit.record(by, "user enabled", changed.name(), null);
        return changed;
    }

    private User changed(int userId, String what, String... arguments) {
        List<Object> all = new ArrayList<>(List.of(arguments));
        all.add(userId);
        return sql.first(
                        "update console_user set " + what + " where user_id = ? returning *", Users::row, all.toArray())
                .orElseThrow(() -> ProblemException.notFound("There is no user " + userId));
    }

    private void requireOwnPassword(int userId) {
        sql.first(
                        "select name from console_user where user_id = ? and password is null",
                        row -> row.getString(1),
                        userId)
                .ifPresent(name -> {
                    throw ProblemException.notNow(
                            "User " + name + " logs in by OpenID Connect: role and password are the provider's");
                });
    }

    /** Of the admins with a password one stays: the identity provider may be away, or have nobody in its groups. */
    private void requireAnotherAdmin(int userId) {
        boolean last = sql.one("""
                select exists (select from console_user u where user_id = ? and role = 'admin' and disabled_at is null
                    and not exists (select from console_user other
                                    where other.user_id <> u.user_id and other.role = 'admin' and other.disabled_at is null
                                      and (other.password is not null or u.password is null)))
                """, row -> row.getBoolean(1), userId);
        if (last) {
            throw ProblemException.notNow(
                    "User " + userId + " is the last admin who may log in with a password; make another first");
        }
    }

    /** One change of who is admin at a time, on all nodes, until the transaction ends. */
    private void serialize() {
        sql.one("select pg_advisory_xact_lock(hashtext('console_user')) is null", row -> row.getBoolean(1));
    }

    private static User row(ResultSet row) throws SQLException {
        return new User(
                row.getInt("user_id"),
                row.getString("name"),
                row.getString("subject"),
                UserRole.of(row.getString("role")).orElseThrow(),
                row.getString("created_by"),
                Sql.instant(row, "created_at"),
                Sql.instant(row, "password_at"),
                Sql.optionalInstant(row, "last_login_at"),
                Sql.optionalInstant(row, "disabled_at"));
    }
}
