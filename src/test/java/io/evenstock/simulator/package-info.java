/**
 * Promise: every rule of the stock figures is tried in thousands of small random histories, and each of them can be
 * replayed from its seed.
 *
 * <p>A {@link io.evenstock.simulator.World} knows what physically happened and what Retail Pro's journal held at any
 * moment. From it a {@link io.evenstock.simulator.History} makes the messages the OMS is told, late, twice and out of
 * order, and the {@link io.evenstock.simulator.Oracle} says what every figure must be after them. Neither looks at the
 * product's code: a {@link io.evenstock.simulator.StockSystem} is all they see of it. Only the systems under test do,
 * such as {@link io.evenstock.simulator.PlainStockSystem}, and they look at nothing of the oracle.
 */
@NullMarked
package io.evenstock.simulator;

import org.jspecify.annotations.NullMarked;
