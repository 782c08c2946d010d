/**
 * The frequent feed: files of active products that an ERP puts into a folder at short intervals, each its own run, in
 * force at once. Promises: a file is taken when it is complete, oldest as-of first, by one node at a time; a growing file
 * holds up no other; the same content with the same as-of once more changes nothing; what cannot be taken goes to
 * {@code rejected/} with the reason, and nothing of it is applied.
 */
@NullMarked
package io.evenstock.feed;

import org.jspecify.annotations.NullMarked;
