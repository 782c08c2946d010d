package io.evenstock.pos;

import io.evenstock.inventory.Figure;
import io.evenstock.movement.Outcome;
import org.jspecify.annotations.Nullable;

/**
 * What became of an adjustment.
 *
 * @param figure its pair's figure after the batch it was recorded in, where asked for and known
 */
record Adjusted(Outcome outcome, @Nullable Figure figure) {}
