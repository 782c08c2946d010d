/**
 * The self-audit: each pair's figure is added up once more, straight from its facts, and held against the figure that is
 * told and the one that was published last. Promise: it never writes a figure, it takes small steps, and it says how old
 * its word is.
 */
@NullMarked
package io.evenstock.selfaudit;

import org.jspecify.annotations.NullMarked;
