package io.evenstock.nightly;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.evenstock.catalog.Catalog;
import io.evenstock.catalog.Facility;
import io.evenstock.catalog.Identification;
import io.evenstock.catalog.Product;
import io.evenstock.container.BuiltWar;
import io.evenstock.database.Sql;
import io.evenstock.file.CsvLimits;
import io.evenstock.file.Layout;
import io.evenstock.http.ProblemException;
import io.evenstock.inventory.Figure;
import io.evenstock.inventory.Figures;
import io.evenstock.inventory.Pair;
import io.evenstock.snapshot.SnapshotContent;
import io.evenstock.snapshot.SnapshotCounts;
import io.evenstock.snapshot.SnapshotLoader;
import io.evenstock.snapshot.SnapshotRun;
import io.evenstock.snapshot.Snapshots;
import io.evenstock.snapshot.WrittenFile;
import jakarta.ejb.EJBException;
import jakarta.inject.Inject;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import org.jboss.arquillian.container.test.api.Deployment;
import org.jboss.arquillian.junit5.ArquillianExtension;
import org.jboss.shrinkwrap.api.spec.WebArchive;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A step's effect and its state stand or fall together. */
@ExtendWith(ArquillianExtension.class)
class ResetAtomicityContainerIT {
    private static final Identification SHIRT = new Identification("UPCA", "012345678905");
    private static final Layout LAYOUT = Layout.retailPro("sbs_no", "store_code", "upc", "qty", "UPCA");

    @Inject
    Catalog catalog;

    @Inject
    Cycles cycles;

    @Inject
    Snapshots snapshots;

    @Inject
    SnapshotLoader loader;

    @Inject
    Figures figures;

    @Inject
    Sql sql;

    @Deployment
    static WebArchive war() {
        return BuiltWar.with(ResetAtomicityContainerIT.class, BuiltWar.class);
    }

    @Test
    void aFailingResetLeavesNothing() throws Exception {
        LocalDate date = LocalDate.of(2026, 3, 1);
        Instant asOf = Instant.parse("2026-03-01T05:55:00Z");
        Pair pair = pair("700-101");
        long run = preparedRun(date, asOf, "700,101," + SHIRT.idValue() + ",7");
        Claim claim = done(date, run);

        EJBException failure = assertThrows(
                EJBException.class,
                () -> cycles.succeed(claim, result(run, () -> {
                    snapshots.apply(run, new SnapshotCounts(1, 1, 0, 0, 0));
                    throw new IllegalStateException("the disk is full");
                })));

        assertTrue(String.valueOf(failure.getCause()).contains("the disk is full"), failure::toString);
        assertEquals(SnapshotRun.State.PREPARED, snapshots.run(run).state());
        assertEquals(StepState.RUNNING, reset(date).state());
        assertEquals(0, figure(pair).quantityOnHand());
        assertEquals(null, figure(pair).snapshot());

        cycles.succeed(claim, result(run, () -> snapshots.apply(run, new SnapshotCounts(1, 1, 0, 0, 0))));

        assertEquals(StepState.DONE, reset(date).state());
        assertEquals(7, figure(pair).quantityOnHand());
    }

    @Test
    void aSecondRunOfADoneStepIsRefused() {
        LocalDate date = LocalDate.of(2026, 3, 2);
        Claim claim = cycles.claim(date, StepName.LIST, "node-a");
        cycles.succeed(claim, result(null, () -> {}));

        ProblemException refused =
                assertThrows(ProblemException.class, () -> cycles.claim(date, StepName.LIST, "node-b"));

        assertEquals(409, refused.problem().status());
        assertEquals("The list of 2026-03-02 is DONE", refused.getMessage());
    }

    @Test
    void aClaimWhoseLeaseRanOutChangesNothing() {
        LocalDate date = LocalDate.of(2026, 3, 3);
        Claim stalled = cycles.claim(date, StepName.LIST, "node-a");
        sql.update("update cycle_step set lease_until = now() - interval '1 s' where business_date = ?", date);
        Claim next = cycles.claim(date, StepName.LIST, "node-b");

        EJBException refused = assertThrows(EJBException.class, () -> cycles.succeed(stalled, result(null, () -> {})));
        cycles.fail(stalled, "too late");

        assertTrue(String.valueOf(refused.getCause()).contains("lost to another node"), refused::toString);
        assertEquals(StepState.RUNNING, cycles.steps(date).get(0).state());
        cycles.succeed(next, result(null, () -> {}));
        assertEquals(StepState.DONE, cycles.steps(date).get(0).state());
    }

    @Test
    void aRunningStepIsClaimedOnce() {
        LocalDate date = LocalDate.of(2026, 3, 4);
        cycles.claim(date, StepName.LIST, "node-a");

        assertThrows(ProblemException.class, () -> cycles.claim(date, StepName.LIST, "node-b"));
        assertTrue(cycles.ask(date, StepName.LIST, "node-b").isEmpty());
    }

    @Test
    void whatIsAskedForTooEarlyWaits() {
        LocalDate date = LocalDate.of(2026, 3, 5);

        assertTrue(cycles.ask(date, StepName.VARIANCE, "node-a").isEmpty());

        CycleStep variance = cycles.steps(date).get(3);
        assertEquals(StepState.WAITING, variance.state());
        assertEquals("its reset is PLANNED", variance.reason());
    }

    private long preparedRun(LocalDate date, Instant asOf, String row) throws Exception {
        byte[] file = ("sbs_no,store_code,upc,qty\n" + row + "\n").getBytes(StandardCharsets.UTF_8);
        long run = snapshots.prepare(date, asOf, "ResetInventory.csv", "sha of " + date);
        snapshots.wrote(run, new WrittenFile("a", "b"), new WrittenFile("c", "d"));
        SnapshotContent content = snapshots.read(new ByteArrayInputStream(file), ',', LAYOUT, CsvLimits.DEFAULT);
        assertEquals(List.of(), content.rejects());
        assertEquals(0, loader.load(run, asOf, content));
        return run;
    }

    /** List and filter done; the reset claimed. */
    private Claim done(LocalDate date, long run) {
        cycles.succeed(cycles.claim(date, StepName.LIST, "node-a"), result(null, () -> {}));
        cycles.succeed(cycles.claim(date, StepName.FILTER, "node-a"), result(run, () -> {}));
        return cycles.claim(date, StepName.RESET, "node-a");
    }

    private Pair pair(String facilityId) {
        catalog.putFacilities(List.of(new Facility(facilityId, facilityId)));
        catalog.putProducts(List.of(new Product("P700", "Shirt", true, 0, null, List.of(SHIRT))));
        return new Pair(
                catalog.facilityKey(facilityId).orElseThrow(),
                catalog.productKey(SHIRT).orElseThrow());
    }

    private Figure figure(Pair pair) {
        return figures.of(List.of(pair)).get(0);
    }

    private CycleStep reset(LocalDate date) {
        return cycles.steps(date).get(2);
    }

    private static StepResult result(@Nullable Long run, Runnable effect) {
        return new StepResult(run, 1, 1, 0, 1, null, List.of(), effect, () -> {});
    }
}
