package io.evenstock.access;

import io.evenstock.database.Sql;
import io.evenstock.observation.LogLine;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.List;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;

/** Who changed what: a row that nobody changes, and a line in the log. Written in the running transaction, if any. */
@ApplicationScoped
public class Audit {
    private static final Logger LOG = Logger.getLogger(Audit.class.getName());

    @Inject
    Sql sql;

    public void record(Actor actor, String action, String target, @Nullable String detail) {
        sql.update(
                "insert into audit (who, address, action, target, detail) values (?, ?, ?, ?, ?)",
                actor.name(),
                actor.address(),
                action,
                target,
                detail);
        LOG.info(() -> LogLine.of("audit")
                .with("who", actor.name())
                .with("address", actor.address())
                .with("action", action)
                .with("target", target)
                .with("detail", detail)
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
