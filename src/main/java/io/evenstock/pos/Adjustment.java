package io.evenstock.pos;

import io.evenstock.movement.Movement;

/**
 * A movement on its way into the facts.
 *
 * @param withFigure whether its pair's figure is told
 */
record Adjustment(Movement movement, boolean withFigure) {}
