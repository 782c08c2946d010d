/**
 * What every HTTP call has in common: JSON read strictly and within bounds, refusals as problem details (RFC 9457) that
 * name the offending field by JSON pointer, health.
 */
@NullMarked
package io.evenstock.http;

import org.jspecify.annotations.NullMarked;
