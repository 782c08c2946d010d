package io.evenstock.observation;

import io.evenstock.settings.Settings;

/** The product's phrases without a container. */
public final class PlainPhrases {
    private PlainPhrases() {}

    @SuppressWarnings("UnnecessaryAssignment") // no container is here to inject
    public static Phrases of(Settings settings) {
        Phrases phrases = new Phrases();
        phrases.settings = settings;
        return phrases;
    }
}
