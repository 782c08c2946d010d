package io.evenstock.alert;

import io.evenstock.downstream.DownstreamStatus;
import io.evenstock.downstream.Webhook;
import io.evenstock.downstream.Webhooks;
import io.evenstock.feed.FeedLeases;
import io.evenstock.feed.FeedTrouble;
import io.evenstock.fulfilment.Fulfilment;
import io.evenstock.inventory.Drift;
import io.evenstock.movement.Movements;
import io.evenstock.movement.SalesRate;
import io.evenstock.movement.SalesRates;
import io.evenstock.movement.TillReport;
import io.evenstock.movement.Tills;
import io.evenstock.nightly.CycleStep;
import io.evenstock.nightly.Nights;
import io.evenstock.nightly.StepName;
import io.evenstock.nightly.StepState;
import io.evenstock.observation.Phrases;
import io.evenstock.selfaudit.Light;
import io.evenstock.selfaudit.Offence;
import io.evenstock.selfaudit.Verdict;
import io.evenstock.selfaudit.Verdicts;
import io.evenstock.settings.Settings;
import io.evenstock.snapshot.FeedRuns;
import io.evenstock.snapshot.Runs;
import io.evenstock.snapshot.SnapshotRun;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** What somebody must see to, the most pressing first. Silence is told like a failure. */
@ApplicationScoped
public class Concerns {
    private static final int SHOWN = 5;
    private static final int MOST = 100;
    private static final Duration TILLS_LATELY = Duration.ofDays(7);
    private static final Duration DRIFT_SHOWN = Duration.ofDays(1);
    private static final double LAG_SECONDS = 60;
    private static final double MILLIS = 1_000;

    @Inject
    Nights nights;

    @Inject
    Runs runs;

    @Inject
    FeedRuns feeds;

    @Inject
    FeedLeases feedLeases;

    @Inject
    Movements movements;

    @Inject
    Fulfilment fulfilment;

    @Inject
    Tills tills;

    @Inject
    SalesRates sales;

    @Inject
    Webhooks webhooks;

    @Inject
    DownstreamStatus downstream;

    @Inject
    Drift drift;

    @Inject
    Verdicts verdicts;

    @Inject
    Settings settings;

    @Inject
    Phrases phrases;

    @Inject
    Clock clock;

    /** As a page shows them that is about one night: those of others only where an operator is needed; a few of a kind. */
    public List<Concern> of(Nights.Night night) {
        List<Concern> all = new ArrayList<>();
        held(all, SHOWN);
        of(all, night);
        for (CycleStep step : nights.leftBehind(night.businessDate(), SHOWN)) {
            all.add(failure(step, nights.night(step.businessDate()).due(step.step())));
        }
        others(all, SHOWN);
        return all;
    }

    /** All of them now, of whatever night; each once. */
    public List<Concern> now() {
        List<Concern> all = new ArrayList<>();
        held(all, MOST);
        LocalDate current = nights.current();
        Collection<LocalDate> dates = new TreeSet<>(nights.unfinished(current, MOST));
        dates.add(current);
        dates.add(current.minusDays(1));
        dates.forEach(date -> of(all, nights.night(date)));
        others(all, MOST);
        Map<String, Concern> once = new LinkedHashMap<>();
        all.forEach(concern -> once.putIfAbsent(concern.cause() + " " + concern.subject(), concern));
        return List.copyOf(once.values());
    }

    private void of(List<Concern> all, Nights.Night night) {
        int before = all.size();
        failed(all, night);
        uploading(all, night);
        notAsked(all, night);
        if (all.size() == before) {
            stepLate(night).ifPresent(all::add);
        }
    }

    private void others(List<Concern> all, int most) {
        feedUnreachable(all);
        variancesToRun(all, most);
        feedSilent(all);
        consumers(all);
        drifts(all, most);
        selfAudit(all);
        quarantine(all);
        silentTills(all, most);
        silentStores(all, most);
    }

    private void held(List<Concern> all, int most) {
        for (SnapshotRun run : runs.held(most)) {
            all.add(Concern.warn(
                            Cause.RUN_HELD,
                            "run " + run.runId(),
                            true,
                            "Run " + run.runId() + " is held for approval",
                            String.valueOf(run.reason()))
                    .at("/console/run?id=" + run.runId(), "Preview and decide"));
        }
    }

    private void failed(List<Concern> all, Nights.Night night) {
        for (CycleStep step : night.steps()) {
            if (step.state() == StepState.FAILED) {
                all.add(failure(step, night.due(step.step())));
            } else if (step.state() == StepState.HELD && step.step() == StepName.VARIANCE) {
                all.add(Concern.warn(
                                Cause.VARIANCE_HELD,
                                subject(step),
                                true,
                                "The variance" + of(step.businessDate()) + " is held for approval",
                                String.valueOf(step.reason()))
                        .at("/console/run?id=" + step.runId(), "See and decide"));
            }
        }
    }

    /** It is urgent when nobody tries it again, and where it is the file that lacks, when that is late. */
    private Concern failure(CycleStep step, Instant due) {
        Instant retryAt = step.retryAt();
        if (step.lacksFile()) {
            return fileLate(step, due, retryAt);
        }
        String title = "The " + step.step().text() + of(step.businessDate()) + " failed";
        String text = ending(String.valueOf(step.reason())) + then(retryAt);
        Concern concern = retryAt == null
                ? Concern.bad(Cause.STEP_FAILED, subject(step), true, title, text)
                : Concern.warn(Cause.STEP_FAILED, subject(step), false, title, text);
        return concern.at(page(step.businessDate()), "See that night");
    }

    private String then(@Nullable Instant retryAt) {
        return retryAt == null ? " Nobody tries it again by itself." : " Tried again at " + phrases.time(retryAt) + ".";
    }

    private Concern fileLate(CycleStep filter, Instant due, @Nullable Instant retryAt) {
        boolean givenUp = filter.state() == StepState.FAILED && retryAt == null;
        boolean late = due.plus(settings.alerts().fileLate()).isBefore(clock.instant());
        String then = filter.state() == StepState.FAILED ? then(retryAt) : "";
        return Concern.bad(
                        Cause.FILE_LATE,
                        "file " + filter.businessDate(),
                        givenUp || late,
                        "Retail Pro's file" + of(filter.businessDate()) + " has not arrived",
                        "It was due at " + phrases.clock(due) + ". " + ending(String.valueOf(filter.reason())) + then)
                .at(page(filter.businessDate()), "See that night");
    }

    private static String subject(CycleStep step) {
        return step.step().text() + " " + step.businessDate();
    }

    private static String page(LocalDate date) {
        return "/console/tonight?date=" + date;
    }

    private String of(LocalDate date) {
        return date.equals(nights.current()) ? "" : " of " + date;
    }

    private static String ending(String sentence) {
        return sentence.endsWith(".") ? sentence : sentence + ".";
    }

    /** The night's file is still being uploaded, or was replaced. */
    private void uploading(List<Concern> all, Nights.Night night) {
        CycleStep filter = night.step(StepName.FILTER);
        Instant due = night.due(StepName.FILTER);
        if (filter.state() == StepState.WAITING && filter.lacksFile() && due.isBefore(night.now())) {
            all.add(fileLate(filter, due, null));
        }
    }

    private void notAsked(List<Concern> all, Nights.Night night) {
        List<StepName> silent = nights.silent(night);
        if (!silent.isEmpty()) {
            String title = silent.size() == StepName.values().length
                    ? night.businessDate().equals(nights.current()) ? "No cycle tonight" : "No cycle"
                    : "Nobody asked for the next step";
            all.add(Concern.bad(
                            Cause.NOT_ASKED,
                            "night " + night.businessDate(),
                            true,
                            title + of(night.businessDate()),
                            "Due, but never asked for: "
                                    + String.join(
                                            ", ",
                                            silent.stream().map(StepName::text).toList())
                                    + ". Was no node up, or is a timer suspended?")
                    .at("/console/timers", "See the timers"));
        }
    }

    /** Whoever has just done the reset anew is about to run it, and is not called. */
    private void variancesToRun(List<Concern> all, int most) {
        for (Nights.Night night : nights.variancesToRun(most)) {
            CycleStep variance = night.step(StepName.VARIANCE);
            Instant reset = night.step(StepName.RESET).finishedAt();
            boolean urgent =
                    reset == null || reset.plus(settings.alerts().stepLate()).isBefore(night.now());
            all.add(Concern.bad(
                            Cause.NOT_ASKED,
                            subject(variance),
                            urgent,
                            "The variance" + of(night.businessDate()) + " is to be run",
                            "No timer asks for it again: " + ending(String.valueOf(variance.reason()))
                                    + " Until it is run its lines are not deducted from the quantity on hand.")
                    .at(page(night.businessDate()), "See that night"));
        }
    }

    /** The first step that is not done, however quietly it waits. */
    private Optional<Concern> stepLate(Nights.Night night) {
        Duration late = settings.alerts().stepLate();
        return night.steps().stream()
                .filter(step -> step.state() != StepState.DONE && step.state() != StepState.DROPPED)
                .findFirst()
                .filter(step -> step.state() == StepState.WAITING || step.state() == StepState.RUNNING)
                .filter(step -> night.due(step.step()).plus(late).isBefore(night.now()))
                .map(step -> Concern.bad(
                                Cause.STEP_LATE,
                                subject(step),
                                true,
                                "The " + step.step().text() + of(step.businessDate()) + " is late",
                                "Due at " + phrases.clock(night.due(step.step())) + ", it is "
                                        + (step.state() == StepState.RUNNING
                                                ? "still running."
                                                : "waiting: " + ending(String.valueOf(step.reason()))))
                        .at(page(step.businessDate()), "See that night"));
    }

    /** One look that fails is seen, but calls nobody: a line may break. */
    private void feedUnreachable(List<Concern> all) {
        Settings.Feed feed = settings.feed();
        if (feed.enabled()) {
            feedLeases.trouble(feed.folder()).ifPresent(trouble -> all.add(unreachable(trouble)));
        }
    }

    private Concern unreachable(FeedTrouble trouble) {
        boolean urgent = trouble.since().plus(settings.alerts().behind()).isBefore(clock.instant());
        return Concern.bad(
                Cause.FEED_UNREACHABLE,
                "feed folder",
                urgent,
                "The ERP's feed cannot be taken",
                "Since " + phrases.moment(trouble.since()) + ": " + ending(trouble.reason())
                        + " It is tried again by itself.");
    }

    private void feedSilent(List<Concern> all) {
        Duration silence = settings.alerts().feedSilent();
        if (!silence.isZero()) {
            feeds.lastApplied()
                    .filter(last -> last.plus(silence).isBefore(clock.instant()))
                    .ifPresent(last -> all.add(Concern.bad(
                                    Cause.FEED_SILENT,
                                    "feed",
                                    true,
                                    "The ERP's feed is silent",
                                    "Its last file was applied at " + phrases.moment(last) + ".")
                            .at("/console/runs?kind=FEED", "See its runs")));
        }
    }

    private void consumers(List<Concern> all) {
        for (Webhook webhook : webhooks.all()) {
            if (webhook.state() == Webhook.State.DISABLED || webhook.failures() > 0) {
                all.add(consumer(webhook).at("/console/downstream?id=" + webhook.id(), "See its deliveries"));
            }
        }
        DownstreamStatus.Waiting waiting = downstream.waiting();
        if (waiting.lagSeconds() > LAG_SECONDS) {
            all.add(Concern.bad(
                            Cause.NOT_PUBLISHED,
                            "publisher",
                            waiting.lagSeconds() * MILLIS
                                    > settings.alerts().behind().toMillis(),
                            "Nothing is being published",
                            phrases.number((long) waiting.markedPairs()) + " changed pairs wait since "
                                    + phrases.seconds(waiting.lagSeconds()) + ".")
                    .at("/console/downstream", "See who waits"));
        }
    }

    private Concern consumer(Webhook webhook) {
        String subject = "webhook " + webhook.id();
        String title = "A consumer is behind: " + webhook.url();
        String backlog = phrases.number(webhook.backlog()) + " pairs wait; ";
        if (webhook.state() == Webhook.State.DISABLED) {
            return Concern.bad(
                    Cause.CONSUMER_DISABLED,
                    subject,
                    true,
                    title,
                    backlog + "it is disabled: " + webhook.reason() + ".");
        }
        Instant since = webhook.failingSince();
        boolean urgent = since != null && since.plus(settings.alerts().behind()).isBefore(clock.instant());
        return Concern.warn(
                Cause.CONSUMER_FAILING,
                subject,
                urgent,
                title,
                backlog + webhook.failures() + " attempts failed in a row.");
    }

    /** For a day after the night was compared: nothing mends it but the next night, and who must know has been told. */
    private void drifts(List<Concern> all, int most) {
        Settings.Alerts bounds = settings.alerts();
        for (Drift.Night night : drift.beyond(bounds.driftPercent(), bounds.driftUnits(), DRIFT_SHOWN, most)) {
            Drift.Sums sums = night.sums();
            all.add(Concern.warn(
                            Cause.DRIFT,
                            "drift " + night.businessDate(),
                            true,
                            "Retail Pro's file" + of(night.businessDate()) + " is far from our figures",
                            phrases.number(sums.more()) + " units more and " + phrases.number(sums.less())
                                    + " less than our facts made us expect, in " + phrases.number(sums.differing())
                                    + " of " + phrases.number(sums.pairs()) + " pairs.")
                    .at("/console/drift?date=" + night.businessDate(), "See where"));
        }
    }

    /** Grey is none where the audit is off, and before its first pass has ended. */
    private void selfAudit(List<Concern> all) {
        Verdict verdict = verdicts.now();
        if (verdict.light() == Light.RED) {
            Concern red = Concern.bad(
                    Cause.SELF_AUDIT_RED,
                    "self-audit",
                    true,
                    verdict.offences() == 1
                            ? "A figure is not the sum of its facts"
                            : phrases.number(verdict.offences()) + " figures are not the sum of their facts",
                    verdict.first().map(Concerns::told).orElse(""));
            all.add(verdict.first()
                    .map(first -> red.at(address(first), "See the pair"))
                    .orElse(red));
        } else if (verdict.light() == Light.GREY && verdict.lastPass().isPresent() && settings.selfAuditPairs() > 0) {
            all.add(Concern.warn(
                    Cause.SELF_AUDIT_GREY,
                    "self-audit",
                    true,
                    "The self-audit stands still",
                    "It last looked at a pair at "
                            + phrases.moment(verdict.checkedAt().orElse(null)) + "."));
        }
    }

    private static String address(Offence first) {
        return "/console/product?id=" + URLEncoder.encode(first.productId(), StandardCharsets.UTF_8) + "&facility="
                + URLEncoder.encode(first.facilityId(), StandardCharsets.UTF_8);
    }

    private static String told(Offence first) {
        return "The first: facility " + first.facilityId() + ", product " + first.productId() + ", on hand "
                + first.figure().quantityOnHand() + ", its facts add up to "
                + first.facts().quantityOnHand() + ".";
    }

    private void quarantine(List<Concern> all) {
        long sales = movements.inQuarantine();
        long shipped = fulfilment.inQuarantine();
        if (sales + shipped > 0) {
            all.add(Concern.warn(
                            Cause.QUARANTINE,
                            "quarantine",
                            false,
                            "Quarantine is not empty",
                            "Name a product or facility that is not known: movements " + phrases.number(sales)
                                    + ", shipment items " + phrases.number(shipped) + ".")
                    .at("/console/quarantine", "See which"));
        }
    }

    private void silentTills(List<Concern> all, int most) {
        List<TillReport.Silent> silent = tills.silent(settings.console().silentTill(), TILLS_LATELY, most);
        for (TillReport.Silent till : silent) {
            String name = till.position().tillId() + " of " + till.position().facilityId();
            all.add(Concern.warn(
                    Cause.TILL_SILENT,
                    "till " + name,
                    false,
                    "Till " + name + " is silent",
                    "It last told a sale at " + phrases.moment(till.toldAt()) + "."));
        }
    }

    private void silentStores(List<Concern> all, int most) {
        for (SalesRate rate : sales.now(most)) {
            if (rate.state() == SalesRate.State.SILENT) {
                all.add(Concern.warn(
                                Cause.STORE_SILENT,
                                "store " + rate.facilityId(),
                                false,
                                "Store " + rate.facilityId() + " is silent",
                                "No sale has come for an hour; usually about " + Math.round(rate.usual())
                                        + " come in this hour.")
                        .at("/console/drift", "See all stores"));
            }
        }
    }
}
