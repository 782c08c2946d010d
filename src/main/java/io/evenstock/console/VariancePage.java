package io.evenstock.console;

import io.evenstock.fulfilment.OpenShipments;
import io.evenstock.http.ProblemException;
import jakarta.annotation.PostConstruct;
import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import jakarta.inject.Named;
import java.math.BigDecimal;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Shipped, not acknowledged: {@code ?facility=} its lines, {@code ?shipment=} all items of one. */
@Named
@RequestScoped
public class VariancePage {
    private static final int SIZE = 50;
    private static final int MAX_PAGE = 100_000;

    @Inject
    OpenShipments shipments;

    @Inject
    Asked asked;

    private List<OpenShipments.Line> lines = List.of();
    private @Nullable List<OpenShipments.FacilityAges> facilities;

    @PostConstruct
    void look() {
        if (!getShipment().isEmpty()) {
            lines = shipments.ofShipment(getShipment());
            if (lines.isEmpty()) {
                throw ProblemException.notFound("There is no shipment " + getShipment());
            }
        } else if (!getFacility().isEmpty()) {
            lines = shipments.ofFacility(getFacility(), (getPage() - 1) * SIZE, SIZE);
        }
    }

    public List<OpenShipments.Line> getLines() {
        return lines;
    }

    public List<OpenShipments.FacilityAges> getFacilities() {
        if (facilities == null) {
            facilities = shipments.byFacility();
        }
        return facilities;
    }

    public long getUnits() {
        return getFacilities().stream()
                .mapToLong(OpenShipments.FacilityAges::units)
                .sum();
    }

    /** In the retailer's currency, of the units whose price is known. */
    public BigDecimal getValue() {
        return getFacilities().stream().map(OpenShipments.FacilityAges::value).reduce(BigDecimal.ZERO, BigDecimal::add);
    }

    /** Units that {@link #getValue} leaves out. */
    public long getUnpriced() {
        return getFacilities().stream()
                .mapToLong(OpenShipments.FacilityAges::unpriced)
                .sum();
    }

    public String getFacility() {
        return asked.text("facility");
    }

    public String getShipment() {
        return asked.text("shipment");
    }

    public int getPage() {
        return asked.page(MAX_PAGE);
    }

    /** Whether there may be another page. */
    public boolean isMore() {
        return getShipment().isEmpty() && lines.size() == SIZE;
    }
}
