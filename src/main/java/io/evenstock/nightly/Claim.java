package io.evenstock.nightly;

import java.time.LocalDate;

/** A node's right to carry out a step; worth something only while the step's fencing token is this one. */
public record Claim(LocalDate businessDate, StepName step, long fence) {}
