package io.evenstock.access;

import static io.evenstock.access.Role.ADMIN;
import static io.evenstock.access.Role.INTEGRATION;
import static io.evenstock.access.Role.OPERATOR;
import static io.evenstock.access.Role.POS;

import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Who may call what: the one table. A call that is not in it does not exist, whatever resources there are. Facilities
 * are the second half: {@link Caller#requireFacility}.
 */
public final class Permissions {
    /**
     * A row.
     *
     * @param template the path below {@code /api}
     * @param open nobody needs a key
     * @param pays what it asks for counts against the key's rate by {@link Caller#spend}; every other call counts one
     */
    public record Call(String method, String template, Set<Role> roles, boolean open, boolean pays) {
        private boolean matches(List<String> segments) {
            List<String> own = List.of(template.split("/"));
            if (own.size() != segments.size()) {
                return false;
            }
            for (int i = 0; i < own.size(); i++) {
                if (!own.get(i).startsWith("{") && !own.get(i).equals(segments.get(i))) {
                    return false;
                }
            }
            return true;
        }
    }

    /** The table. Paths without a variable stand before those that would take them for a value. */
    public static final List<Call> TABLE = List.of(
            open("GET", "health/live"),
            open("GET", "health/ready"),
            open("GET", "metrics"),
            paying("POST", "UpdateInventory", POS, INTEGRATION),
            paying("POST", "service/updateInventoryByIdentification", POS, INTEGRATION),
            call("GET", "inventory", POS, INTEGRATION, OPERATOR),
            call("GET", "inventory/explanation", POS, INTEGRATION, OPERATOR),
            call("GET", "inventory/ledger", POS, INTEGRATION, OPERATOR),
            call("GET", "inventory/changes", INTEGRATION, OPERATOR),
            call("GET", "movements", POS, INTEGRATION, OPERATOR),
            call("GET", "tills", INTEGRATION, OPERATOR),
            call("PUT", "facilities", INTEGRATION),
            call("PUT", "products", INTEGRATION),
            call("POST", "shipments", INTEGRATION),
            call("POST", "acknowledgements", INTEGRATION),
            call("GET", "cycles", OPERATOR),
            call("GET", "cycles/{businessDate}", OPERATOR),
            call("POST", "cycles/{businessDate}/{step}", OPERATOR),
            call("GET", "runs", OPERATOR),
            call("GET", "runs/{id}", OPERATOR),
            call("GET", "runs/{id}/preview", OPERATOR),
            call("POST", "runs/{id}/approval", OPERATOR),
            call("POST", "runs/{id}/reversal", OPERATOR),
            call("GET", "timers", OPERATOR),
            call("POST", "timers/{step}/pause", OPERATOR),
            call("POST", "timers/{step}/resume", OPERATOR),
            call("GET", "channels", INTEGRATION, OPERATOR),
            call("PUT", "channels"),
            call("DELETE", "channels/{name}"),
            call("GET", "downstream", OPERATOR),
            call("GET", "self-audit", OPERATOR),
            call("GET", "alerts", OPERATOR),
            call("GET", "drift", OPERATOR),
            call("GET", "drift/{businessDate}", OPERATOR),
            call("GET", "sales-rates", OPERATOR),
            call("GET", "webhooks"),
            call("POST", "webhooks"),
            call("GET", "webhooks/{id}"),
            call("DELETE", "webhooks/{id}"),
            call("POST", "webhooks/{id}/replay"),
            call("POST", "webhooks/{id}/pause"),
            call("POST", "webhooks/{id}/resume"),
            call("POST", "webhooks/{id}/rotation"),
            call("PUT", "webhooks/{id}/mapping"),
            call("GET", "users"),
            call("POST", "users"),
            call("POST", "users/{userId}/role"),
            call("POST", "users/{userId}/password"),
            call("POST", "users/{userId}/disable"),
            call("POST", "users/{userId}/enable"),
            call("GET", "keys"),
            call("POST", "keys"),
            call("DELETE", "keys/{keyId}"));

    private static final Map<String, Call> EXACT = TABLE.stream()
            .filter(call -> !call.template().contains("{"))
            .collect(Collectors.toUnmodifiableMap(call -> call.method() + " " + call.template(), Function.identity()));

    private Permissions() {}

    /** The row of a call. */
    static Optional<Call> of(String method, String path) {
        String asked = method.equals("HEAD") ? "GET" : method;
        Call exact = EXACT.get(asked + " " + path);
        return exact != null
                ? Optional.of(exact)
                : at(path).stream().filter(call -> call.method().equals(asked)).findFirst();
    }

    /** The methods that a path takes; none: there is no such path. */
    static Set<String> methods(String path) {
        return at(path).stream().map(Call::method).collect(Collectors.toCollection(TreeSet::new));
    }

    private static List<Call> at(String path) {
        List<String> segments = List.of(path.split("/", -1));
        return TABLE.stream().filter(call -> call.matches(segments)).toList();
    }

    private static Call call(String method, String template, Role... besidesAdmin) {
        return new Call(method, template, Set.copyOf(EnumSet.of(ADMIN, besidesAdmin)), false, false);
    }

    private static Call paying(String method, String template, Role... besidesAdmin) {
        return new Call(method, template, Set.copyOf(EnumSet.of(ADMIN, besidesAdmin)), false, true);
    }

    private static Call open(String method, String template) {
        return new Call(method, template, Set.of(OPERATOR, ADMIN), true, false);
    }
}
