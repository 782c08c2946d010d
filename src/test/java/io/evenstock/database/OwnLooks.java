package io.evenstock.database;

/** The looks of whoever is no server: with threads that keep nobody from ending. */
public final class OwnLooks {
    private OwnLooks() {}

    public static Looks make() {
        return Looks.by(look -> {
            Thread thread = new Thread(look, "look");
            thread.setDaemon(true);
            return thread;
        });
    }
}
