package io.evenstock.inventory;

import io.evenstock.access.Caller;
import io.evenstock.catalog.AmbiguousException;
import io.evenstock.catalog.Catalog;
import io.evenstock.catalog.Identification;
import io.evenstock.http.ProblemException;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import org.jspecify.annotations.Nullable;

/** The pair that a call names by its parameters. */
@ApplicationScoped
class Pairs {
    @Inject
    Catalog catalog;

    @Inject
    Caller caller;

    /** @throws ProblemException 400 if a parameter is missing or names several products, 404 if it names nothing known */
    Pair named(@Nullable String facilityId, @Nullable String idType, @Nullable String idValue) {
        String facility = given("facilityId", facilityId);
        caller.requireFacility(facility, null);
        Identification identification = new Identification(given("idType", idType), given("idValue", idValue));
        return new Pair(facility(facility), product(identification));
    }

    private static String given(String name, @Nullable String value) {
        if (value == null || value.isBlank()) {
            throw ProblemException.invalid(null, name + " is missing");
        }
        return value;
    }

    private int facility(String facilityId) {
        return catalog.facilityKey(facilityId)
                .orElseThrow(() -> ProblemException.notFound("Facility " + facilityId + " is unknown"));
    }

    private int product(Identification identification) {
        try {
            return catalog.productKey(identification)
                    .orElseThrow(() -> ProblemException.notFound(identification + " names no known product"));
        } catch (AmbiguousException ambiguous) {
            throw ProblemException.invalid(null, identification + " names several products");
        }
    }
}
