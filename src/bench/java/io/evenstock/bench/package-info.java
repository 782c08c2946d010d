/**
 * Benchmarks ({@code mvn -Pbench verify}; {@code -Dbench=Filter} runs {@code FilterBench} alone). Each is a JUnit class
 * {@code …Bench} that measures us and an anchor interleaved in one run, prints minimum, median and maximum of each and
 * their ratio, and fails only if a result is wrong, never because it is slow: the figures are in docs/performance.md.
 */
@NullMarked
package io.evenstock.bench;

import org.jspecify.annotations.NullMarked;
