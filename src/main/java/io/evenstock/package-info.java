/** Keeps the stock figures of an order management system even with a point of sale. */
@NullMarked
package io.evenstock;

import org.jspecify.annotations.NullMarked;
