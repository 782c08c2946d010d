package io.evenstock.feed;

import io.evenstock.exchange.RemoteFile;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What keeps files from being taken: news when it begins or changes, not at every look. For one thread at a time. */
final class Troubles {
    private Map<String, String> before = Map.of();
    private Map<String, String> now = new LinkedHashMap<>();

    /** Another look begins. */
    void look() {
        before = now;
        now = new LinkedHashMap<>();
    }

    /** Whether the file had no such trouble at the look before. */
    boolean news(RemoteFile file, @Nullable String reason) {
        String told = String.valueOf(reason);
        now.put(file.path(), told);
        return !told.equals(before.get(file.path()));
    }

    /** The first file of this look that has such trouble, and how many others; null: none has. */
    @Nullable
    String summary() {
        return now.entrySet().stream()
                .findFirst()
                .map(first -> first.getKey() + " cannot be taken: " + first.getValue()
                        + (now.size() == 1 ? "" : " (and " + (now.size() - 1) + " more)"))
                .orElse(null);
    }
}
