package io.evenstock.access;

import io.evenstock.http.ProblemException;
import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import org.jspecify.annotations.Nullable;

/** Who makes the call that runs, and what of it is left to check once the body is read. */
@RequestScoped
public class Caller {
    @Inject
    RateLimits rateLimits;

    private @Nullable ApiKey key;
    private String address = "";

    void is(ApiKey known, String from) {
        key = known;
        address = from;
    }

    /** For the audit trail. */
    public Actor actor() {
        return new Actor(who(), address);
    }

    /** The key's name and number. */
    public String who() {
        return known().who();
    }

    /**
     * Only what the key is bound to: asked before anything is looked up, so that nobody learns which facilities exist.
     *
     * @param pointer of the field that names it, or null
     * @throws ProblemException 403
     */
    public void requireFacility(String facilityId, @Nullable String pointer) {
        if (!known().mayTouch(facilityId)) {
            throw ProblemException.forbidden(pointer, "This key may not touch facility " + facilityId);
        }
    }

    /** Whether it is bound to facilities at all; such a caller must always name one. */
    public boolean bound() {
        return known().role() == Role.POS;
    }

    /**
     * A call that pays itself counts for so many others; an array of adjustments for as many as it has.
     *
     * @throws ProblemException 429
     */
    public void spend(int units) {
        ApiKey caller = known();
        if (rateLimits.enabled()) {
            rateLimits.spend(rateLimits.of(caller), units);
        }
    }

    private ApiKey known() {
        if (key == null) {
            throw new IllegalStateException("nobody has called");
        }
        return key;
    }
}
