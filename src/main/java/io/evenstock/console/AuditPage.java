package io.evenstock.console;

import io.evenstock.access.Audit;
import io.evenstock.access.AuditEntry;
import jakarta.annotation.PostConstruct;
import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import jakarta.inject.Named;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Who did what, the newest first. */
@Named
@RequestScoped
public class AuditPage {
    private static final int SIZE = 50;

    @Inject
    Audit audit;

    @Inject
    Asked asked;

    private List<AuditEntry> entries = List.of();

    @PostConstruct
    void look() {
        entries =
                audit.newest(asked.number("before").orElse(Long.MAX_VALUE), getWho().isEmpty() ? null : getWho(), SIZE);
    }

    public List<AuditEntry> getEntries() {
        return entries;
    }

    public String getWho() {
        return asked.text("who").strip();
    }

    /** Where older ones begin; null: there are none. */
    public @Nullable Long getOlder() {
        return entries.size() == SIZE ? entries.get(SIZE - 1).auditId() : null;
    }
}
