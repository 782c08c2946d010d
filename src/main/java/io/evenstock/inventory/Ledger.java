package io.evenstock.inventory;

import io.evenstock.database.Sql;
import io.evenstock.http.Problem;
import io.evenstock.http.ProblemException;
import io.evenstock.inventory.LedgerFact.Fulfilled;
import io.evenstock.inventory.LedgerFact.Moved;
import io.evenstock.inventory.LedgerFact.Run;
import io.evenstock.inventory.LedgerFact.Source;
import io.evenstock.stock.Base;
import io.evenstock.stock.ItemId;
import io.evenstock.stock.Movement;
import io.evenstock.stock.Outstanding;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * What changed a pair's figure, in the order in which it became known; derived from the facts, read in one statement. Once
 * lines of old runs are given up, it opens with the newest final run that has the pair.
 */
@ApplicationScoped
public class Ledger {
    /** A pair with more facts than this has no ledger. */
    static final int MAX_FACTS = 100_000;

    /** So many ledgers are made at a time: each may hold all facts of its pair. */
    private static final int AT_A_TIME = 2;

    private static final long LONGEST_WAIT_SECONDS = 5;

    private static final String FACTS = """
            with asked as materialized (
                select f.facility_key, f.facility_id, p.product_key
                from facility f, product p where f.facility_key = ? and p.product_key = ?),
            item as materialized (
                select i.shipment_id, i.item_seq_id, i.id_type, i.id_value from asked join shipment_item i
                using (facility_key, product_key) where i.acknowledged_quantity > 0
                union
                select i.shipment_id, i.item_seq_id, i.id_type, i.id_value from asked join shipment_item i
                using (facility_key, product_key) where i.acknowledged_quantity < i.quantity
                union
                select i.shipment_id, i.item_seq_id, i.id_type, i.id_value from asked join shipment_item i
                using (facility_key, product_key) where i.quantity = 0
                union
                select i.shipment_id, i.item_seq_id, i.id_type, i.id_value from asked join shipment_item i
                on i.invoiced_facility_key = asked.facility_key and i.product_key = asked.product_key
                where i.invoiced_facility_id is not null),
            run as materialized (
                select r.*, l.as_of as line_as_of, l.quantity, l.line,
                       case when r.variance in ('RECORDED', 'DROPPED') then coalesce(r.variance_at, r.applied_at) end
                           as settled_at
                from asked join snapshot_line l using (facility_key, product_key)
                join snapshot_run r on r.run_id = l.run_id and r.state in ('APPLIED', 'UNDONE')),
            line as materialized (
                select v.* from asked join variance_line v using (facility_key)
                join item using (shipment_id, item_seq_id)
                where v.run_id in (select run_id from run))
            (select 'MOVEMENT' as source, m.entry_id as id, m.recorded_at, m.occurred_at, m.booked_at as at, m.quantity,
                    m.reason as remark, m.event_id as reference, null as item_seq_id, 0 as number,
                    null as shipped_from, null as invoiced_at, true as of_pair, true as known
             from asked join movement m using (facility_key, product_key) limit ?)
            union all
            (select case f.kind when 'SHIPPED' then 'SHIPMENT' when 'ACKNOWLEDGED' then 'ACKNOWLEDGEMENT' else f.kind end,
                    f.fact_id, f.recorded_at, f.at, f.at, f.quantity, null, f.shipment_id, f.item_seq_id, f.revision,
                    h.facility_id, f.facility_id,
                    (f.id_type, f.id_value) = (i.id_type, i.id_value)
                    or exists (select from identification d, asked a
                               where d.id_type = f.id_type and d.id_value = f.id_value and d.product_key = a.product_key),
                    out_of_quarantine(f)
             from item i join fulfilment_fact f using (shipment_id, item_seq_id) join shipment h using (shipment_id)
             limit ?)
            union all
            select e.source, r.run_id, e.recorded_at, r.line_as_of, r.line_as_of, r.quantity,
                   case e.source when 'VARIANCE' then r.variance when 'UNDO' then r.reason end,
                   coalesce(r.filtered_name, r.source_name), null, r.line, null, null, true, true
            from run r cross join lateral (values ('RESET_RUN', r.applied_at), ('VARIANCE', r.settled_at),
                           ('UNDO', case when r.state = 'UNDONE' then coalesce(r.undone_at, r.applied_at) end))
                       as e(source, recorded_at)
            where e.recorded_at is not null and r.applied_at is not null
              and (e.source <> 'VARIANCE' or r.run_id in (select run_id from line))
            union all
            select 'LINE', v.run_id, null, null, null, v.quantity, null, v.shipment_id, v.item_seq_id, 0, null, null, true, true
            from line v
            union all
            (select 'OPENING', r.run_id, null, null, null, null, null, null, null, 0, null, null, true, true
             from run r
             where r.state = 'APPLIED' and r.final
               and exists (select from snapshot_run gone where gone.final and gone.part is null)
             order by r.line_as_of desc, r.applied_at, r.run_id limit 1)
            """;

    private static final long NONE = -1;
    private static final String LINE = "LINE";
    private static final String OPENING = "OPENING";

    private final Semaphore turns = new Semaphore(AT_A_TIME, true);

    @Inject
    Sql sql;

    /** All entries of a pair. @throws ProblemException 422 if it has too many facts */
    public List<LedgerEntry> of(Pair pair) {
        takeTurn();
        try {
            return of(pair, sql);
        } finally {
            turns.release();
        }
    }

    private void takeTurn() {
        try {
            if (turns.tryAcquire(LONGEST_WAIT_SECONDS, TimeUnit.SECONDS)) {
                return;
            }
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
        throw new ProblemException(new Problem(
                503, "busy", "Too many ledgers are asked for", "Ask again in a moment", null, LONGEST_WAIT_SECONDS));
    }

    static List<LedgerEntry> of(Pair pair, Sql sql) {
        String facilityId = sql.one(
                "select facility_id from facility where facility_key = ?", row -> row.getString(1), pair.facilityKey());
        Read read = new Read(facilityId);
        sql.list(FACTS, row -> read.take(row), pair.facilityKey(), pair.productKey(), MAX_FACTS + 1, MAX_FACTS + 1);
        return read.replayed();
    }

    /** The rows of the statement, as they come. */
    private static final class Read {
        private final String facilityId;
        private final Map<Long, Set<Outstanding.Key>> lines = new HashMap<>();
        private final List<LedgerFact> facts = new ArrayList<>();
        private long opening = NONE;

        Read(String facilityId) {
            this.facilityId = facilityId;
        }

        boolean take(ResultSet row) throws SQLException {
            long id = row.getLong("id");
            switch (row.getString("source")) {
                case LINE ->
                    lines.computeIfAbsent(id, run -> new HashSet<>())
                            .add(new Outstanding(item(row), facilityId, row.getInt("quantity")).key());
                case OPENING -> opening = id;
                default -> facts.add(fact(row));
            }
            return true;
        }

        /** What was known before the opening is in its figure. */
        List<LedgerEntry> replayed() {
            LedgerReplay replay = new LedgerReplay(facilityId, lines);
            bounded(facts).sort(Comparator.comparing(LedgerFact::position));
            List<LedgerEntry> entries = new ArrayList<>();
            for (LedgerFact fact : facts) {
                LedgerEntry entry = replay.take(fact);
                if (opens(fact)) {
                    entries.clear();
                    entries.add(entry.opening());
                } else {
                    entries.add(entry);
                }
            }
            return entries;
        }

        private boolean opens(LedgerFact fact) {
            return fact.position().source() == Source.RESET_RUN
                    && fact.position().id() == opening;
        }
    }

    private static List<LedgerFact> bounded(List<LedgerFact> facts) {
        if (facts.size() > MAX_FACTS) {
            throw new ProblemException(new Problem(
                    422, "too-long", "The ledger is too long", "The pair has more than " + MAX_FACTS + " facts", null));
        }
        return facts;
    }

    private static LedgerFact fact(ResultSet row) throws SQLException {
        Source source = Source.valueOf(row.getString("source"));
        LedgerPosition position = new LedgerPosition(Sql.instant(row, "recorded_at"), source, row.getLong("id"));
        return switch (source) {
            case MOVEMENT -> moved(row, position);
            case SHIPMENT, ACKNOWLEDGEMENT, TRANSFER_SLIP -> fulfilled(row, position);
            case RESET_RUN, VARIANCE, UNDO -> run(row, position);
        };
    }

    private static Moved moved(ResultSet row, LedgerPosition position) throws SQLException {
        return new Moved(
                position,
                new Movement(
                        row.getString("reference"),
                        row.getInt("quantity"),
                        row.getString("remark"),
                        Sql.instant(row, "occurred_at"),
                        Sql.instant(row, "at")));
    }

    private static Fulfilled fulfilled(ResultSet row, LedgerPosition position) throws SQLException {
        return new Fulfilled(
                position,
                item(row),
                row.getInt("number"),
                row.getString("shipped_from"),
                Sql.optionalInstant(row, "at"),
                row.getObject("quantity", Integer.class),
                row.getString("invoiced_at"),
                row.getBoolean("of_pair"),
                row.getBoolean("known"));
    }

    private static Run run(ResultSet row, LedgerPosition position) throws SQLException {
        return new Run(
                position,
                new Base(row.getLong("id"), Sql.instant(row, "at"), row.getInt("quantity")),
                row.getString("reference"),
                row.getInt("number"),
                row.getString("remark"));
    }

    private static ItemId item(ResultSet row) throws SQLException {
        return new ItemId(row.getString("reference"), row.getString("item_seq_id"));
    }
}
