package io.evenstock.nightly;

import io.evenstock.database.Sql;
import jakarta.ejb.Stateless;
import jakarta.inject.Inject;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Which timers are paused, for all nodes alike. A pause ends by itself at its time, by the database's clock. */
@Stateless
public class TimerPauses {
    @Inject
    Sql sql;

    /** The pause that is in force. */
    public Optional<TimerPause> of(StepName step) {
        return sql.first("""
                select step, paused_by, reason, paused_at, paused_until from timer_pause
                where step = ? and (paused_until is null or paused_until > clock_timestamp())
                """, TimerPauses::pause, step.text());
    }

    /** Pauses a timer, whether it was paused before or not. */
    public void pause(StepName step, String by, @Nullable String reason, @Nullable Instant until) {
        sql.update("""
                insert into timer_pause (step, paused_by, reason, paused_until) values (?, ?, ?, ?::timestamptz)
                on conflict (step) do update set paused_by = excluded.paused_by, reason = excluded.reason,
                    paused_at = excluded.paused_at, paused_until = excluded.paused_until
                """, step.text(), by, reason, until);
    }

    /** The timer asks again; what it did not ask for meanwhile is not made up for. */
    public void resume(StepName step) {
        sql.update("delete from timer_pause where step = ?", step.text());
    }

    private static TimerPause pause(ResultSet row) throws SQLException {
        return new TimerPause(
                StepName.of(row.getString("step")).orElseThrow(),
                row.getString("paused_by"),
                row.getString("reason"),
                Sql.instant(row, "paused_at"),
                Sql.optionalInstant(row, "paused_until"));
    }
}
