package io.evenstock.inventory;

import io.evenstock.inventory.LedgerFact.Fulfilled;
import io.evenstock.inventory.LedgerFact.Moved;
import io.evenstock.inventory.LedgerFact.Run;
import io.evenstock.stock.Base;
import io.evenstock.stock.Effect;
import io.evenstock.stock.Equation;
import io.evenstock.stock.Facts;
import io.evenstock.stock.Figure;
import io.evenstock.stock.ItemId;
import io.evenstock.stock.Movement;
import io.evenstock.stock.Outstanding;
import io.evenstock.stock.Variance;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Takes a pair's facts in the order of their recording and tells what each did to the figure. The terms of the equation
 * are independent of each other while the base stays, so only a change of the base or its variance works it out anew.
 */
final class LedgerReplay {
    private static final Figure NOTHING = new Figure(0, 0, 0);

    private final String facilityId;
    private final Map<Long, Set<Outstanding.Key>> varianceLines;
    private final Map<Long, Base> inForce = new LinkedHashMap<>();
    private final Map<Long, Variance.Progress> progress = new HashMap<>();
    private final List<Movement> movements = new ArrayList<>();
    private final Map<ItemId, ItemHistory> items = new HashMap<>();
    private Base base = Base.NONE;
    private Variance variance = Variance.NONE;
    private Figure figure = NOTHING;

    /**
     * A pair of which nothing is known yet.
     *
     * @param varianceLines the pair's, by run
     */
    LedgerReplay(String facilityId, Map<Long, Set<Outstanding.Key>> varianceLines) {
        this.facilityId = facilityId;
        this.varianceLines = varianceLines;
    }

    LedgerEntry take(LedgerFact fact) {
        long before = figure.quantityOnHand();
        String why = why(fact);
        long change = Math.subtractExact(figure.quantityOnHand(), before);
        return new LedgerEntry(fact, change, figure.quantityOnHand(), figure.withheld(), change == 0 ? why : null);
    }

    /** Takes the fact. @return why it changed nothing, if so */
    private @Nullable String why(LedgerFact fact) {
        if (fact instanceof Moved moved) {
            return move(moved.movement());
        } else if (fact instanceof Fulfilled told) {
            return fulfil(told);
        } else if (fact instanceof Run run) {
            return run(run);
        }
        throw new IllegalArgumentException("unknown fact: " + fact);
    }

    private @Nullable String move(Movement movement) {
        movements.add(movement);
        Equation alone = equation(List.of(movement), List.of());
        replace(NOTHING, aside(alone));
        return alone.absorbed().isEmpty() ? null : alone.absorbed().get(0).why();
    }

    private String fulfil(Fulfilled told) {
        ItemHistory item = items.computeIfAbsent(told.item(), id -> new ItemHistory());
        Figure before = aside(equation(List.of(), item.effects()));
        item.take(told);
        Figure after = aside(equation(List.of(), item.effects()));
        replace(before, after);
        return whyNot(told, item, after.withheld() != before.withheld());
    }

    private String whyNot(Fulfilled told, ItemHistory item, boolean pending) {
        Integer newer = item.overtakenBy(told);
        if (newer != null) {
            return "overtaken by revision " + newer;
        } else if (!told.known()) {
            return "in quarantine: the product or facility it names is not known";
        } else if (!item.shipmentKnown()) {
            return "its shipment is not known yet";
        } else if (pending) {
            return "withheld: a line of the pending variance of run " + base.runId();
        } else if (!base.covered()) {
            return "nothing of it counts while no run covers the pair";
        }
        return "as of %s, of run %d, it makes no difference".formatted(base.asOf(), base.runId());
    }

    private String run(Run run) {
        long runId = run.base().runId();
        boolean covered = base.runId() == runId;
        switch (run.position().source()) {
            case RESET_RUN -> inForce.put(runId, run.base());
            case UNDO -> inForce.remove(runId);
            default -> progress.put(runId, progress(run));
        }
        chooseBase();
        figure = equation(movements, effects()).figure();
        return covered || base.runId() == runId
                ? "the figure was this before"
                : "run %d covers the pair, as of %s".formatted(base.runId(), base.asOf());
    }

    private static Variance.Progress progress(Run run) {
        return "RECORDED".equals(run.remark()) ? Variance.Progress.DONE : Variance.Progress.DROPPED;
    }

    private void chooseBase() {
        base = Base.among(inForce.values());
        Set<Outstanding.Key> lines = varianceLines.getOrDefault(base.runId(), Set.of());
        variance = lines.isEmpty()
                ? Variance.NONE
                : new Variance(base.runId(), progress.getOrDefault(base.runId(), Variance.Progress.OPEN), lines);
    }

    private List<Effect> effects() {
        return items.values().stream().flatMap(item -> item.effects().stream()).toList();
    }

    private Equation equation(Collection<Movement> moved, Collection<Effect> effects) {
        return Equation.of(new Facts(facilityId, base, variance, moved, effects, 0));
    }

    /** The terms without the base. */
    private Figure aside(Equation equation) {
        Figure all = equation.figure();
        return new Figure(Math.subtractExact(all.quantityOnHand(), base.quantity()), all.withheld(), 0);
    }

    private void replace(Figure before, Figure after) {
        figure = new Figure(
                Math.addExact(
                        figure.quantityOnHand(), Math.subtractExact(after.quantityOnHand(), before.quantityOnHand())),
                Math.addExact(figure.withheld(), Math.subtractExact(after.withheld(), before.withheld())),
                0);
    }
}
