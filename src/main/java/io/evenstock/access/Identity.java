package io.evenstock.access;

import org.jspecify.annotations.Nullable;

/**
 * Whom the identity provider has told.
 *
 * @param subject its issuer and its id for the person, for ever the same
 * @param name as people know it
 * @param role what the person's groups make of it; null: nothing
 */
public record Identity(
        String subject, String name, @Nullable UserRole role) {}
