package io.evenstock.feed;

/** A node's right to look into the feed's folder; worth something only while the folder's fencing token is this one. */
public record FeedClaim(String folder, long fence) {}
