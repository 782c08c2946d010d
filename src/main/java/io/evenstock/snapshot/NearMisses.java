package io.evenstock.snapshot;

import io.evenstock.catalog.Identification;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/**
 * Values that are known but for blanks around them or zeros before them. They are told to a person, and never taken for
 * what was meant: values are compared as they stand.
 */
final class NearMisses {
    /** The longest number of an article, GTIN-14. */
    private static final int MOST_DIGITS = 14;

    private NearMisses() {}

    /**
     * For each of the unknown values the known one nearest to it, if there is one.
     *
     * @param lookUp what is known of some identifications, asked once for all
     */
    static Map<Identification, String> of(
            Collection<Identification> unknown,
            Function<Collection<Identification>, ? extends Map<Identification, ?>> lookUp) {
        Map<Identification, Set<Identification>> like = new HashMap<>();
        Set<Identification> all = new LinkedHashSet<>();
        for (Identification each : unknown) {
            Set<Identification> variants = variants(each);
            like.put(each, variants);
            all.addAll(variants);
        }
        Set<Identification> known = lookUp.apply(all).keySet();
        Map<Identification, String> nearest = new HashMap<>();
        like.forEach((each, variants) -> variants.stream()
                .filter(known::contains)
                .findFirst()
                .ifPresent(near -> nearest.put(each, near.idValue())));
        return nearest;
    }

    /** Without blanks, without zeros, with one zero more after the other. */
    private static Set<Identification> variants(Identification value) {
        Set<Identification> variants = new LinkedHashSet<>();
        String stripped = value.idValue().strip();
        variants.add(new Identification(value.idType(), stripped));
        String bare = stripped.replaceFirst("^0+(?=.)", "");
        variants.add(new Identification(value.idType(), bare));
        for (String zeros = "0"; zeros.length() + bare.length() <= MOST_DIGITS; zeros += "0") {
            variants.add(new Identification(value.idType(), zeros + bare));
        }
        variants.remove(value);
        return variants;
    }
}
