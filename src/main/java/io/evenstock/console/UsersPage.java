package io.evenstock.console;

import io.evenstock.access.Actor;
import io.evenstock.access.User;
import io.evenstock.access.UserDesk;
import io.evenstock.access.UserRole;
import jakarta.annotation.PostConstruct;
import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import jakarta.inject.Named;
import java.util.Arrays;
import java.util.List;
import java.util.function.ObjIntConsumer;
import org.jspecify.annotations.Nullable;

/** The console's users, for admins. A new password is on the page that follows its making, once. */
@Named
@RequestScoped
public class UsersPage {
    /** Under which a new password comes to the next page. */
    private static final String PASSWORD = "userPassword";

    private static final String PAGE = "/console/users";

    @Inject
    UserDesk desk;

    @Inject
    Me me;

    @Inject
    Deeds deeds;

    @Inject
    Asked asked;

    private String name = "";
    private String role = UserRole.VIEWER.text();
    private List<User> users = List.of();

    @PostConstruct
    void look() {
        me.require(UserRole.ADMIN);
        users = desk.all();
    }

    public List<User> getUsers() {
        return users;
    }

    public List<String> getRoles() {
        return Arrays.stream(UserRole.values()).map(UserRole::text).toList();
    }

    public String getName() {
        return name;
    }

    public void setName(@Nullable String name) {
        this.name = name == null ? "" : name.strip();
    }

    public String getRole() {
        return role;
    }

    public void setRole(@Nullable String role) {
        this.role = role == null ? "" : role;
    }

    public String create() {
        return deeds.done("User " + name + " was made.", PAGE, () -> hand(desk.make(name, role, admin())));
    }

    /** The role stands in the field of that user's own form. */
    public String changeRole() {
        return change("The role was changed.", (by, userId) -> desk.role(userId, asked.text("role"), by));
    }

    public String resetPassword() {
        return change("The password was reset.", (by, userId) -> hand(desk.resetPassword(userId, by)));
    }

    public String disable() {
        return change("The user may not log in any more.", (by, userId) -> desk.disable(userId, by));
    }

    public String enable() {
        return change("The user may log in again.", (by, userId) -> desk.enable(userId, by));
    }

    private String change(String told, ObjIntConsumer<Actor> deed) {
        return deeds.done(told, PAGE, () -> deed.accept(admin(), asked.id("user")));
    }

    private Actor admin() {
        return me.require(UserRole.ADMIN);
    }

    private void hand(UserDesk.Made made) {
        deeds.hand(PASSWORD, made.user().name() + "  " + made.password());
    }
}
