/**
 * Who may call, and what: API keys, kept as SHA-256 only; the console's users with their roles, by password (kept as a hash
 * that is slow to make) or by OpenID Connect; and how often. Promises: nothing without a key or a session; no key
 * and no password is stored or logged; a role is looked up at each deed, so that taking it away works at once.
 */
@NullMarked
package io.evenstock.access;

import org.jspecify.annotations.NullMarked;
