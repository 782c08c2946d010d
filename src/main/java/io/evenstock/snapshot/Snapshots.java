package io.evenstock.snapshot;

import io.evenstock.catalog.Catalog;
import io.evenstock.database.Sql;
import io.evenstock.file.CsvLimits;
import io.evenstock.file.Layout;
import io.evenstock.file.MalformedFileException;
import io.evenstock.file.Reject;
import io.evenstock.file.SnapshotReader;
import io.evenstock.settings.Settings;
import jakarta.ejb.Stateless;
import jakarta.ejb.TransactionAttribute;
import jakarta.ejb.TransactionAttributeType;
import jakarta.enterprise.event.Event;
import jakarta.inject.Inject;
import jakarta.persistence.EntityManager;
import jakarta.persistence.LockModeType;
import jakarta.persistence.PersistenceContext;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;

/** The runs: prepared, read, applied, their variance recorded. */
@Stateless
public class Snapshots {
    /** At most so many rejects of a run are kept with their reasons; all are counted. */
    public static final int MAX_REJECTS = 10_000;

    private static final int RUNS_COMPARED = 7;

    @PersistenceContext(unitName = "evenstock")
    EntityManager entities;

    @Inject
    Sql sql;

    @Inject
    Catalog catalog;

    @Inject
    Settings settings;

    @Inject
    Clock clock;

    @Inject
    Event<RunDecided> decisions;

    @Inject
    Event<RunUndone> reversals;

    @Inject
    Event<VarianceDropped> variances;

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

    /** Notes the size of the run's file and how long the work on it took. */
    public void took(long runId, long bytes, Duration duration) {
        sql.update(
                "update snapshot_run set bytes = ?, seconds = ? where run_id = ?",
                bytes,
                duration.toMillis() / 1_000.0,
                runId);
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
        Intake intake =
                new Intake(catalog, MAX_REJECTS, new Pace(settings.reset().linesPerSecond()));
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
        oneAfterTheOther();
        locked(runId).apply(counts, now());
        settleVariances();
    }

    /** What is odd about a run whose lines are loaded (R12); empty: nothing, or an operator has approved it. */
    public List<String> oddities(long runId, SnapshotContent content) {
        SnapshotRun run = run(runId);
        Shape shape = content.shape(run.asOf());
        keepShape(runId, shape);
        if (run.approved()) {
            return List.of();
        }
        List<Shape> last = lastShapes(run.kind());
        return new Plausibility(settings).oddities(shape, last, run.businessDate() != null, clock.instant());
    }

    /** The run waits for an operator; the counts are null as long as nothing is known of its rows. */
    public void hold(long runId, String reason, @Nullable SnapshotCounts counts) {
        locked(runId).hold(reason, counts);
    }

    /** Whether an operator's decision is asked for: the run is held, or the variance of the applied run. */
    public boolean awaitsDecision(SnapshotRun run) {
        return run.state() == SnapshotRun.State.HELD
                || sql.first("select 1 from cycle_step where run_id = ? and state = 'HELD'", row -> true, run.runId())
                        .isPresent();
    }

    /** An operator's decision on a held run, or on one whose variance is held. */
    public SnapshotRun decide(long runId, boolean approve, String reason) {
        SnapshotRun run = locked(runId);
        if (approve) {
            run.approve(reason);
        } else {
            run.refuse(reason);
        }
        decisions.fire(new RunDecided(run, approve, reason));
        return run;
    }

    /** Takes an applied run back (R13). */
    public SnapshotRun undo(long runId, String reason) {
        oneAfterTheOther();
        SnapshotRun run = locked(runId);
        run.undo(reason, now());
        settleVariances();
        reversals.fire(new RunUndone(run, reason));
        return run;
    }

    /** Whether too many newer runs are applied to take this one back (R13). */
    public boolean tooDeep(SnapshotRun run) {
        return run.isFinal()
                || sql.one("""
                        select count(*) = ? from (select from snapshot_run where state = 'APPLIED' and as_of > ? limit ?) n
                        """, row -> row.getBoolean(1), settings.undoDepth(), run.asOf(), settings.undoDepth());
    }

    /** The run, if there is one. */
    public Optional<SnapshotRun> find(long runId) {
        return Optional.ofNullable(entities.find(SnapshotRun.class, runId));
    }

    /** The newest runs, those before {@code before}. */
    public List<SnapshotRun> newest(long before, int limit) {
        return entities.createQuery(
                        "select r from SnapshotRun r where r.runId < :before order by r.runId desc", SnapshotRun.class)
                .setParameter("before", before)
                .setMaxResults(limit)
                .getResultList();
    }

    /** The run's rejects with their reasons, in the order of lines. */
    public List<Reject> rejects(long runId, int limit) {
        return sql.list(
                "select line, column_name, value, reason from snapshot_reject where run_id = ? order by line limit ?",
                row -> new Reject(row.getLong(1), row.getString(2), row.getString(3), row.getString(4)),
                runId,
                limit);
    }

    /** Keeps the filtered file as it was written. */
    public void keepFile(long runId, byte[] gzip) {
        sql.update("insert into snapshot_file (run_id, gzip) values (?, ?)", runId, gzip);
    }

    /** The filtered file as it was written. */
    public InputStream recordedFile(long runId) throws IOException {
        byte[] gzip = sql.one("select gzip from snapshot_file where run_id = ?", row -> row.getBytes(1), runId);
        return new GZIPInputStream(new ByteArrayInputStream(gzip));
    }

    /** The lines of the run's variance file are deducted, each once (R3), in this transaction. */
    public void recordVariance(long runId) {
        locked(runId).recordVariance(now());
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

    private void oneAfterTheOther() {
        sql.one("select pg_advisory_xact_lock(hashtextextended('apply a run', 0))", row -> true);
    }

    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MICROS);
    }

    /** A night's variance is dropped when newer runs leave it no line, and pending again when undoing gives one back. */
    private void settleVariances() {
        entities.flush();
        settle("PENDING", "DROPPED", "not exists");
        settle("DROPPED", "PENDING", "exists");
    }

    private void settle(String from, String to, String whether) {
        sql.list(
                        """
                        update snapshot_run r set variance = ?, variance_at = ?
                        where r.state = 'APPLIED' and r.variance = ?
                          and exists (select from variance_line v
                                      join snapshot_line l on l.run_id = v.run_id and l.facility_key = v.facility_key
                                           and l.product_key = v.product_key
                                      where v.run_id = r.run_id)
                          and %s (select from variance_line v, lateral pair_base(v.facility_key, v.product_key) b
                                  where v.run_id = r.run_id and b.run_id = r.run_id)
                        returning business_date
                        """.formatted(whether),
                        row -> row.getObject(1, LocalDate.class),
                        to,
                        to.equals("DROPPED") ? now() : null,
                        from)
                .forEach(date -> variances.fire(new VarianceDropped(date, to.equals("DROPPED"))));
    }

    private void keepShape(long runId, Shape shape) {
        sql.update(
                "update snapshot_run set units = ?, zeros = ?, lines = ?, facilities = ? where run_id = ?",
                shape.units(),
                shape.zeros(),
                shape.lines(),
                shape.facilities().toArray(Integer[]::new),
                runId);
    }

    private List<Shape> lastShapes(String kind) {
        return sql.list(
                """
                select as_of, lines, units, zeros, facilities from snapshot_run
                where state = 'APPLIED' and kind = ? and units is not null order by as_of desc limit ?
                """,
                row -> new Shape(
                        Sql.instant(row, "as_of"),
                        row.getLong("lines"),
                        row.getLong("units"),
                        row.getLong("zeros"),
                        Set.of((Integer[]) row.getArray("facilities").getArray())),
                kind,
                RUNS_COMPARED);
    }

    private SnapshotRun locked(long runId) {
        SnapshotRun run = entities.find(SnapshotRun.class, runId, LockModeType.PESSIMISTIC_WRITE);
        if (run == null) {
            throw new IllegalStateException("There is no run " + runId);
        }
        return run;
    }
}
