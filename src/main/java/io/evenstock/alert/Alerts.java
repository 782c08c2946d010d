package io.evenstock.alert;

import io.evenstock.database.Sql;
import io.evenstock.settings.Settings;
import jakarta.ejb.Stateless;
import jakarta.inject.Inject;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Alerts and their messages as the database has them; all times are the database's. */
@Stateless
public class Alerts {
    /** A node that is gone is replaced after so long; longer than any message may take. */
    private static final Duration LEASE = Duration.ofMinutes(2);

    private static final int LONGEST_PAUSE_SECONDS = 600;
    private static final int GIVE_UP_HOURS = 24;
    private static final int KEPT_DAYS = 90;
    private static final int LONGEST_ERROR = 300;

    @Inject
    Sql sql;

    @Inject
    Settings settings;

    /** Whether it is this node's turn to look. @return the fence of the turn */
    public Optional<Long> turn() {
        return sql.first(
                """
                update alert_watch set fence = fence + 1, looked_at = clock_timestamp()
                where looked_at <= clock_timestamp() - ? * interval '1 millisecond' returning fence
                """, row -> row.getLong(1), settings.alerts().interval().toMillis());
    }

    /**
     * Takes down what was seen: what is new becomes an alert with a message for each channel, what was not seen for long
     * enough is over. Nothing if another node has had a turn since.
     *
     * @param urgent what is there now
     * @return whether it was taken down
     */
    public boolean note(long turn, List<Concern> urgent, Collection<String> channels) {
        if (sql.first("select true from alert_watch where fence = ? for update", row -> true, turn)
                .isEmpty()) {
            return false;
        }
        urgent.forEach(concern -> see(concern, channels));
        end(channels);
        sql.update("""
                update alert_message set given_up_at = clock_timestamp()
                where sent_at is null and given_up_at is null and made_at < clock_timestamp() - ? * interval '1 hour'
                """, GIVE_UP_HOURS);
        sql.update("delete from alert where over_at < clock_timestamp() - ? * interval '1 day'", KEPT_DAYS);
        return true;
    }

    private void see(Concern concern, Collection<String> channels) {
        sql.update(
                """
                with seen as (
                    insert into alert as a (cause, subject, level, title, text, link) values (?, ?, ?, ?, ?, ?)
                    on conflict (cause, subject) where over_at is null do update
                    set seen_at = clock_timestamp(), level = excluded.level, title = excluded.title,
                        text = excluded.text, link = excluded.link
                    returning alert_id, xmax = 0 as fresh)
                insert into alert_message (alert_id, channel, kind)
                select alert_id, channel, 'RAISED' from seen, unnest(?::text[]) channel where fresh
                """,
                concern.cause().name(),
                concern.subject(),
                concern.level(),
                concern.title(),
                concern.text(),
                concern.link(),
                channels.toArray(new String[0]));
    }

    /** What nobody was told to begin with, nobody is told to be over. */
    private void end(Collection<String> channels) {
        sql.update("""
                with ended as (
                    update alert set over_at = clock_timestamp()
                    where over_at is null and seen_at < (select looked_at from alert_watch)
                      and seen_at <= clock_timestamp() - ? * interval '1 millisecond'
                    returning alert_id),
                unsaid as (
                    delete from alert_message m using ended e
                    where m.alert_id = e.alert_id and attempts = 0 and lease_until is null and sent_at is null
                    returning m.alert_id, m.channel)
                insert into alert_message (alert_id, channel, kind)
                select e.alert_id, m.channel, 'OVER' from ended e join alert_message m using (alert_id)
                where m.kind = 'RAISED' and m.given_up_at is null and m.channel = any (?::text[])
                  and not exists (select from unsaid u where u.alert_id = m.alert_id and u.channel = m.channel)
                """, settings.alerts().calm().toMillis(), channels.toArray(new String[0]));
    }

    /** Claims the oldest message of a channel that is due; of one alert, its end is told after its beginning. */
    public Optional<Call> claim(String channel) {
        return sql.first("""
                with due as (
                    select alert_id, kind from alert_message m
                    where channel = ? and sent_at is null and given_up_at is null and retry_at <= clock_timestamp()
                      and (lease_until is null or lease_until < clock_timestamp())
                      and not (kind = 'OVER' and exists (
                          select from alert_message first
                          where first.alert_id = m.alert_id and first.channel = m.channel and first.kind = 'RAISED'
                            and first.sent_at is null and first.given_up_at is null))
                    order by alert_id, kind desc limit 1 for update skip locked)
                update alert_message m
                set fence = fence + 1, attempts = attempts + 1,
                    lease_until = clock_timestamp() + ? * interval '1 millisecond'
                from due join alert a using (alert_id)
                where m.alert_id = due.alert_id and m.channel = ? and m.kind = due.kind
                returning m.alert_id, m.channel, m.kind, m.fence, a.cause, a.subject, a.level, a.title, a.text, a.link,
                          a.raised_at, a.over_at
                """, Alerts::call, channel, LEASE.toMillis(), channel);
    }

    public void sent(Call call) {
        sql.update("""
                update alert_message set sent_at = clock_timestamp(), lease_until = null, error = null
                where alert_id = ? and channel = ? and kind = ? and fence = ?
                """, call.alert().alertId(), call.channel(), call.kind(), call.fence());
    }

    /** Tried again after 5 seconds, doubled each time, at most ten minutes; for a day. */
    public void failed(Call call, String error) {
        sql.update(
                """
                update alert_message set lease_until = null, error = left(?, ?),
                    retry_at = clock_timestamp() + least(?, 5 * 2 ^ least(attempts - 1, 20)) * interval '1 second'
                where alert_id = ? and channel = ? and kind = ? and fence = ?
                """,
                error,
                LONGEST_ERROR,
                LONGEST_PAUSE_SECONDS,
                call.alert().alertId(),
                call.channel(),
                call.kind(),
                call.fence());
    }

    /** All that are not over, the oldest first. */
    public List<Alert> open() {
        return alerts("where over_at is null order by alert_id");
    }

    /** The last ones that are over, the newest first. */
    public List<Alert> over(int limit) {
        return alerts("where over_at is not null order by over_at desc, alert_id desc limit ?", limit);
    }

    private List<Alert> alerts(String which, @Nullable Object... arguments) {
        Map<Long, List<Alert.Sent>> messages = new LinkedHashMap<>();
        sql.list(
                "select * from alert_message where alert_id in (select alert_id from alert " + which
                        + ") order by alert_id, channel, kind desc",
                row -> messages.computeIfAbsent(row.getLong("alert_id"), id -> new ArrayList<>())
                        .add(message(row)),
                arguments);
        return sql.list("select * from alert " + which, row -> alert(row, messages), arguments);
    }

    private static Alert alert(ResultSet row, Map<Long, List<Alert.Sent>> messages) throws SQLException {
        long id = row.getLong("alert_id");
        return new Alert(
                id,
                Cause.valueOf(row.getString("cause")),
                row.getString("subject"),
                row.getString("level"),
                row.getString("title"),
                row.getString("text"),
                row.getString("link"),
                Sql.instant(row, "raised_at"),
                Optional.ofNullable(Sql.optionalInstant(row, "over_at")),
                messages.getOrDefault(id, List.of()));
    }

    private static Alert.Sent message(ResultSet row) throws SQLException {
        return new Alert.Sent(
                row.getString("channel"),
                row.getString("kind"),
                row.getInt("attempts"),
                Optional.ofNullable(Sql.optionalInstant(row, "sent_at")),
                Optional.ofNullable(Sql.optionalInstant(row, "given_up_at")),
                Optional.ofNullable(row.getString("error")));
    }

    private static Call call(ResultSet row) throws SQLException {
        return new Call(
                alert(row, Map.of()),
                row.getString("channel"),
                row.getString("kind").equals("OVER"),
                row.getLong("fence"));
    }
}
