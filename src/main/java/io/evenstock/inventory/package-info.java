/**
 * The figure of a pair: the equation over the facts, exact in one statement, and what of it was published downstream.
 * Promise: no reader sees half a reset.
 */
@NullMarked
package io.evenstock.inventory;

import org.jspecify.annotations.NullMarked;
