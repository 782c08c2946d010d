/**
 * The arithmetic of stock: what a pair's figure is, given its facts.
 *
 * <p>Promise: values and pure functions only. The same facts give the same {@link io.evenstock.stock.Equation}, in
 * whatever order they arrived; nothing here reads a clock, a database or a container. Quantities are whole units,
 * signed as they change the stock; sums are {@code long} and throw {@link ArithmeticException} rather than wrap.
 * Times are compared as they stand, to the nanosecond: whoever stores them more coarsely truncates them first.
 *
 * <p>R1 to R15 in the comments are the stock rules.
 */
@NullMarked
package io.evenstock.stock;

import org.jspecify.annotations.NullMarked;
