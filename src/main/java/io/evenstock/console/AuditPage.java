package io.evenstock.console;

import io.evenstock.access.Audit;
import io.evenstock.access.AuditEntry;
import jakarta.annotation.PostConstruct;
import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import jakarta.inject.Named;
import jakarta.servlet.http.HttpServletRequest;
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
    HttpServletRequest request;

    private List<AuditEntry> entries = List.of();

    @PostConstruct
    void look() {
        entries = audit.newest(before(), getWho().isEmpty() ? null : getWho(), SIZE);
    }

    private long before() {
        String before = request.getParameter("before");
        return before != null && before.matches("[0-9]{1,18}") ? Long.parseLong(before) : Long.MAX_VALUE;
    }

    public List<AuditEntry> getEntries() {
        return entries;
    }

    public String getWho() {
        String who = request.getParameter("who");
        return who == null ? "" : who.strip();
    }

    /** Where older ones begin; null: there are none. */
    public @Nullable Long getOlder() {
        return entries.size() == SIZE ? entries.get(SIZE - 1).auditId() : null;
    }
}
