package io.evenstock.stock;

import org.jspecify.annotations.Nullable;

/**
 * One statement of a fact that may be corrected (R15).
 *
 * @param number from 0; of a fact's revisions the highest counts, as a whole
 * @param content what is stated; null: it is taken back (a cancelled item, a withdrawn acknowledgement)
 */
public record Revision<T extends Revision.Content<T>>(
        int number, @Nullable T content) {

    public Revision {
        if (number < 0) {
            throw new IllegalArgumentException("revision " + number + " is negative");
        }
    }

    /** What a revision states; equal contents say the same. */
    public interface Content<T> {

        /** Whether this says all that the earlier one of the same revision says, and what that one left open. */
        default boolean completes(T earlier) {
            return false;
        }
    }

    boolean saysNoMoreThan(Revision<T> other) {
        return equals(other) || other.completes(this);
    }

    boolean completes(Revision<T> earlier) {
        return content != null && earlier.content != null && content.completes(earlier.content);
    }
}
