package io.evenstock.console;

import io.evenstock.inventory.Drift;
import io.evenstock.inventory.DriftCause;
import io.evenstock.movement.SalesRate;
import io.evenstock.movement.SalesRates;
import jakarta.annotation.PostConstruct;
import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import jakarta.inject.Named;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What the nights' files told that our facts did not, and which stores sell less than usual. {@code ?facility=} only one
 * facility; {@code ?date=} that night, else the newest.
 */
@Named
@RequestScoped
public class DriftPage {
    private static final int NIGHTS_SHOWN = 30;
    private static final int FACILITIES_SHOWN = 100;
    private static final int PAIRS_SHOWN = 100;
    private static final int STORES_SHOWN = 100;

    @Inject
    Drift drift;

    @Inject
    SalesRates sales;

    @Inject
    Asked asked;

    private List<Drift.Night> nights = List.of();
    private Drift.@Nullable Night night;
    private List<Drift.OfFacility> facilities = List.of();
    private List<Drift.Difference> differences = List.of();
    private @Nullable List<SalesRate> rates;

    /** How often a cause stands behind the differences shown, and for how many units. */
    public record Cause(DriftCause cause, long pairs, long units) {}

    @PostConstruct
    void look() {
        nights = drift.nights(getFacility(), NIGHTS_SHOWN);
        night = chosen();
        if (night != null) {
            facilities = drift.facilities(night.runId(), FACILITIES_SHOWN);
            String facility = getFacility();
            differences = facility == null ? List.of() : drift.differences(night.runId(), facility, PAIRS_SHOWN);
        }
    }

    private Drift.@Nullable Night chosen() {
        Optional<LocalDate> date = asked.date("date");
        if (date.isPresent()) {
            return drift.night(date.get()).orElse(null);
        }
        return nights.isEmpty() ? null : nights.get(0);
    }

    /** The last nights, the oldest first. */
    public List<Drift.Night> getNights() {
        List<Drift.Night> oldestFirst = new ArrayList<>(nights);
        Collections.reverse(oldestFirst);
        return oldestFirst;
    }

    /** The night that is looked at; null: none was compared. */
    public Drift.@Nullable Night getNight() {
        return night;
    }

    public List<Drift.OfFacility> getFacilities() {
        return facilities;
    }

    /** Of the facility asked for. */
    public List<Drift.Difference> getDifferences() {
        return differences;
    }

    /** Whether there are more than are shown. */
    public boolean isCut() {
        return differences.size() == PAIRS_SHOWN;
    }

    /** What stands behind them, the most units first. */
    public List<Cause> getCauses() {
        Map<DriftCause, List<Drift.Difference>> byCause = new EnumMap<>(DriftCause.class);
        differences.forEach(each -> byCause.computeIfAbsent(each.cause(), cause -> new ArrayList<>())
                .add(each));
        return byCause.entrySet().stream()
                .map(each -> new Cause(
                        each.getKey(),
                        each.getValue().size(),
                        each.getValue().stream()
                                .mapToLong(difference -> Math.abs(difference.difference()))
                                .sum()))
                .sorted((one, other) -> Long.compare(other.units(), one.units()))
                .toList();
    }

    /** Null: all. */
    public @Nullable String getFacility() {
        String facility = asked.text("facility");
        return facility.isEmpty() ? null : facility;
    }

    public List<SalesRate> getRates() {
        if (rates == null) {
            rates = sales.now(STORES_SHOWN);
        }
        return rates;
    }

    /** {@code bad} if it tells nothing, {@code warn} if far less than usual. */
    public String tone(SalesRate rate) {
        return switch (rate.state()) {
            case SILENT -> "bad";
            case LOW -> "warn";
            case USUAL -> "ok";
            case NEW -> "off";
        };
    }
}
