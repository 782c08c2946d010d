/**
 * The night's cycle: list, filter, reset, variance. Promises: the database owns what has run; a step runs once a business
 * date, after its predecessor succeeded, with its effect and its state in one transaction; a failure says why.
 */
@NullMarked
package io.evenstock.nightly;

import org.jspecify.annotations.NullMarked;
