package io.evenstock.system;

import java.util.List;

/**
 * A point in a step's work at which a node may die or stand still; {@code io.evenstock.nightly.Stop} has it stop there.
 *
 * @param step list, filter, reset, variance, feed or sale
 * @param where in its work
 */
record StopPoint(String step, String where) {
    static final String COMMITTED = "after the commit";

    private static final String SALE_COMMITTED = "after GroupCommit.commit";

    /** The source is open, and what was read of it is not used yet. */
    static final StopPoint READING = filter("before Cycles.report");

    /** Before and after everything that lasts: what is written to a file, to the SFTP server, to the database. */
    private static final List<StopPoint> ALL = List.of(
            list("before ActiveListStep.run"),
            list("before ActiveLists.write"),
            list("after ActiveListStep.run"),
            list("before the commit"),
            list(COMMITTED),
            filter("before FilterStep.run"),
            READING,
            filter("before Cycles.prepare"),
            filter("after Cycles.prepare"),
            filter("before NightsVariance.lines"),
            filter("before Snapshots.keepFile"),
            filter("after FilterStep.run"),
            filter("before the commit"),
            filter(COMMITTED),
            filter("after all"),
            reset("before ResetStep.run"),
            reset("before Snapshots.keepRejects"),
            reset("before SnapshotLoader.load"),
            reset("before Snapshots.oddities"),
            reset("after ResetStep.run"),
            reset("before the commit"),
            reset(COMMITTED),
            reset("after all"),
            variance("before VarianceStep.run"),
            variance("after VarianceStep.run"),
            variance("before the commit"),
            variance(COMMITTED),
            variance("after all"),
            feed("before FeedReset.take"),
            feed("before FeedRuns.prepare"),
            feed("after FeedRuns.prepare"),
            feed("before Snapshots.keepRejects"),
            feed("before SnapshotLoader.load"),
            feed("before Snapshots.oddities"),
            feed("before FeedLeases.apply"),
            feed("after FeedLeases.apply"),
            feed("after FeedReset.take"),
            sale("before GroupCommit.commit"),
            sale("before Booking.book"),
            sale("after Booking.book"),
            sale(SALE_COMMITTED));

    static List<StopPoint> of(String step) {
        return ALL.stream().filter(point -> point.step.equals(step)).toList();
    }

    /** Whether the step has taken effect there, so that nobody need take it up. */
    boolean isDone() {
        return List.of(COMMITTED, "after all", SALE_COMMITTED).contains(where);
    }

    private static StopPoint list(String where) {
        return new StopPoint("list", where);
    }

    private static StopPoint filter(String where) {
        return new StopPoint("filter", where);
    }

    private static StopPoint reset(String where) {
        return new StopPoint("reset", where);
    }

    private static StopPoint variance(String where) {
        return new StopPoint("variance", where);
    }

    private static StopPoint sale(String where) {
        return new StopPoint("sale", where);
    }

    private static StopPoint feed(String where) {
        return new StopPoint("feed", where);
    }

    @Override
    public String toString() {
        return step + " " + where;
    }
}
