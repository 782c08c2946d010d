package io.evenstock.console;

import io.evenstock.access.Actor;
import io.evenstock.access.UserRole;
import io.evenstock.catalog.Catalog;
import io.evenstock.catalog.Facility;
import io.evenstock.catalog.Identification;
import io.evenstock.catalog.Named;
import io.evenstock.catalog.Unresolved;
import io.evenstock.fulfilment.Fulfilment;
import io.evenstock.http.ProblemException;
import io.evenstock.movement.Movements;
import jakarta.annotation.PostConstruct;
import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What is named, but not known: products and facilities, how many events wait for them, since when; and to map them. */
@jakarta.inject.Named
@RequestScoped
public class QuarantinePage {
    /** Of each kind of fact. */
    private static final int MOST = 1_000;

    private static final int MAX_TEXT = 200;
    private static final String PAGE = "/console/quarantine";

    @Inject
    Movements movements;

    @Inject
    Fulfilment fulfilment;

    @Inject
    Catalog catalog;

    @Inject
    Me me;

    @Inject
    Deeds deeds;

    @Inject
    Asked asked;

    private final List<Product> products = new ArrayList<>();
    private final List<Place> facilities = new ArrayList<>();
    private boolean cut;
    private String target = "";

    /** A value that names no product, or several. */
    public record Product(Identification identification, boolean ambiguous, long events, Instant since) {}

    /** A facility that is not known. */
    public record Place(String facilityId, long events, Instant since) {}

    @PostConstruct
    void look() {
        List<Unresolved> sold = movements.unresolved(MOST);
        List<Unresolved> shipped = fulfilment.unresolved(MOST);
        cut = sold.size() == MOST || shipped.size() == MOST;
        List<Unresolved> all = new ArrayList<>(sold);
        all.addAll(shipped);
        Map<Identification, Named> named = catalog.lookUp(
                all.stream().map(Unresolved::identification).distinct().toList());
        Set<String> known = catalog.facilityKeys().keySet();
        Map<Identification, Product> byValue = new LinkedHashMap<>();
        Map<String, Place> byFacility = new LinkedHashMap<>();
        for (Unresolved each : all) {
            Named name = named.get(each.identification());
            if (name == null || name.ambiguous()) {
                byValue.merge(each.identification(), product(each, name != null), QuarantinePage::both);
            }
            if (!known.contains(each.facilityId())) {
                byFacility.merge(
                        each.facilityId(),
                        new Place(each.facilityId(), each.events(), each.since()),
                        QuarantinePage::both);
            }
        }
        products.addAll(byValue.values());
        products.sort(Comparator.comparingLong(Product::events).reversed());
        facilities.addAll(byFacility.values());
        facilities.sort(Comparator.comparingLong(Place::events).reversed());
    }

    private static Product product(Unresolved each, boolean ambiguous) {
        return new Product(each.identification(), ambiguous, each.events(), each.since());
    }

    private static Product both(Product one, Product other) {
        return new Product(
                one.identification(),
                one.ambiguous(),
                one.events() + other.events(),
                earlier(one.since(), other.since()));
    }

    private static Place both(Place one, Place other) {
        return new Place(one.facilityId(), one.events() + other.events(), earlier(one.since(), other.since()));
    }

    private static Instant earlier(Instant one, Instant other) {
        return one.isBefore(other) ? one : other;
    }

    public List<Product> getProducts() {
        return products;
    }

    public List<Place> getFacilities() {
        return facilities;
    }

    /** Whether there may be more than are shown. */
    public boolean isCut() {
        return cut;
    }

    public String getTarget() {
        return target;
    }

    public void setTarget(@Nullable String target) {
        this.target = target == null ? "" : target.strip();
    }

    /** The value names a product from now on; what waited for it counts at once. */
    public String map() {
        Identification identification = new Identification(asked.text("idType"), asked.text("idValue"));
        return deeds.done(identification + " names product " + target + " from now on.", PAGE, () -> {
            Actor actor = me.require(UserRole.ADMIN);
            require(products.stream().anyMatch(each -> each.identification().equals(identification)));
            catalog.identify(required("Give the id of a product"), identification, actor);
        });
    }

    /** The facility is known from now on; what waited for it counts at once. */
    public String know() {
        String facilityId = asked.text("facilityId");
        return deeds.done("Facility " + facilityId + " is known from now on.", PAGE, () -> {
            Actor actor = me.require(UserRole.ADMIN);
            require(facilities.stream().anyMatch(each -> each.facilityId().equals(facilityId)));
            catalog.makeKnown(new Facility(facilityId, required("Give a name")), actor);
        });
    }

    private String required(String words) {
        if (target.isEmpty() || target.length() > MAX_TEXT) {
            throw ProblemException.invalid("", words);
        }
        return target;
    }

    /** Only what waits can be mapped, whatever the form says. */
    private static void require(boolean waits) {
        if (!waits) {
            throw ProblemException.notFound("That is not in quarantine any more");
        }
    }
}
