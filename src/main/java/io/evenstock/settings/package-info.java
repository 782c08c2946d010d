/**
 * All configuration: one validated record. Start-up fails on the first faulty deployment and lists every fault, each with
 * the name of its setting; a secret is never printed.
 */
@NullMarked
package io.evenstock.settings;

import org.jspecify.annotations.NullMarked;
