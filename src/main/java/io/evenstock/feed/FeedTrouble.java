package io.evenstock.feed;

import java.time.Instant;

/**
 * Why the feed's folder cannot be looked into, or a file of it not be taken.
 *
 * @param since when a look failed first, of all that have failed without one that went well
 */
public record FeedTrouble(String reason, Instant since) {}
