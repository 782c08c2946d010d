/**
 * Retail Pro's figures as of a moment, one run a file, the same for the nightly cycle and the frequent feed. Promises: a run
 * is loaded beside the traffic and takes force in one small transaction; a row not newer than its pair's base is skipped
 * (R10); a bad row is kept with line, column, value and reason.
 */
@NullMarked
package io.evenstock.snapshot;

import org.jspecify.annotations.NullMarked;
