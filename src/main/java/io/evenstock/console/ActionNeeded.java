package io.evenstock.console;

import io.evenstock.downstream.DownstreamStatus;
import io.evenstock.downstream.Webhook;
import io.evenstock.downstream.Webhooks;
import io.evenstock.fulfilment.Fulfilment;
import io.evenstock.movement.Movements;
import io.evenstock.movement.TillReport;
import io.evenstock.movement.Tills;
import io.evenstock.nightly.CycleStep;
import io.evenstock.nightly.Nights;
import io.evenstock.nightly.StepName;
import io.evenstock.nightly.StepState;
import io.evenstock.settings.Settings;
import io.evenstock.snapshot.Runs;
import io.evenstock.snapshot.SnapshotRun;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What somebody must see to, the most pressing first. Silence is told like a failure. */
@ApplicationScoped
public class ActionNeeded {
    private static final int SHOWN = 5;
    private static final Duration TILLS_LATELY = Duration.ofDays(7);
    private static final double LAG_SECONDS = 60;

    @Inject
    Nights nights;

    @Inject
    Runs runs;

    @Inject
    Movements movements;

    @Inject
    Fulfilment fulfilment;

    @Inject
    Tills tills;

    @Inject
    Webhooks webhooks;

    @Inject
    DownstreamStatus downstream;

    @Inject
    Settings settings;

    @Inject
    Words words;

    /**
     * Something to see to.
     *
     * @param level {@code bad} or {@code warn}
     * @param link where to go; null: nothing can be done here
     */
    public record Item(
            String level,
            String title,
            String text,
            @Nullable String link,
            @Nullable String linkText) {}

    List<Item> of(Nights.Night night) {
        List<Item> items = new ArrayList<>();
        held(items);
        failed(items, night);
        waiting(items, night);
        silent(items, night);
        consumers(items);
        quarantine(items);
        silentTills(items);
        return items;
    }

    private void held(List<Item> items) {
        for (SnapshotRun run : runs.held(SHOWN)) {
            items.add(new Item(
                    "warn",
                    "Run " + run.runId() + " is held for approval",
                    String.valueOf(run.reason()),
                    "/console/run?id=" + run.runId(),
                    "Preview and decide"));
        }
    }

    private void failed(List<Item> items, Nights.Night night) {
        for (CycleStep step : night.steps()) {
            if (step.state() == StepState.FAILED) {
                items.add(failure(step, ""));
            } else if (step.state() == StepState.HELD && step.step() == StepName.VARIANCE) {
                items.add(new Item(
                        "warn",
                        "The variance is held for approval",
                        String.valueOf(step.reason()),
                        "/console/run?id=" + step.runId(),
                        "See and decide"));
            }
        }
        for (CycleStep step : nights.leftBehind(night.businessDate(), SHOWN)) {
            items.add(failure(step, " of " + step.businessDate()));
        }
    }

    private Item failure(CycleStep step, String of) {
        Instant retryAt = step.retryAt();
        String then =
                retryAt == null ? " Nobody tries it again by itself." : " Tried again at " + words.time(retryAt) + ".";
        return new Item(
                retryAt == null ? "bad" : "warn",
                "The " + step.step().text() + of + " failed",
                ending(String.valueOf(step.reason())) + then,
                of.isEmpty() ? null : "/console/tonight?date=" + step.businessDate(),
                "See that night");
    }

    private static String ending(String sentence) {
        return sentence.endsWith(".") ? sentence : sentence + ".";
    }

    private void waiting(List<Item> items, Nights.Night night) {
        CycleStep filter = night.step(StepName.FILTER);
        Instant due = night.due(StepName.FILTER);
        if (filter.state() == StepState.WAITING && filter.attempt() > 0 && due.isBefore(night.now())) {
            items.add(new Item(
                    "bad",
                    "Retail Pro's file has not arrived",
                    "It was due at " + words.clock(due) + ". " + ending(String.valueOf(filter.reason())),
                    null,
                    null));
        }
    }

    private void silent(List<Item> items, Nights.Night night) {
        List<StepName> silent = nights.silent(night);
        if (!silent.isEmpty()) {
            items.add(new Item(
                    "bad",
                    silent.size() == StepName.values().length ? "No cycle tonight" : "Nobody asked for the next step",
                    "Due, but never asked for: "
                            + String.join(
                                    ", ", silent.stream().map(StepName::text).toList())
                            + ". Was no node up, or is a timer suspended?",
                    "/console/timers",
                    "See the timers"));
        }
    }

    private void consumers(List<Item> items) {
        for (Webhook webhook : webhooks.all()) {
            if (webhook.state() == Webhook.State.DISABLED || webhook.failures() > 0) {
                items.add(new Item(
                        webhook.state() == Webhook.State.DISABLED ? "bad" : "warn",
                        "A consumer is behind: " + webhook.url(),
                        words.number(webhook.backlog()) + " pairs wait; "
                                + (webhook.state() == Webhook.State.DISABLED
                                        ? "it is disabled: " + webhook.reason()
                                        : webhook.failures() + " attempts failed in a row")
                                + ".",
                        "/console/downstream?id=" + webhook.id(),
                        "See its deliveries"));
            }
        }
        DownstreamStatus.Waiting waiting = downstream.waiting();
        if (waiting.lagSeconds() > LAG_SECONDS) {
            items.add(new Item(
                    "bad",
                    "Nothing is being published",
                    words.number((long) waiting.markedPairs()) + " changed pairs wait since "
                            + words.seconds(waiting.lagSeconds()) + ".",
                    "/console/downstream",
                    "See who waits"));
        }
    }

    private void quarantine(List<Item> items) {
        long sales = movements.inQuarantine();
        long shipped = fulfilment.inQuarantine();
        if (sales + shipped > 0) {
            items.add(new Item(
                    "warn",
                    "Quarantine is not empty",
                    words.number(sales) + " movements and " + words.number(shipped)
                            + " shipment items name a product or facility that is not known.",
                    "/console/quarantine",
                    "See which"));
        }
    }

    private void silentTills(List<Item> items) {
        List<TillReport.Silent> silent = tills.silent(settings.console().silentTill(), TILLS_LATELY, SHOWN);
        for (TillReport.Silent till : silent) {
            items.add(new Item(
                    "warn",
                    "Till " + till.position().tillId() + " of "
                            + till.position().facilityId() + " is silent",
                    "It last told a sale at " + words.moment(till.toldAt()) + ".",
                    null,
                    null));
        }
    }
}
