/**
 * Who may call: API keys, kept as SHA-256 only. Promises: no call without a key, and a key is never stored or logged.
 */
@NullMarked
package io.evenstock.access;

import org.jspecify.annotations.NullMarked;
