package io.evenstock.pos;

import io.evenstock.inventory.Figure;
import io.evenstock.movement.Outcome;
import java.util.Optional;

/**
 * What became of an adjustment.
 *
 * @param figure its pair's figure after it, where asked for and known
 * @param unrepeatable it came without an id of its own
 */
public record Adjusted(Outcome outcome, Optional<Figure> figure, boolean unrepeatable) {}
