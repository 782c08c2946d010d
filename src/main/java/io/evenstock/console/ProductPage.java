package io.evenstock.console;

import io.evenstock.catalog.Catalog;
import io.evenstock.http.ProblemException;
import io.evenstock.inventory.Explanation;
import io.evenstock.inventory.Explanations;
import io.evenstock.inventory.Figure;
import io.evenstock.inventory.Figures;
import io.evenstock.inventory.Ledger;
import io.evenstock.inventory.LedgerEntry;
import io.evenstock.inventory.LedgerFact;
import io.evenstock.inventory.Pair;
import jakarta.annotation.PostConstruct;
import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import jakarta.inject.Named;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A product: its figures, its history at a facility, and why its figure is what it is. All stands in the address. */
@Named
@RequestScoped
public class ProductPage {
    private static final int FOUND_SHOWN = 50;
    private static final int ENTRIES_SHOWN = 200;
    private static final int LEDGER_SHOWN = 100;
    private static final int MAX_TEXT = 200;

    @Inject
    Catalog catalog;

    @Inject
    Figures figures;

    @Inject
    Explanations explanations;

    @Inject
    Ledger ledger;

    @Inject
    Asked asked;

    private List<Catalog.Found> matches = List.of();
    private Optional<Catalog.Found> found = Optional.empty();
    private @Nullable List<Figure> all;
    private @Nullable Explanation explanation;
    private @Nullable Map<String, String> names;

    /** A line of the ledger in words. */
    public record LedgerLine(
            LedgerEntry entry,
            String what,
            String reference,
            @Nullable Long runId) {
        public Instant at() {
            return entry.fact().position().recordedAt();
        }
    }

    @PostConstruct
    void look() {
        String id = asked.text("id");
        if (!id.isEmpty()) {
            found = Optional.of(
                    catalog.product(id).orElseThrow(() -> ProblemException.notFound("There is no product " + id)));
        } else if (!getText().isEmpty()) {
            matches = catalog.search(getText(), FOUND_SHOWN);
            found = matches.size() == 1 ? Optional.of(matches.get(0)) : Optional.empty();
        }
    }

    public String getText() {
        String text = asked.text("q").strip();
        return text.substring(0, Math.min(MAX_TEXT, text.length()));
    }

    public List<Catalog.Found> getMatches() {
        return matches;
    }

    /** Whether there may be more than are shown. */
    public boolean isCut() {
        return matches.size() == FOUND_SHOWN;
    }

    public Catalog.@Nullable Found getFound() {
        return found.orElse(null);
    }

    public List<Figure> getFigures() {
        if (all == null) {
            all = found.map(product -> figures.ofProduct(product.productKey())).orElse(List.of());
        }
        return all;
    }

    /** The name of a facility. */
    public String facilityName(String facilityId) {
        if (names == null) {
            names = catalog.facilityNames();
        }
        return names.getOrDefault(facilityId, "");
    }

    /** The facility whose figure is explained: the one asked for, or the only one. */
    public @Nullable String getFacility() {
        String facility = asked.text("facility");
        if (!facility.isEmpty()) {
            return facility;
        }
        return getFigures().size() == 1 ? getFigures().get(0).facilityId() : null;
    }

    public @Nullable Explanation getExplanation() {
        if (explanation == null) {
            explanation =
                    pair().map(pair -> explanations.of(pair, ENTRIES_SHOWN)).orElse(null);
        }
        return explanation;
    }

    private Optional<Pair> pair() {
        String facility = getFacility();
        if (facility == null) {
            return Optional.empty();
        }
        int facilityKey = catalog.facilityKey(facility)
                .orElseThrow(() -> ProblemException.notFound("There is no facility " + facility));
        return found.map(product -> new Pair(facilityKey, product.productKey()));
    }

    /** The newest changes, the newest first. */
    public List<LedgerLine> getLedger() {
        List<LedgerEntry> entries = new ArrayList<>(pair().map(ledger::of).orElse(List.of()));
        Collections.reverse(entries);
        return entries.stream().limit(LEDGER_SHOWN).map(ProductPage::line).toList();
    }

    private static LedgerLine line(LedgerEntry entry) {
        LedgerFact fact = entry.fact();
        if (fact instanceof LedgerFact.Moved moved) {
            return new LedgerLine(
                    entry,
                    moved.movement().reason(),
                    "event " + moved.movement().eventId(),
                    null);
        }
        if (fact instanceof LedgerFact.Fulfilled told) {
            return new LedgerLine(
                    entry,
                    what(fact),
                    told.item().shipmentId() + " / " + told.item().shipmentItemSeqId(),
                    null);
        }
        LedgerFact.Run run = (LedgerFact.Run) fact;
        return new LedgerLine(
                entry,
                what(fact),
                "run " + run.position().id() + ", line " + run.line(),
                run.position().id());
    }

    private static String what(LedgerFact fact) {
        return switch (fact.position().source()) {
            case MOVEMENT -> "Movement";
            case SHIPMENT -> "Shipment";
            case ACKNOWLEDGEMENT -> "Acknowledgement";
            case TRANSFER_SLIP -> "Transfer slip";
            case RESET_RUN -> "Reset";
            case VARIANCE -> "Variance";
            case UNDO -> "Undo";
        };
    }
}
