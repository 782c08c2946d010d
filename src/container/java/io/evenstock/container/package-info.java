/**
 * What the in-container tests have around them. Promise: they deploy the built WAR, with nothing but the test added, and
 * run against a real PostgreSQL.
 */
@NullMarked
package io.evenstock.container;

import org.jspecify.annotations.NullMarked;
