package io.evenstock.alert;

import java.io.IOException;

/** A way to reach somebody. */
interface Channel {
    /** As the database has it. */
    String name();

    /** Whether the settings say how. */
    boolean configured();

    /** Sends one message. @throws IOException if it was not taken, with a reason that holds no secret */
    void send(Call call) throws IOException;
}
