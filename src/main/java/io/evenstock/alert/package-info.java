/**
 * What needs a person, and telling them: one list for the console, the API and the messages. Promises: silence is told like a
 * failure; each thing is told once when it begins and once when it is over, whatever node looks or is killed; what cannot be
 * sent is tried again and stays visible.
 */
@NullMarked
package io.evenstock.alert;

import org.jspecify.annotations.NullMarked;
