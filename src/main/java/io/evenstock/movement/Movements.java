package io.evenstock.movement;

import io.evenstock.catalog.CatalogChanged;
import io.evenstock.catalog.Unresolved;
import io.evenstock.database.Sql;
import jakarta.ejb.Stateless;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The movements: recorded by the batch, in one transaction and three statements whatever its size. */
@Stateless
public class Movements {
    private static final String SUM = """
            insert into movement_sum as s (facility_key, product_key, hour, quantity)
            select facility_key, product_key, date_trunc('hour', booked_at, 'UTC'), sum(quantity)
            from %s
            where facility_key is not null and product_key is not null
            group by 1, 2, 3 order by 1, 2, 3
            on conflict (facility_key, product_key, hour) do update set quantity = s.quantity + excluded.quantity
            """;

    @Inject
    Sql sql;

    @Inject
    Tills tills;

    /** Records what is new. @return an outcome for each, in the order given */
    public List<Outcome> record(List<Movement> movements) {
        Map<Key, Entry> inserted = insert(movements);
        Map<Key, Entry> known = inserted.size() == movements.size() ? Map.of() : find(movements);
        Set<Key> answered = new HashSet<>();
        List<Movement> fresh = new ArrayList<>();
        List<Outcome> outcomes = new ArrayList<>(movements.size());
        for (Movement movement : movements) {
            Key key = Key.of(movement);
            Entry entry = inserted.get(key);
            if (entry != null && entry.fingerprint().equals(movement.fingerprint()) && answered.add(key)) {
                fresh.add(movement);
                outcomes.add(entry.recorded(false));
            } else {
                outcomes.add(again(movement, entry == null ? known.get(key) : entry));
            }
        }
        tills.told(fresh);
        return outcomes;
    }

    /** How many wait in quarantine for their product or facility. */
    public long inQuarantine() {
        return sql.one(
                "select count(*) from movement where facility_key is null or product_key is null",
                row -> row.getLong(1));
    }

    /** What waits in quarantine, by facility and identification, most events first, at most so many. */
    public List<Unresolved> unresolved(int limit) {
        return sql.list("""
                select facility_id, id_type, id_value, count(*) as events, min(occurred_at) as since
                from movement where facility_key is null or product_key is null
                group by 1, 2, 3 order by events desc, 1, 2, 3 limit ?
                """, Unresolved::of, limit);
    }

    /** Facts in quarantine take effect, at their own time, as soon as product and facility are known (R11). */
    public void release(@Observes CatalogChanged changed) {
        sql.update("""
                with released as (
                    update movement m set facility_key = r.facility_key, product_key = r.product_key
                    from (select q.entry_id, f.facility_key, i.product_key
                          from movement q
                          join facility f using (facility_id)
                          cross join lateral (select min(product_key) as product_key from identification d
                                              where d.id_type = q.id_type and d.id_value = q.id_value
                                              having count(*) = 1) i
                          where q.facility_key is null or q.product_key is null
                          order by q.entry_id
                          for update of q) r
                    where m.entry_id = r.entry_id and (m.facility_key is null or m.product_key is null)
                    returning m.facility_key, m.product_key, m.booked_at, m.quantity)
                """ + SUM.formatted("released"));
    }

    private static Outcome again(Movement movement, @Nullable Entry entry) {
        if (entry == null) {
            return new Outcome.Ambiguous();
        }
        return entry.fingerprint.equals(movement.fingerprint())
                ? entry.recorded(true)
                : new Outcome.Conflicting(entry.entryId);
    }

    /** Rows and sums are locked in one order, whoever writes: no two nodes wait for each other. */
    private Map<Key, Entry> insert(List<Movement> movements) {
        return byKey(
                """
                with recorded as (
                    insert into movement (facility_id, event_id, fingerprint, id_type, id_value, facility_key,
                                          product_key, quantity, reason, comments, till_id, sequence, occurred_at,
                                          booked_at, first_status)
                    select m.facility_id, m.event_id, m.fingerprint, m.id_type, m.id_value, f.facility_key,
                           i.product_key, m.quantity, m.reason, m.comments, m.till_id, m.sequence, m.occurred_at,
                           m.booked_at,
                           case when f.facility_key is null or i.product_key is null then 'QUARANTINED'
                                when m.booked_at <= b.as_of then 'ABSORBED' else 'APPLIED' end
                    from unnest(?::text[], ?::text[], ?::uuid[], ?::text[], ?::text[], ?::integer[], ?::text[],
                                ?::text[], ?::text[], ?::bigint[], ?::timestamptz[], ?::timestamptz[]) with ordinality
                         as m(facility_id, event_id, fingerprint, id_type, id_value, quantity, reason, comments,
                              till_id, sequence, occurred_at, booked_at, n)
                    left join facility f using (facility_id)
                    cross join lateral (select min(product_key) as product_key, count(*) as products
                                        from identification d
                                        where d.id_type = m.id_type and d.id_value = m.id_value) i
                    left join lateral pair_base(f.facility_key, i.product_key) b on true
                    where i.products <= 1
                    order by m.facility_id collate "C", m.event_id collate "C", m.n
                    on conflict (facility_id, event_id) do nothing
                    returning facility_id, event_id, entry_id, fingerprint, first_status, facility_key, product_key,
                              booked_at, quantity),
                summed as (
                """ + SUM.formatted("recorded") + """
                )
                select facility_id, event_id, entry_id, fingerprint, first_status, facility_key, product_key
                from recorded
                """,
                texts(movements, Movement::facilityId),
                texts(movements, Movement::eventId),
                texts(movements, Movement::fingerprint),
                texts(movements, Movement::idType),
                texts(movements, Movement::idValue),
                movements.stream().map(Movement::quantity).toArray(Integer[]::new),
                texts(movements, Movement::reason),
                movements.stream().map(Movement::comments).toArray(String[]::new),
                movements.stream().map(Movements::tillId).toArray(String[]::new),
                movements.stream().map(Movements::sequence).toArray(Long[]::new),
                texts(movements, movement -> movement.occurredAt().toString()),
                texts(movements, movement -> movement.bookedAt().toString()));
    }

    /** A statement of its own: what another transaction has committed meanwhile is not visible to the insert. */
    private Map<Key, Entry> find(List<Movement> movements) {
        return byKey("""
                select facility_id, event_id, entry_id, fingerprint, first_status, facility_key, product_key
                from movement join unnest(?::text[], ?::text[]) as wanted(facility_id, event_id) using (facility_id, event_id)
                """, texts(movements, Movement::facilityId), texts(movements, Movement::eventId));
    }

    private Map<Key, Entry> byKey(String query, @Nullable Object... arguments) {
        Map<Key, Entry> entries = new HashMap<>();
        sql.list(query, row -> entries.put(new Key(row.getString(1), row.getString(2)), entry(row)), arguments);
        return entries;
    }

    private static Entry entry(ResultSet row) throws SQLException {
        return new Entry(
                row.getLong(3),
                row.getString(4),
                Outcome.Status.valueOf(row.getString(5)),
                row.getObject(6, Integer.class),
                row.getObject(7, Integer.class));
    }

    private static @Nullable String tillId(Movement movement) {
        TillSequence till = movement.till();
        return till == null ? null : till.tillId();
    }

    private static @Nullable Long sequence(Movement movement) {
        TillSequence till = movement.till();
        return till == null ? null : till.sequence();
    }

    private static String[] texts(Collection<Movement> movements, Function<Movement, String> text) {
        return movements.stream().map(text).toArray(String[]::new);
    }

    private record Key(String facilityId, String eventId) {
        static Key of(Movement movement) {
            return new Key(movement.facilityId(), movement.eventId());
        }
    }

    private record Entry(
            long entryId,
            String fingerprint,
            Outcome.Status status,
            @Nullable Integer facilityKey,
            @Nullable Integer productKey) {

        /** In quarantine only one of the keys may be known; none is told then. */
        Outcome.Recorded recorded(boolean repeated) {
            boolean known = facilityKey != null && productKey != null;
            return new Outcome.Recorded(
                    entryId, status, repeated, known ? facilityKey : null, known ? productKey : null);
        }
    }
}
