package io.evenstock.stock;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * All accepted revisions of one fact, in whatever order they arrived (R8, R15).
 *
 * @param revisions one a number, the newest last
 */
public record Revised<T extends Revision.Content<T>>(List<Revision<T>> revisions) {

    /** What becomes of an arriving revision. */
    public enum Arrival {
        /** It is the newest: it counts from now on. */
        NEWEST,
        /** It was overtaken by a higher one: kept, but nothing changes. */
        OVERTAKEN,
        /** It was said before: nothing changes, the first entry answers. */
        REPEATED,
        /** Its number stands for other content: refused. */
        CONFLICTING
    }

    public Revised {
        revisions = revisions.stream()
                .sorted(Comparator.comparingInt(Revision::number))
                .toList();
    }

    /** A fact of which nothing is known yet. */
    public static <T extends Revision.Content<T>> Revised<T> unknown() {
        return new Revised<>(List.of());
    }

    /** What the newest revision states; empty if nothing is known or it was taken back. */
    public Optional<T> current() {
        return newest().flatMap(newest -> Optional.ofNullable(newest.content()));
    }

    /**
     * What the newest revision out of quarantine states (R11): one that names something unknown takes no effect yet, so
     * it does not end that of the one before. To take something back nothing needs to be known.
     *
     * @param known whether all that a content names is known
     */
    public Optional<T> current(Predicate<? super T> known) {
        return new Revised<>(revisions.stream()
                        .filter(revision -> revision.content() == null || known.test(revision.content()))
                        .toList())
                .current();
    }

    public Arrival arrivalOf(Revision<T> arriving) {
        return held(arriving.number())
                .filter(held -> !arriving.completes(held))
                .map(held -> arriving.saysNoMoreThan(held) ? Arrival.REPEATED : Arrival.CONFLICTING)
                .orElseGet(() -> overtaken(arriving) ? Arrival.OVERTAKEN : Arrival.NEWEST);
    }

    /** With the arriving revision, if it is accepted; a repeated or conflicting one changes nothing. */
    public Revised<T> with(Revision<T> arriving) {
        return switch (arrivalOf(arriving)) {
            case REPEATED, CONFLICTING -> this;
            case NEWEST, OVERTAKEN ->
                new Revised<>(
                        Stream.concat(others(arriving), Stream.of(arriving)).toList());
        };
    }

    private boolean overtaken(Revision<T> arriving) {
        return newest().filter(newest -> newest.number() > arriving.number()).isPresent();
    }

    private Optional<Revision<T>> newest() {
        return revisions.stream().reduce((older, newer) -> newer);
    }

    private Optional<Revision<T>> held(int number) {
        return revisions.stream()
                .filter(revision -> revision.number() == number)
                .findFirst();
    }

    private Stream<Revision<T>> others(Revision<T> arriving) {
        return revisions.stream().filter(revision -> revision.number() != arriving.number());
    }
}
