package io.evenstock.downstream;

import io.evenstock.database.Sql;
import io.evenstock.http.ProblemException;
import jakarta.ejb.Stateless;
import jakarta.inject.Inject;
import java.util.List;

/** The channels. */
@Stateless
public class Channels {
    @Inject
    Sql sql;

    /** Makes or changes a channel; every product of its facilities, old and new, is told anew. */
    public void put(Channel channel) {
        String[] ids = channel.facilityIds().toArray(String[]::new);
        requireKnown(ids);
        int key = sql.one("""
                insert into channel (name, safety_units, safety_percent) values (?, ?, ?)
                on conflict (name) do update
                set safety_units = excluded.safety_units, safety_percent = excluded.safety_percent
                returning channel_key
                """, row -> row.getInt(1), channel.name(), channel.safetyUnits(), channel.safetyPercent());
        sql.update("""
                insert into channel_facility (channel_key, facility_key)
                select ?, facility_key from facility where facility_id = any(?) order by facility_key
                on conflict do nothing
                """, key, ids);
        sql.update("""
                update channel_facility c set member = f.facility_id = any(?)
                from facility f where c.channel_key = ? and f.facility_key = c.facility_key
                """, ids, key);
        sql.update("""
                insert into dirty_bulk (facility_keys, anew)
                select array_agg(facility_key), true from channel_facility where channel_key = ? having count(*) > 0
                """, key);
    }

    /**
     * Forgets a channel. The figures of its facilities stay; whoever asks for the channel's changes is told that there is none.
     *
     * @throws ProblemException 404 if there is none of that name, 409 if webhooks are told it
     */
    public void delete(String name) {
        int key = sql.first("select channel_key from channel where name = ? for update", row -> row.getInt(1), name)
                .orElseThrow(() -> unknown(name));
        List<String> told = sql.list(
                "select webhook_id from webhook where channel_key = ? order by webhook_id",
                row -> row.getString(1),
                key);
        if (!told.isEmpty()) {
            throw ProblemException.notNow(
                    "Channel " + name + " is told to webhooks, delete them first: " + String.join(", ", told));
        }
        sql.update("delete from channel where channel_key = ?", key);
    }

    public List<Channel> all() {
        return sql.list(
                """
                select c.name, safety_units, safety_percent,
                       coalesce(array_agg(f.facility_id order by f.facility_id)
                                filter (where m.member), '{}') as facilities
                from channel c left join channel_facility m using (channel_key) left join facility f using (facility_key)
                group by c.channel_key order by c.name
                """,
                row -> new Channel(
                        row.getString("name"),
                        List.of((String[]) row.getArray("facilities").getArray()),
                        row.getInt("safety_units"),
                        row.getInt("safety_percent")));
    }

    /** The key of a channel. @throws ProblemException 404 if there is none of that name */
    public int key(String name) {
        return sql.first("select channel_key from channel where name = ?", row -> row.getInt(1), name)
                .orElseThrow(() -> unknown(name));
    }

    private static ProblemException unknown(String name) {
        return ProblemException.notFound("There is no channel " + name);
    }

    private void requireKnown(String[] facilityIds) {
        List<String> unknown = sql.list(
                "select id from unnest(?::text[]) id where not exists (select from facility where facility_id = id)",
                row -> row.getString(1),
                (Object) facilityIds);
        if (!unknown.isEmpty()) {
            throw ProblemException.invalid(null, "Unknown facilities: " + String.join(", ", unknown));
        }
    }
}
