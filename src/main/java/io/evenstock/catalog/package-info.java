/**
 * Products with their identifications, facilities, and which products are sold online. Promises: values are text
 * (leading zeros count); a value that names two products is ambiguous, never a guess; what waited in quarantine for a
 * product or facility takes effect in the same transaction that makes it known.
 */
@NullMarked
package io.evenstock.catalog;

import org.jspecify.annotations.NullMarked;
