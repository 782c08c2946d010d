package io.evenstock.console;

import io.evenstock.access.Actor;
import io.evenstock.access.ApiKey;
import io.evenstock.access.KeyDesk;
import io.evenstock.access.Role;
import io.evenstock.access.UserRole;
import io.evenstock.http.ProblemException;
import jakarta.annotation.PostConstruct;
import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import jakarta.inject.Named;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** API keys, for admins. A new key's text is on the page that follows its making, once. */
@Named
@RequestScoped
public class KeysPage {
    /** Under which the new key's text comes to the next page. */
    private static final String TEXT = "keyText";

    private static final int SIZE = 50;
    private static final int MAX_NAME = 64;
    private static final String PAGE = "/console/keys";

    @Inject
    KeyDesk desk;

    @Inject
    Me me;

    @Inject
    Deeds deeds;

    @Inject
    Asked asked;

    private String name = "";
    private String role = Role.POS.text();
    private String facilities = "";
    private List<ApiKey> keys = List.of();

    @PostConstruct
    void look() {
        me.require(UserRole.ADMIN);
        keys = desk.newest(asked.number("before").orElse(Long.MAX_VALUE), SIZE, isWithDead());
    }

    public List<ApiKey> getKeys() {
        return keys;
    }

    /** Whether those that have ended are shown, too. */
    public boolean isWithDead() {
        return asked.text("dead").equals("true");
    }

    /** Where older ones begin; null: there are none. */
    public @Nullable Integer getOlder() {
        return keys.size() == SIZE ? keys.get(SIZE - 1).keyId() : null;
    }

    public List<String> getRoles() {
        return Arrays.stream(Role.values()).map(Role::text).toList();
    }

    /** The facilities of a key in a fixed order. */
    public String bound(ApiKey key) {
        return key.role() == Role.POS ? key.facilities().stream().sorted().collect(Collectors.joining(", ")) : "all";
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

    public String getFacilities() {
        return facilities;
    }

    public void setFacilities(@Nullable String facilities) {
        this.facilities = facilities == null ? "" : facilities.strip();
    }

    public String create() {
        return deeds.done("The key was made.", PAGE, () -> {
            Actor actor = me.require(UserRole.ADMIN);
            if (name.isEmpty() || name.length() > MAX_NAME) {
                throw ProblemException.invalid("/name", "Give a name, at most " + MAX_NAME + " characters");
            }
            deeds.hand(
                    TEXT,
                    desk.make(desk.asked(name, role, listed(), null, null), actor)
                            .text());
        });
    }

    public String revoke() {
        return deeds.done(
                "Key " + asked.text("key") + " was revoked.",
                PAGE,
                () -> desk.revoke(asked.id("key"), me.require(UserRole.ADMIN)));
    }

    private Set<String> listed() {
        return Arrays.stream(facilities.split("[,\\s]+"))
                .filter(id -> !id.isEmpty())
                .collect(Collectors.toCollection(LinkedHashSet::new));
    }
}
