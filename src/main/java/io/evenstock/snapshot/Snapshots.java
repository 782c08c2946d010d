package io.evenstock.snapshot;

import io.evenstock.catalog.Catalog;
import io.evenstock.database.Sql;
import io.evenstock.file.CsvLimits;
import io.evenstock.file.Layout;
import io.evenstock.file.MalformedFileException;
import io.evenstock.file.Reject;
import io.evenstock.file.SnapshotReader;
import jakarta.ejb.Stateless;
import jakarta.ejb.TransactionAttribute;
import jakarta.ejb.TransactionAttributeType;
import jakarta.inject.Inject;
import jakarta.persistence.EntityManager;
import jakarta.persistence.LockModeType;
import jakarta.persistence.PersistenceContext;
import java.io.IOException;
import java.io.InputStream;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
import java.util.List;

/** The runs: prepared, read, applied, their variance recorded. */
@Stateless
public class Snapshots {
    /** At most so many rejects of a run are kept with their reasons; all are counted. */
    public static final int MAX_REJECTS = 10_000;

    @PersistenceContext(unitName = "evenstock")
    EntityManager entities;

    @Inject
    Sql sql;

    @Inject
    Catalog catalog;

    @Inject
    Clock clock;

    /**
     * Begins a nightly run and takes down the lines of its variance file (R2): what was shipped by the as-of and is not,
     * as of then, in Retail Pro's books. An earlier attempt of the same night gives way.
     */
    public long prepare(LocalDate businessDate, Instant asOf, String sourceName, String sourceSha256) {
        entities.createQuery(
                        "select r from SnapshotRun r where r.businessDate = :date and r.state = :prepared",
                        SnapshotRun.class)
                .setParameter("date", businessDate)
                .setParameter("prepared", SnapshotRun.State.PREPARED)
                .getResultList()
                .forEach(SnapshotRun::abandon);
        SnapshotRun run = new SnapshotRun(businessDate, asOf, sourceName, sourceSha256);
        entities.persist(run);
        entities.flush();
        sql.update("""
                insert into variance_line (run_id, shipment_id, item_seq_id, facility_key, product_key, quantity)
                select ?, shipment_id, item_seq_id, facility_key, product_key, sum(quantity)
                from shipped_not_acknowledged
                where shipped_at <= ? and from_at <= ? and ? < until_at
                  and facility_key is not null and product_key is not null
                group by shipment_id, item_seq_id, facility_key, product_key
                """, run.runId(), asOf, asOf, asOf);
        return run.runId();
    }

    /** Remembers what was written for the steps to come. */
    public void wrote(long runId, WrittenFile filtered, WrittenFile variance) {
        locked(runId).wrote(filtered, variance);
    }

    public SnapshotRun run(long runId) {
        SnapshotRun run = entities.find(SnapshotRun.class, runId);
        if (run == null) {
            throw new IllegalStateException("There is no run " + runId);
        }
        return run;
    }

    /** Reads a snapshot file, outside any transaction; the stream is read to its end. */
    @TransactionAttribute(TransactionAttributeType.NOT_SUPPORTED)
    public SnapshotContent read(InputStream in, char delimiter, Layout layout, CsvLimits limits)
            throws IOException, MalformedFileException {
        Intake intake = new Intake(catalog, MAX_REJECTS);
        new SnapshotReader(layout, limits).read(in, delimiter, intake::take, intake::refuse);
        return intake.content();
    }

    /** Keeps the run's rejects in place of those of an earlier attempt. */
    public void keepRejects(long runId, List<Reject> rejects) {
        sql.update("delete from snapshot_reject where run_id = ?", runId);
        if (!rejects.isEmpty()) {
            sql.update(
                    """
                    insert into snapshot_reject (run_id, line, column_name, value, reason)
                    select ?, * from unnest(?::integer[], ?::text[], ?::text[], ?::text[])
                    """,
                    runId,
                    rejects.stream()
                            .map(reject -> Math.toIntExact(reject.line()))
                            .toArray(Integer[]::new),
                    rejects.stream().map(Reject::column).toArray(String[]::new),
                    rejects.stream().map(Reject::value).toArray(String[]::new),
                    rejects.stream().map(Reject::reason).toArray(String[]::new));
        }
    }

    /** The run takes force: in this transaction, for all its pairs at once. Runs are applied one after the other. */
    public void apply(long runId, SnapshotCounts counts) {
        sql.one("select pg_advisory_xact_lock(hashtextextended('apply a run', 0))", row -> true);
        locked(runId).apply(counts, clock.instant().truncatedTo(ChronoUnit.MICROS));
    }

    /** The lines of the run's variance file are deducted, each once (R3), in this transaction. */
    public void recordVariance(long runId) {
        locked(runId).recordVariance();
    }

    /** The lines of the run's variance file, in one order: any node renders the identical file. */
    public List<VarianceLine> varianceLines(long runId, String idType) {
        return sql.list(
                """
                select f.facility_id, coalesce(i.id_type, s.id_type) as id_type, coalesce(i.id_value, s.id_value) as id_value,
                       v.quantity, v.shipment_id, v.item_seq_id
                from variance_line v
                join facility f using (facility_key)
                join shipment_item s on s.shipment_id = v.shipment_id and s.item_seq_id = v.item_seq_id
                left join lateral (select d.id_type, d.id_value from identification d
                                   where d.product_key = v.product_key and d.id_type = ?
                                   order by d.id_value limit 1) i on true
                where v.run_id = ?
                order by v.shipment_id, v.item_seq_id, f.facility_id
                """,
                row -> new VarianceLine(
                        row.getString("facility_id"),
                        row.getString("id_type"),
                        row.getString("id_value"),
                        row.getInt("quantity"),
                        row.getString("shipment_id"),
                        row.getString("item_seq_id")),
                idType,
                runId);
    }

    private SnapshotRun locked(long runId) {
        SnapshotRun run = entities.find(SnapshotRun.class, runId, LockModeType.PESSIMISTIC_WRITE);
        if (run == null) {
            throw new IllegalStateException("There is no run " + runId);
        }
        return run;
    }
}
