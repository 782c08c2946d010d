package io.evenstock.http;

/** The parameter {@code limit}: how many items a page may have. */
public final class PageLimit {
    private PageLimit() {}

    /**
     * Refuses a page of none, or of too many.
     *
     * @throws ProblemException 400 if it is not from 1 to {@code most}
     */
    public static void require(int limit, int most) {
        if (limit < 1 || limit > most) {
            throw ProblemException.invalid(null, "limit must be from 1 to " + most + ": " + limit);
        }
    }
}
