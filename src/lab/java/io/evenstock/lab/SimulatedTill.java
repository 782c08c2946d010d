package io.evenstock.lab;

import jakarta.json.JsonArray;
import jakarta.json.JsonValue;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;

/**
 * A till: it rings sales up whether it has a network or not, sends them in order, those of an offline period in arrays,
 * and sends again what was not answered.
 */
public final class SimulatedTill implements Runnable {
    private static final int ARRAY = 100;
    private static final int LONGEST_OFFLINE_SECONDS = 8;
    private static final String PATH = "/api/UpdateInventory";

    /**
     * How it behaves.
     *
     * @param perSecond sales
     * @param repeats share of sales that are sent again although they were answered
     * @param reordered share of sales that are told before older ones
     * @param offline share of the time without network
     * @param skewSeconds by how much its clock may be off, either way
     */
    public record Habits(
            double perSecond, double repeats, double reordered, double offline, int skewSeconds, int products) {}

    /** A sale or, with a positive delta, a return, always told with the same words. */
    public record Sale(String store, String upc, int delta, String eventId, Instant occurredAt, String json) {}

    private final Supplier<ApiClient> nodes;
    private final String store;
    private final String name;
    private final String trial;
    private final Habits habits;
    private final Random dice;
    private final SalesTally tally;
    private final Clock clock;
    private final Deque<Sale> outbox = new ArrayDeque<>();
    private volatile int unsent;
    private volatile boolean open = true;
    private long sequence;
    private long offlineUntil;

    /**
     * A till.
     *
     * @param nodes the node for each call, by which a till goes on when one is gone
     * @param time the time of its shop, by which its own clock is off
     */
    public SimulatedTill(
            Supplier<ApiClient> nodes,
            String store,
            String name,
            String trial,
            Habits habits,
            Random dice,
            Clock time,
            SalesTally tally) {
        this.nodes = nodes;
        this.store = store;
        this.name = name;
        this.trial = trial;
        this.habits = habits;
        this.dice = dice;
        this.tally = tally;
        int skew = habits.skewSeconds() == 0 ? 0 : dice.nextInt(2 * habits.skewSeconds()) - habits.skewSeconds();
        this.clock = Clock.offset(time, Duration.ofSeconds(skew));
    }

    /** Of a simulated product, by its number. */
    public static String upc(int product) {
        return String.format(Locale.ROOT, "09%010d", product);
    }

    public String name() {
        return name;
    }

    /** Sales rung up, but not sent or not answered yet. */
    public int unsent() {
        return unsent;
    }

    /** Sells nothing more; {@link #run} ends when all is told. */
    public void close() {
        open = false;
    }

    @Override
    public void run() {
        long gap = (long) (1e9 / habits.perSecond());
        long next = System.nanoTime() + (long) (dice.nextDouble() * gap);
        while (open) {
            LockSupport.parkNanos(next - System.nanoTime());
            while (next - System.nanoTime() <= 0) {
                Sale sale = sale();
                if (dice.nextDouble() < habits.reordered()) {
                    outbox.addFirst(sale);
                } else {
                    outbox.addLast(sale);
                }
                next += gap;
            }
            unsent = outbox.size();
            if (online()) {
                send();
            }
        }
        while (!outbox.isEmpty()) {
            send();
        }
    }

    private boolean online() {
        long now = System.nanoTime();
        if (now - offlineUntil < 0) {
            return false;
        }
        double mean = LONGEST_OFFLINE_SECONDS / 2.0 * habits.perSecond();
        if (dice.nextDouble() < habits.offline() / (1 - habits.offline()) / mean) {
            offlineUntil = now + (long) (dice.nextDouble() * LONGEST_OFFLINE_SECONDS * 1e9);
        }
        return now - offlineUntil >= 0;
    }

    private Sale sale() {
        long number = sequence++;
        String eventId = trial + "-" + name + "-" + number;
        Instant at = clock.instant().truncatedTo(ChronoUnit.MILLIS);
        int delta = dice.nextInt(20) == 0 ? 1 : -1 - dice.nextInt(3);
        String upc = upc(dice.nextInt(habits.products()));
        Sale sale = new Sale(store, upc, delta, eventId, at, """
                {"facilityId":"%s","idType":"UPCA","idValue":"%s","availableDelta":%d,"varianceReasonId":"%s",\
                "eventId":"%s","tillId":"%s","sequence":%d,"occurredAt":"%s"}""".formatted(
                        store, upc, delta, delta > 0 ? "RTN_ITM_RCPT" : "POS_SALE", eventId, name, number, at));
        tally.rungUp(sale);
        return sale;
    }

    /** What is not answered stays, and goes out again under the same id. */
    private void send() {
        List<Sale> sales = new ArrayList<>();
        outbox.stream().limit(ARRAY).forEach(sales::add);
        if (sales.isEmpty()) {
            return;
        }
        long begun = System.nanoTime();
        try {
            Answer answer = nodes.get().send("POST", PATH, body(sales), Map.of());
            tally.latency(System.nanoTime() - begun);
            if (settled(sales, answer)) {
                sales.forEach(sale -> outbox.remove());
                if (dice.nextDouble() < habits.repeats()) {
                    repeat(sales.get(0));
                }
            } else {
                LockSupport.parkNanos(100_000_000);
            }
        } catch (IOException unreachable) {
            tally.outcome("unreachable", unreachable);
            LockSupport.parkNanos(500_000_000);
        }
        unsent = outbox.size();
    }

    private static String body(List<Sale> sales) {
        return sales.size() == 1
                ? sales.get(0).json()
                : "[" + String.join(",", sales.stream().map(Sale::json).toList()) + "]";
    }

    /** Notes the outcomes. @return whether all of it was recorded */
    private boolean settled(List<Sale> sales, Answer answer) {
        if (!answer.succeeded()) {
            tally.outcome("HTTP " + answer.status(), answer);
            return false;
        }
        boolean all = true;
        JsonArray elements = answer.body() instanceof JsonArray array ? array : null;
        for (int i = 0; i < sales.size(); i++) {
            JsonValue element = elements == null ? answer.body() : elements.get(i);
            String status = element.asJsonObject().getString("status");
            tally.outcome(status, element);
            if (status.equals("REFUSED")) {
                all = false;
            } else {
                tally.answered(store + " " + sales.get(i).eventId());
            }
        }
        return all;
    }

    private void repeat(Sale sale) throws IOException {
        Answer answer = nodes.get().send("POST", PATH, sale.json(), Map.of());
        tally.outcome(
                answer.succeeded() ? answer.body().asJsonObject().getString("status") : "HTTP " + answer.status(),
                answer);
    }
}
