/**
 * Shipments and Retail Pro's acknowledgements of them. Promises: every message is kept, a repeat changes nothing, the
 * highest revision counts (R8, R15); an acknowledgement may come before its shipment (R7).
 */
@NullMarked
package io.evenstock.fulfilment;

import org.jspecify.annotations.NullMarked;
