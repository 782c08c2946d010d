/**
 * What an operator sees and decides of runs: every run, why it is held, what it would do, approval, reversal. Promise: a
 * decision and its consequences are one transaction.
 */
@NullMarked
package io.evenstock.review;

import org.jspecify.annotations.NullMarked;
