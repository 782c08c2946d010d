package io.evenstock.movement;

/**
 * How many sales of a facility came lately, and how many usually do.
 *
 * @param facilityId known or not
 * @param sales that came in the window; a sale is a movement of less than 0 units
 * @param usual that came in the same window of the weeks before, on average of those since the facility's first sale
 * @param weeks how many weeks that is, 0 to 4
 * @param windowMinutes the length of the window
 */
public record SalesRate(String facilityId, long sales, double usual, int weeks, int windowMinutes) {
    /** From so many usual sales on, none at all is no chance: with 7 expected it is one in a thousand. */
    static final double TELLING = 7;

    /** So many standard deviations below the usual, where sales come independently of each other. */
    private static final double DEVIATIONS = 3;

    /** What to think of it. */
    public enum State {
        /** None came, though usually many do. */
        SILENT,
        /** Far fewer came than usually. */
        LOW,
        USUAL,
        /** Nobody knows yet what is usual. */
        NEW
    }

    public State state() {
        if (weeks == 0) {
            return State.NEW;
        }
        if (sales == 0 && usual >= TELLING) {
            return State.SILENT;
        }
        return sales < usual - DEVIATIONS * Math.sqrt(usual) ? State.LOW : State.USUAL;
    }

    public double perMinute() {
        return (double) sales / windowMinutes;
    }

    public double usualPerMinute() {
        return usual / windowMinutes;
    }
}
