/**
 * A store sale becomes a movement at once. Promises: an answer of 2xx is given after the commit only; every call is answered
 * within its time, and where it is not known whether it was recorded, the answer says so: the same id may be sent again.
 */
@NullMarked
package io.evenstock.pos;

import org.jspecify.annotations.NullMarked;
