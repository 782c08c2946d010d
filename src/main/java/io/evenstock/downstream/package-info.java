/**
 * Tells the eCommerce platforms what is available to promise. Promises: whoever keeps its cursor sees every pair's final
 * state, whatever commits late; of a pair, versions only grow, and the newest says what is; a sale overtakes a bulk; a
 * consumer that is gone or slow holds up neither another nor a sale; nothing grows for ever.
 */
@NullMarked
package io.evenstock.downstream;

import org.jspecify.annotations.NullMarked;
