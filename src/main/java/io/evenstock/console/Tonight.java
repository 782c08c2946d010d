package io.evenstock.console;

import io.evenstock.alert.Concern;
import io.evenstock.alert.Concerns;
import io.evenstock.inventory.RunChanges;
import io.evenstock.nightly.CycleFile;
import io.evenstock.nightly.CycleStep;
import io.evenstock.nightly.Nights;
import io.evenstock.nightly.Progress;
import io.evenstock.nightly.StepName;
import io.evenstock.nightly.StepState;
import io.evenstock.selfaudit.Verdict;
import io.evenstock.selfaudit.Verdicts;
import io.evenstock.snapshot.SnapshotCounts;
import io.evenstock.snapshot.SnapshotRun;
import io.evenstock.snapshot.Snapshots;
import jakarta.annotation.PostConstruct;
import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import jakarta.inject.Named;
import java.time.Instant;
import java.time.LocalDate;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The page to begin with: did the night work, what changed, what needs somebody. {@code ?date=} looks at another night. */
@Named
@RequestScoped
public class Tonight {
    private static final int NIGHTS_SHOWN = 30;
    private static final int BAR_HEIGHT = 56;
    private static final int LEAST_BAR = 4;
    private static final int BAR_STEP = 12;
    private static final int BAR_WIDTH = 9;
    private static final int PERCENT = 100;
    private static final DateTimeFormatter DAY = DateTimeFormatter.ofPattern("EEEE, d MMMM yyyy", Locale.ENGLISH);

    @Inject
    Nights nights;

    @Inject
    Concerns concerns;

    @Inject
    Snapshots snapshots;

    @Inject
    RunChanges changes;

    @Inject
    Verdicts verdicts;

    @Inject
    Words words;

    @Inject
    Asked asked;

    private String pulse = "";
    private Nights.Night night;
    private boolean current;
    private @Nullable List<Concern> needed;
    private @Nullable Verdict audited;

    /** A step as the timeline has it. */
    public record StepLine(StepName name, String title, StepState state, CycleStep step, Instant due, boolean past) {
        public @Nullable Progress progress() {
            return step.progress().orElse(null);
        }

        public int percent() {
            return step.progress()
                    .map(progress -> (int) Math.floor(progress.share() * PERCENT))
                    .orElse(0);
        }

        public @Nullable Instant expectedEnd() {
            return step.progress().flatMap(Progress::expectedEnd).orElse(null);
        }

        public @Nullable Double seconds() {
            return step.duration()
                    .map(duration -> duration.toMillis() / 1_000.0)
                    .orElse(null);
        }
    }

    /** A file of the night, and the step that read or wrote it. */
    public record FileLine(String step, CycleFile file) {}

    /** Rows of a step that add up: {@code read = kept + dropped + refused}. */
    public record Count(
            String what, long read, String keptWord, long kept, String droppedWord, long dropped, long refused) {}

    /** A night as a bar. */
    public record Bar(Nights.Summary night, int x, int y, int height, String words) {}

    @PostConstruct
    void look() {
        // First: what changes while the rest is read is brought by the next look.
        pulse = nights.pulse();
        LocalDate now = nights.current();
        LocalDate date = asked.date("date").flatMap(nights::known).orElse(now);
        night = nights.night(date);
        current = date.equals(now);
    }

    /** As this page shows the nights. */
    public String getPulse() {
        return pulse;
    }

    public String getDay() {
        return DAY.format(night.businessDate());
    }

    public LocalDate getDate() {
        return night.businessDate();
    }

    public boolean isCurrent() {
        return current;
    }

    public LocalDate getBefore() {
        return night.businessDate().minusDays(1);
    }

    /** Null: this is the newest. */
    public @Nullable LocalDate getAfter() {
        return current ? null : night.businessDate().plusDays(1);
    }

    public Instant getNow() {
        return night.now();
    }

    /** In one word how the night stands. */
    public String getVerdict() {
        if (night.done()) {
            return "DONE";
        }
        for (StepState state :
                List.of(StepState.FAILED, StepState.HELD, StepState.RUNNING, StepState.WAITING, StepState.DONE)) {
            if (night.steps().stream().anyMatch(step -> step.state() == state)) {
                return state == StepState.DONE ? StepState.WAITING.name() : state.name();
            }
        }
        return StepState.PLANNED.name();
    }

    public List<Concern> getNeeded() {
        if (needed == null) {
            needed = concerns.of(night);
        }
        return needed;
    }

    /** The self-audit in a sentence; when it is red, what is wrong stands in what needs somebody. */
    public String getSelfAudit() {
        Verdict verdict = verdict();
        String last = verdict.lastPass()
                .map(pass -> "The last pass ended " + words.moment(pass.endedAt()) + " and added up "
                        + words.number(pass.pairs()) + " pairs.")
                .orElse("No pass has ended yet.");
        return switch (verdict.light()) {
            case GREEN -> "Every figure is the sum of its facts. " + last;
            case RED -> "Not every figure is the sum of its facts. " + last;
            case GREY -> "Nobody knows whether every figure is the sum of its facts. " + last;
        };
    }

    private Verdict verdict() {
        if (audited == null) {
            audited = verdicts.now();
        }
        return audited;
    }

    /** {@code ok}, {@code bad}, or {@code off} if nobody knows. */
    public String getSelfAuditTone() {
        return switch (verdict().light()) {
            case GREEN -> "ok";
            case RED -> "bad";
            case GREY -> "off";
        };
    }

    public List<StepLine> getSteps() {
        List<StepLine> lines = new ArrayList<>();
        for (CycleStep step : night.steps()) {
            Instant due = night.due(step.step());
            lines.add(
                    new StepLine(step.step(), title(step.step()), step.state(), step, due, due.isBefore(night.now())));
        }
        return lines;
    }

    private static String title(StepName step) {
        return switch (step) {
            case LIST -> "List";
            case FILTER -> "Filter";
            case RESET -> "Reset";
            case VARIANCE -> "Variance";
        };
    }

    /** The run of this night; null: it has none yet. */
    public @Nullable SnapshotRun getRun() {
        Long runId = night.step(StepName.FILTER).runId();
        return runId == null ? null : snapshots.run(runId);
    }

    public RunChanges.@Nullable RunChange getChange() {
        SnapshotRun run = getRun();
        if (run == null || run.state() != SnapshotRun.State.APPLIED) {
            return null;
        }
        return changes.of(run.runId(), run.counts().lines()).orElse(null);
    }

    /** Why there is no comparison. */
    public String getNoChange() {
        SnapshotRun run = getRun();
        if (run == null) {
            return "No file has been read yet.";
        }
        boolean applied = run.state() == SnapshotRun.State.APPLIED;
        return applied && RunChanges.tooMany(run.counts().lines())
                ? "Applied; too many lines to compare here."
                : "No figure has changed yet.";
    }

    /** Each row is somewhere: in these lines nothing gets lost. */
    public List<Count> getCounts() {
        List<Count> counts = new ArrayList<>();
        CycleStep filter = night.step(StepName.FILTER);
        Long rows = filter.rows();
        Long kept = filter.kept();
        Long refused = filter.rejects();
        if (rows != null && kept != null && refused != null) {
            counts.add(
                    new Count("Filter", rows, "of active products", kept, "of others", rows - kept - refused, refused));
        }
        SnapshotRun run = getRun();
        if (run != null && run.counts().rows() > 0) {
            SnapshotCounts of = run.counts();
            counts.add(new Count(
                    "Reset",
                    of.rows(),
                    "pairs covered",
                    of.lines(),
                    "repeats and stale",
                    of.repeats() + of.stale(),
                    of.rejects()));
        }
        return counts;
    }

    public List<FileLine> getFiles() {
        List<FileLine> files = new ArrayList<>();
        for (CycleStep step : night.steps()) {
            step.files().forEach(file -> files.add(new FileLine(step.step().text(), file)));
        }
        return files;
    }

    /** The last nights, the oldest first, as high as their filter read rows. */
    public List<Bar> getBars() {
        List<Nights.Summary> last = new ArrayList<>(nights.last(nights.current(), NIGHTS_SHOWN));
        Collections.reverse(last);
        long most = last.stream()
                .mapToLong(each -> each.rows() == null ? 0 : each.rows())
                .max()
                .orElse(0);
        List<Bar> bars = new ArrayList<>();
        for (int i = 0; i < last.size(); i++) {
            bars.add(bar(last.get(i), i + NIGHTS_SHOWN - last.size(), most));
        }
        return bars;
    }

    private Bar bar(Nights.Summary summary, int place, long most) {
        long rows = summary.rows() == null ? 0 : summary.rows();
        int height = most == 0 ? LEAST_BAR : (int) Math.max(LEAST_BAR, rows * BAR_HEIGHT / most);
        String told = "%s: %s, %s rows read, %s kept"
                .formatted(
                        summary.businessDate(),
                        words.lower(summary.state()),
                        words.number(summary.rows()),
                        words.number(summary.kept()));
        return new Bar(summary, place * BAR_STEP, BAR_HEIGHT - height, height, told);
    }

    public int getBarWidth() {
        return BAR_WIDTH;
    }
}
