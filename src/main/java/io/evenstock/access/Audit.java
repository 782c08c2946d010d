package io.evenstock.access;

import io.evenstock.database.Sql;
import io.evenstock.observation.LogLine;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Event;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.event.TransactionPhase;
import jakarta.inject.Inject;
import java.util.List;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Who changed what: a row that nobody changes, written in the running transaction, if any; and once that is committed a line
 * in the log.
 */
@ApplicationScoped
public class Audit {
    private static final Logger LOG = Logger.getLogger(Audit.class.getName());

    @Inject
    Sql sql;

    @Inject
    Event<Recorded> told;

    record Recorded(
            Actor actor,
            String action,
            String target,
            @Nullable String detail) {}

    public void record(Actor actor, String action, String target, @Nullable String detail) {
        sql.update(
                "insert into audit (who, address, action, target, detail) values (?, ?, ?, ?, ?)",
                actor.name(),
                actor.address(),
                action,
                target,
                detail);
        told.fire(new Recorded(actor, action, target, detail));
    }

    void log(@Observes(during = TransactionPhase.AFTER_SUCCESS) Recorded line) {
        LOG.info(() -> LogLine.of("audit")
                .with("who", line.actor.name())
                .with("address", line.actor.address())
                .with("action", line.action)
                .with("target", line.target)
                .with("detail", line.detail)
                .toString());
    }

    /**
     * Lines with a smaller number than {@code before}, the newest first.
     *
     * @param who only this one's; null: everybody's
     */
    public List<AuditEntry> newest(long before, @Nullable String who, int limit) {
        return sql.list(
                """
                select * from audit where audit_id < ? and (who = ? or ?::text is null) order by audit_id desc limit ?
                """,
                row -> new AuditEntry(
                        row.getLong("audit_id"),
                        Sql.instant(row, "at"),
                        row.getString("who"),
                        row.getString("address"),
                        row.getString("action"),
                        row.getString("target"),
                        row.getString("detail")),
                before,
                who,
                who,
                limit);
    }
}
