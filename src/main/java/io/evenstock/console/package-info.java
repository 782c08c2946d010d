/**
 * What operators see and do, at {@code /console}: tonight, the runs, a product and why its figure is what it is. Beans only
 * put into words what the classes below know, the same that answer over HTTP; whoever acts is checked on the server, each
 * time, against the role the user has now. Nothing below knows this package.
 */
@NullMarked
package io.evenstock.console;

import org.jspecify.annotations.NullMarked;
