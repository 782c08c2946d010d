/**
 * The laboratory: real servers on loopback for the run command and the black-box tests. Its promise: whatever is
 * started here ends with the process that started it, however that process ends, and leaves no file behind; the same
 * seed always makes the same data; no secret ever stands on a command line.
 */
@NullMarked
package io.evenstock.lab;

import org.jspecify.annotations.NullMarked;
