/**
 * Promise: every rule of the stock figures is tried in thousands of small random histories, and each of them can be
 * replayed from its seed.
 *
 * <p>A {@link io.evenstock.simulator.World} knows what physically happened and what Retail Pro's journal held at any
 * moment. From it a {@link io.evenstock.simulator.History} makes the messages the OMS is told, late, twice and out of
 * order, and the {@link io.evenstock.simulator.Oracle} says what every figure must be after them. Nothing in this
 * package looks at the product's code: a {@link io.evenstock.simulator.StockSystem} is all it sees of it.
 */
@NullMarked
package io.evenstock.simulator;

import org.jspecify.annotations.NullMarked;
