/**
 * Sales, returns and adjustments: append-only facts. Promises: every event counts once for ever (R8); no sale is refused
 * for lack of stock (R9); one of an unknown product or facility is kept until that is known (R11).
 */
@NullMarked
package io.evenstock.movement;

import org.jspecify.annotations.NullMarked;
