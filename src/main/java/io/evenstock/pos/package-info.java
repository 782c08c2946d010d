/**
 * A store sale becomes a movement at once. Promise: an answer of 2xx is given after the commit only.
 */
@NullMarked
package io.evenstock.pos;

import org.jspecify.annotations.NullMarked;
