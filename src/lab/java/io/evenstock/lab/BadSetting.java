package io.evenstock.lab;

/** The person at the keyboard must change something; the message says what, in one line. */
final class BadSetting extends RuntimeException {

    private static final long serialVersionUID = 1L;

    BadSetting(String message) {
        super(message);
    }
}
