package io.evenstock.selfaudit;

/** What the self-audit says in one word. */
public enum Light {
    /** Every pair was checked, and each was right when it was last looked at. */
    GREEN,
    /** A pair's figure is not the sum of its facts, or was not published as it is. */
    RED,
    /** Nobody knows: no pass has ended yet, or nothing was checked for an hour. */
    GREY
}
