package io.evenstock.access;

import io.evenstock.database.Migration;
import io.evenstock.database.Sql;
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
import java.util.Optional;
import java.util.logging.Logger;

/**
 * The users of the console as the database has them. The first one comes from {@code evenstock.bootstrap.user}, role admin,
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

    /** A user with the hash of the password. */
    public record Known(User user, String password) {}

    @PostConstruct
    void bootstrap() {
        settings.console().bootstrap().ifPresent(first -> {
            boolean none = sql.one("select not exists (select from console_user)", row -> row.getBoolean(1));
            if (none) {
                // Two nodes may start at once: the name is unique, so one of them adds the user.
                int taken = sql.update("""
                        insert into console_user (name, password, role, created_by)
                        select ?, ?, 'admin', 'evenstock.bootstrap.user' where not exists (select from console_user)
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

    /** The user of that name, with what the password must hash to. */
    public Optional<Known> known(String name) {
        return sql.first(
                "select * from console_user where lower(name) = lower(?)",
                row -> new Known(row(row), row.getString("password")),
                name);
    }

    /** Notes that a user has logged in. */
    public void loggedIn(String name) {
        sql.update("update console_user set last_login_at = clock_timestamp() where lower(name) = lower(?)", name);
    }

    private static User row(ResultSet row) throws SQLException {
        return new User(
                row.getInt("user_id"),
                row.getString("name"),
                UserRole.of(row.getString("role")).orElseThrow(),
                row.getString("created_by"),
                Sql.instant(row, "created_at"),
                Sql.optionalInstant(row, "last_login_at"),
                Sql.optionalInstant(row, "disabled_at"));
    }
}
