package io.evenstock.http;

/** What filters learn of a call, as properties of its request, for the log and the metrics. */
public final class Observed {
    /** The call's template, such as {@code cycles/{businessDate}}: as many values as there are calls. */
    public static final String ROUTE = "evenstock.route";

    /** Who calls: a key's name and number, never the key. */
    public static final String CALLER = "evenstock.caller";

    /** From where, in numbers. */
    public static final String ADDRESS = "evenstock.address";

    /** The event that a call is about, by its id. */
    public static final String EVENT = "evenstock.event";

    /** How many adjustments a call brings, if it is an array. */
    public static final String ADJUSTMENTS = "evenstock.adjustments";

    static final String STARTED = "evenstock.started";

    private Observed() {}
}
