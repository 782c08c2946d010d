/**
 * What the application tells of itself while it runs: metrics, request ids, lines for the log. Promises: no key, body or
 * other secret is told; what comes from outside cannot forge a line; labels have few values.
 */
@NullMarked
package io.evenstock.observation;

import org.jspecify.annotations.NullMarked;
