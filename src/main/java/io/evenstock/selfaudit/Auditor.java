package io.evenstock.selfaudit;

import io.evenstock.database.Sql;
import jakarta.ejb.Stateless;
import jakarta.inject.Inject;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;

/** Goes round all pairs for ever, a step at a time; the database lets one node do a step. */
@Stateless
public class Auditor {
    private static final int RECHECKED = 1_000;

    @Inject
    Sql sql;

    @Inject
    Verdicts verdicts;

    private record Pair(int facility, int product) {}

    /**
     * Looks once more at the pairs that were wrong, and at the next ones.
     *
     * @param pairs how many to look at
     * @return the pairs newly found wrong, by their facility and product ids
     */
    public List<Offence> step(int pairs) {
        if (!sql.one("select pg_try_advisory_xact_lock(hashtextextended('self-audit', 0))", row -> row.getBoolean(1))) {
            return List.of();
        }
        forgive();
        List<Pair> next = sql.list(
                "select n.* from self_audit a, self_audit_next(a.after_facility, a.after_product, ?) n order by 1, 2",
                Auditor::pair,
                pairs);
        Instant found = sql.one("select clock_timestamp()", row -> Sql.instant(row, "clock_timestamp"));
        accuse(next);
        move(next, next.size() < pairs);
        return verdicts.offences(RECHECKED).stream()
                .filter(offence -> !offence.foundAt().isBefore(found))
                .toList();
    }

    /** What is right by now is no offence any more. */
    private void forgive() {
        sql.update("""
                with known as (select facility_key, product_key from self_audit_offence order by found_at limit ?),
                     wrong as (select w.facility_key, w.product_key
                               from self_audit(array(select facility_key from known), array(select product_key from known)) w)
                delete from self_audit_offence o using known k
                where (o.facility_key, o.product_key) = (k.facility_key, k.product_key)
                  and not exists (select from wrong w
                                  where (w.facility_key, w.product_key) = (o.facility_key, o.product_key))
                """, RECHECKED);
    }

    private void accuse(List<Pair> pairs) {
        sql.update(
                "insert into self_audit_offence select * from self_audit(?, ?) on conflict do nothing",
                pairs.stream().map(Pair::facility).toArray(Integer[]::new),
                pairs.stream().map(Pair::product).toArray(Integer[]::new));
    }

    private void move(List<Pair> pairs, boolean end) {
        Pair last = end ? new Pair(0, 0) : pairs.get(pairs.size() - 1);
        sql.update("""
                update self_audit set after_facility = ?, after_product = ?, checked_at = clock_timestamp(),
                       pairs = pairs + ?, started_at = coalesce(started_at, current_timestamp)
                """, last.facility(), last.product(), pairs.size());
        if (end) {
            sql.update("""
                    update self_audit set last_pairs = pairs, last_started_at = started_at, last_ended_at = checked_at,
                           pairs = 0, started_at = null
                    """);
        }
    }

    private static Pair pair(ResultSet row) throws SQLException {
        return new Pair(row.getInt("facility_key"), row.getInt("product_key"));
    }
}
